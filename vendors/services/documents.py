"""A vendor's documents: each upload is a row, and one decision is made on it."""

from django.db import transaction
from django.utils import timezone

from accounts import rights
from accounts.models import User
from aqad.lib.errors import InvalidTransition, NotFound
from aqad.lib.files.clean_file import CleanFile
from aqad.lib.files.storage import store_private, stored_files
from audit import services as audit
from vendors.models import Vendor, VendorDocument

Status = VendorDocument.Status


def renew_document(vendor: Vendor, kind: str, file: CleanFile, *, by: User) -> VendorDocument:
    """Take a newer document; an accepted one counts until this one is accepted. Locks the vendor."""
    with stored_files():
        key = store_private(file, "vendors")
        with transaction.atomic():
            Vendor.objects.select_for_update().get(pk=vendor.pk)
            document = add_document(vendor, kind, file, key)
            audit.record(by, "uploaded", document)
    return document


def add_document(vendor: Vendor, kind: str, file: CleanFile, key: str) -> VendorDocument:
    """Write the row of a stored file, in place of one that waits or was rejected. The vendor is locked."""
    vendor.documents.filter(kind=kind, status__in=(Status.PENDING, Status.REJECTED)).update(
        status=Status.REPLACED
    )
    return VendorDocument.objects.create(
        vendor=vendor, kind=kind, file=key, sha256=file.sha256, content_type=file.content_type
    )


@transaction.atomic
def accept_document(
    vendor: Vendor, kind: str, *, by: User | None, seen: VendorDocument | None = None
) -> VendorDocument:
    """Accept the newest document of this kind; the one that counted so far is replaced. Locks the vendor.

    `seen` is the one looked at: InvalidTransition if there is a newer one, or it is accepted already. Raises
    Forbidden, NotFound.
    """
    rights.require(by, "vendors.change_vendordocument")
    document = _newest(vendor, kind, seen)
    if document.status != Status.ACCEPTED:
        vendor.documents.filter(kind=kind, status=Status.ACCEPTED).update(status=Status.REPLACED)
    audit.transition(
        document, Status.ACCEPTED, by=by, verb="accepted", note="", decided_by=by, decided_at=timezone.now()
    )
    return document


@transaction.atomic
def reject_document(
    vendor: Vendor, kind: str, *, note: str, by: User | None, seen: VendorDocument | None = None
) -> VendorDocument:
    """Reject the newest document of this kind; `note` tells the vendor what to mend. Locks the vendor.

    `seen` is the one looked at: InvalidTransition if there is a newer one, or it is rejected already. Raises
    Forbidden, NotFound.
    """
    rights.require(by, "vendors.change_vendordocument")
    document = _newest(vendor, kind, seen)
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
    return document


def _newest(vendor: Vendor, kind: str, seen: VendorDocument | None) -> VendorDocument:
    Vendor.objects.select_for_update().get(pk=vendor.pk)
    document = vendor.documents.filter(kind=kind).exclude(status=Status.REPLACED).order_by("-id").first()
    if document is None:
        raise NotFound()
    if seen is not None and seen.pk != document.pk:
        raise InvalidTransition()
    return document
