"""How long applications that came to nothing, and papers that were replaced, are kept (docs/retention.md)."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from accounts import services as accounts
from accounts.models import User
from aqad.lib.files.storage import delete_private, delete_public
from audit import services as audit
from vendors.models import Vendor, VendorDocument

BATCH = 100
FORGOTTEN_NAME = "Withdrawn application"
FORGOTTEN = {
    "company_name": FORGOTTEN_NAME,
    "email": "",  # by which a forgotten application is known
    "phone": "",
    "trade_license_number": "",
    "trade_license_authority": "",
    "trn": "",
    "tin": "",
    "address": "",
    "decision_reason": "",
}


def forget_applications() -> int:
    """Forget applications rejected KEEP_APPLICATIONS_DAYS ago and not mended since. Returns how many.

    Company, person and papers go; the code, its status and the audit log stay. The application is closed
    first, so that nobody can mend it while its files go; a killed run is carried on with by the next. Locks
    the vendor. Raises StorageUnavailable.
    """
    limit = Now() - timedelta(days=settings.KEEP_APPLICATIONS_DAYS)
    due = Vendor.objects.filter(status=Vendor.Status.REJECTED, decided_at__lt=limit).exclude(email="")
    closed = [pk for pk in due.order_by("pk").values_list("pk", flat=True)[:BATCH] if _close(pk)]
    _delete_files()
    return len(closed)


def forget_replaced_papers() -> int:
    """Delete papers that were replaced, KEEP_PAPERS_DAYS after they were uploaded. Returns how many."""
    limit = Now() - timedelta(days=settings.KEEP_PAPERS_DAYS)
    old = VendorDocument.objects.filter(status=VendorDocument.Status.REPLACED, uploaded_at__lt=limit)
    return _delete_papers(list(old.order_by("pk")[:BATCH]))


@transaction.atomic
def _close(pk: int) -> bool:
    """Whether it still was rejected, once nobody else could change it."""
    limit = Now() - timedelta(days=settings.KEEP_APPLICATIONS_DAYS)
    due = Vendor.objects.filter(pk=pk, status=Vendor.Status.REJECTED, decided_at__lt=limit).exclude(email="")
    vendor = due.select_for_update(skip_locked=True).first()
    if vendor is None:
        return False
    for person in User.objects.filter(vendor_memberships__vendor=vendor).order_by("pk"):
        accounts.forget_person(person)
    Vendor.objects.filter(pk=pk).update(**FORGOTTEN)
    audit.record(None, "forgot", vendor)
    return True


def _delete_files() -> None:
    """Of what has been closed, now or by a run that was killed: a file is deleted before its key."""
    closed = Vendor.objects.filter(status=Vendor.Status.REJECTED, email="")
    _delete_papers(list(VendorDocument.objects.filter(vendor__in=closed).order_by("pk")))
    for vendor in closed.exclude(logo=""):
        delete_public(vendor.logo)
        Vendor.objects.filter(pk=vendor.pk).update(logo="")


def _delete_papers(papers: list[VendorDocument]) -> int:
    for paper in papers:
        delete_private(paper.file)
        VendorDocument.objects.filter(pk=paper.pk).delete()
    return len(papers)
