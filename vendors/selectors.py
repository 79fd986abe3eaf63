from typing import Any

from django.db.models import Prefetch, QuerySet

from accounts import services as accounts
from accounts.models import OneTimeLink, User
from aqad.lib import codes, uae
from aqad.lib.errors import Forbidden, NotFound
from vendors.models import Vendor, VendorDocument


def vendor_of(user: Any) -> Vendor:
    """The company this person works for. Raises Forbidden if there is none."""
    vendor = Vendor.objects.filter(members__user=user).first()
    if vendor is None:
        raise Forbidden()
    return vendor


def get_vendor(code: str, *, user: Any) -> Vendor:
    """The vendor with this code if `user` may see it. Raises NotFound."""
    vendor = Vendor.objects.visible_to(user).filter(pk=codes.parse(code, "V") or 0).first()
    if vendor is None:
        raise NotFound()
    return vendor


def get_public_vendor(code: str) -> Vendor:
    """The active vendor with this code. Raises NotFound."""
    vendor = Vendor.objects.active().filter(pk=codes.parse(code, "V") or 0).first()
    if vendor is None:
        raise NotFound()
    return vendor


def by_application_link(token: str) -> Vendor:
    """Whose application a mailed link shows. Raises NotFound for an unknown, replaced or expired one."""
    user = accounts.peek_link(token, OneTimeLink.Purpose.VENDOR_APPLICATION)
    vendor = Vendor.objects.filter(members__user=user).first() if user else None
    if vendor is None:
        raise NotFound()
    return vendor


def owner_of(vendor: Vendor) -> User:
    """The member who registered the company."""
    return User.objects.filter(vendor_memberships__vendor=vendor).order_by("vendor_memberships__id")[0]


def current_documents(vendor: Vendor) -> list[VendorDocument]:
    """What counts or waits, newest last: a renewal stands beside the document it will replace."""
    return [each for each in vendor.documents.all() if each.status != VendorDocument.Status.REPLACED]


def with_documents(vendors: QuerySet[Vendor]) -> QuerySet[Vendor]:
    current = VendorDocument.objects.exclude(status=VendorDocument.Status.REPLACED).order_by("id")
    return vendors.prefetch_related(Prefetch("documents", queryset=current))


def warnings_about(vendor: Vendor) -> list[str]:
    """What an admin should look at twice; nothing here refuses anything."""
    return [] if uae.trn_luhn_ok(vendor.trn) else ["trn_check_digit"]
