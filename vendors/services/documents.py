"""A vendor's documents: each upload is a row, and one decision is made on it."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import rights
from accounts.models import User
from aqad.lib.business_day import today
from aqad.lib.errors import Invalid, NotFound
from aqad.lib.files.clean_file import CleanFile
from aqad.lib.files.storage import store_private, stored_files
from audit import services as audit
from vendors.errors import DocumentRunOut
from vendors.history import check_version
from vendors.models import Vendor, VendorDocument
from vendors.services.validity import settle_selling

Status = VendorDocument.Status
RIGHT = "vendors.change_vendordocument"


def renew_document(
    vendor: Vendor, kind: str, file: CleanFile, *, by: User, expiry_date: date | None = None
) -> VendorDocument:
    """Take a newer document; an accepted one counts until this one is accepted. Locks the vendor.

    Raises Invalid under `expiry_date` if it has run out already.
    """
    if expiry_date is not None and expiry_date < today():
        raise Invalid(errors={"expiry_date": [_("This day is over. Send a document that is still valid.")]})
    with stored_files():
        key = store_private(file, "vendors")
        with transaction.atomic():
            _locked(vendor)
            document = add_document(vendor, kind, file, key, expiry_date=expiry_date)
            audit.record(by, "uploaded", document)
    return document


def add_document(
    vendor: Vendor, kind: str, file: CleanFile, key: str, *, expiry_date: date | None = None
) -> VendorDocument:
    """Write the row of a stored file, in place of one that waits or was rejected. The vendor is locked."""
    vendor.documents.filter(kind=kind, status__in=(Status.PENDING, Status.REJECTED)).update(
        status=Status.REPLACED
    )
    return VendorDocument.objects.create(
        vendor=vendor,
        kind=kind,
        file=key,
        sha256=file.sha256,
        content_type=file.content_type,
        expiry_date=expiry_date,
    )


@transaction.atomic
def accept_document(
    vendor: Vendor,
    kind: str,
    *,
    by: User | None,
    seen: int | None = None,
    expiry_date: date | None = None,
) -> VendorDocument:
    """Accept the newest document of this kind; the one that counted so far is replaced. Locks the vendor.

    `expiry_date` is what the reviewer reads on it, None what the vendor said. A vendor whose selling was
    paused for want of it sells again. `seen` is the version looked at (`vendors.history`): ChangedMeanwhile
    if anything happened since. Raises Forbidden, NotFound, DocumentRunOut, InvalidTransition.
    """
    rights.require(by, RIGHT)
    vendor = _locked(vendor)
    check_version(vendor, seen)
    document = _newest(vendor, kind)
    ends = expiry_date or document.expiry_date
    if ends is not None and ends < today():
        raise DocumentRunOut()
    if document.status != Status.ACCEPTED:
        vendor.documents.filter(kind=kind, status=Status.ACCEPTED).update(status=Status.REPLACED)
    audit.transition(
        document,
        Status.ACCEPTED,
        by=by,
        verb="accepted",
        note="",
        decided_by=by,
        decided_at=timezone.now(),
        expiry_date=ends,
        reminded_days=None if ends != document.expiry_date else document.reminded_days,
    )
    if kind == VendorDocument.Kind.TRADE_LICENSE and ends is not None:
        Vendor.objects.filter(pk=vendor.pk).update(trade_license_expiry_date=ends)
    settle_selling(vendor, by=by)
    return document


@transaction.atomic
def reject_document(
    vendor: Vendor, kind: str, *, note: str, by: User | None, seen: int | None = None
) -> VendorDocument:
    """Reject the newest document of this kind; `note` tells the vendor what to mend. Locks the vendor.

    A vendor that is left without a valid one stops selling. `seen` as in accept_document. Raises Forbidden,
    NotFound, InvalidTransition.
    """
    rights.require(by, RIGHT)
    vendor = _locked(vendor)
    check_version(vendor, seen)
    document = _newest(vendor, kind)
    audit.transition(
        document,
        Status.REJECTED,
        by=by,
        verb="rejected",
        reason=note,
        note=note,
        decided_by=by,
        decided_at=timezone.now(),
    )
    settle_selling(vendor, by=by)
    return document


def _locked(vendor: Vendor) -> Vendor:
    return Vendor.objects.select_for_update().get(pk=vendor.pk)


def _newest(vendor: Vendor, kind: str) -> VendorDocument:
    document = vendor.documents.filter(kind=kind).exclude(status=Status.REPLACED).order_by("-id").first()
    if document is None:
        raise NotFound()
    return document
