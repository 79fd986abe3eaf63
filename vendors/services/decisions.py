"""What an admin decides about a vendor, with all that follows from it.

`seen` is the version that was looked at (`vendors.history.version_of`): every decision raises
ChangedMeanwhile, doing nothing, if anything happened to the vendor since.
"""

from django.db import transaction
from django.utils import timezone

from accounts import rights
from accounts import services as accounts
from accounts.models import OneTimeLink, User
from aqad.lib.errors import InvalidTransition
from audit import services as audit
from notifications import services as notifications
from vendors import events, selectors
from vendors.errors import DocumentsPending
from vendors.history import check_version
from vendors.models import Vendor, VendorDocument
from vendors.services.applications import with_new_link
from vendors.services.messages import decision_message
from vendors.services.validity import settle_selling

Status = Vendor.Status
RIGHT = "vendors.change_vendor"


@transaction.atomic
def approve_vendor(vendor: Vendor, *, by: User | None, seen: int | None = None) -> Vendor:
    """Let a vendor sell and sign in; the application's link ends. Locks the vendor.

    Raises Forbidden, DocumentsPending unless every required document is accepted and valid,
    InvalidTransition.
    """
    vendor = _locked(vendor, by, seen)
    valid = vendor.documents.in_force().values_list("kind", flat=True)
    if vendor.status == Status.PENDING_APPROVAL and set(VendorDocument.REQUIRED) - set(valid):
        raise DocumentsPending()
    if vendor.status == Status.SUSPENDED:  # a suspended one is reinstated, by name
        raise InvalidTransition()
    _move(vendor, Status.ACTIVE, by=by, verb="approved")
    accounts.end_links(selectors.owner_of(vendor), OneTimeLink.Purpose.VENDOR_APPLICATION)
    _tell("approve", vendor)
    return vendor


@transaction.atomic
def reject_vendor(vendor: Vendor, *, reason: str, by: User | None, seen: int | None = None) -> Vendor:
    """Turn an application down; one mail lists what to mend, with a new link. Locks the vendor.

    Raises Forbidden, InvalidTransition.
    """
    vendor = _locked(vendor, by, seen)
    _move(vendor, Status.REJECTED, by=by, verb="rejected", reason=reason)
    _tell("reject", vendor, reason)
    return vendor


@transaction.atomic
def suspend_vendor(vendor: Vendor, *, reason: str, by: User | None, seen: int | None = None) -> Vendor:
    """Stop an active vendor: tokens end, products hide, waiting orders are rejected by who hears the event.

    Locks the vendor. Sends vendor_suspended. Raises Forbidden, InvalidTransition.
    """
    vendor = _locked(vendor, by, seen)
    _move(vendor, Status.SUSPENDED, by=by, verb="suspended", reason=reason)
    _tell("suspend", vendor, reason)
    events.vendor_suspended.send(sender=Vendor, vendor=vendor, by=by, reason=reason)
    return vendor


@transaction.atomic
def reinstate_vendor(vendor: Vendor, *, by: User | None, seen: int | None = None) -> Vendor:
    """Let a suspended vendor sell and sign in again. Locks the vendor.

    Raises Forbidden, InvalidTransition.
    """
    vendor = _locked(vendor, by, seen)
    if vendor.status != Status.SUSPENDED:  # a waiting one is approved, after its documents
        raise InvalidTransition()
    _move(vendor, Status.ACTIVE, by=by, verb="reinstated")
    _tell("reinstate", vendor)
    settle_selling(vendor, by=by)
    return vendor


def _locked(vendor: Vendor, by: User | None, seen: int | None) -> Vendor:
    rights.require(by, RIGHT)
    vendor = Vendor.objects.select_for_update().get(pk=vendor.pk)
    check_version(vendor, seen)
    return vendor


def _move(vendor: Vendor, to: str, *, by: User | None, verb: str, reason: str = "") -> None:
    audit.transition(
        vendor, to, by=by, verb=verb, reason=reason, decision_reason=reason, decided_at=timezone.now()
    )
    accounts.set_access(vendor.code, to)


def _tell(step: str, vendor: Vendor, reason: str = "") -> None:
    message = decision_message(step, vendor, reason)
    if "link" in message.context:
        message = with_new_link(message, vendor)
    notifications.notify_many([message])
