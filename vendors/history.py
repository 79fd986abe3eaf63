"""What happened to a vendor and its documents, from the audit log; the newest line is the version."""

from django.db.models import QuerySet

from audit.models import Entry
from vendors.errors import ChangedMeanwhile
from vendors.models import Vendor, VendorDocument


def entries_about(vendor: Vendor) -> QuerySet[Entry]:
    """Newest first."""
    documents = (f"{vendor.code}/{kind}" for kind in VendorDocument.Kind.values)
    return Entry.objects.filter(object_code__in=[vendor.code, *documents]).order_by("-id")


def version_of(vendor: Vendor) -> int:
    """Grows with everything that is decided or changed: all of it is written under the vendor's lock."""
    newest = entries_about(vendor).values_list("id", flat=True).first()
    return newest or 0


def check_version(vendor: Vendor, seen: int | None) -> None:
    """Raise ChangedMeanwhile if anything happened since `seen`, None being any. The vendor is locked."""
    if seen is not None and seen != version_of(vendor):
        raise ChangedMeanwhile()
