"""Papers run out: reminders before, selling paused the day after, resumed when the renewal is accepted."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from accounts.models import User
from aqad.lib.business_day import TODAY
from audit import services as audit
from notifications import services as notifications
from notifications.services import Message
from vendors.models import Vendor, VendorDocument
from vendors.services.messages import DOCUMENTS, about_vendor, selling_message

REMINDER_DAYS = (60, 30, 7)
BATCH = 100
RAN_OUT = gettext_noop("A required document has run out.")
NOT_ACCEPTED = gettext_noop("A required document is not accepted any more.")


def settle_selling(vendor: Vendor, *, by: User | None) -> None:
    """Pause or resume an active vendor as its papers say; locked.

    Safe to repeat. A suspended vendor is settled when it is reinstated.
    """
    if vendor.status != Vendor.Status.ACTIVE:
        return
    in_order = Vendor.objects.filter(pk=vendor.pk).with_papers_in_order().exists()
    if in_order and vendor.selling_paused_at is not None:
        _resume(vendor, by=by)
    elif not in_order and vendor.selling_paused_at is None:
        _pause(vendor, by=by)


def pause_lapsed_vendors() -> int:
    """Pause active vendors with a required document that ran out; returns how many. Safe to run twice."""
    paused = 0
    while batch := _pause_batch():
        paused += batch
    return paused


def remind_of_expiry() -> int:
    """Tell vendors of what runs out in 60, 30 and 7 days, each once; returns how many. Safe to run twice.

    Of several reminders that are due at once, the latest is sent. Where a renewal waits to be looked at,
    nothing is said.
    """
    reminded = 0
    for days in sorted(REMINDER_DAYS):
        while batch := _remind_batch(days):
            reminded += batch
    return reminded


@transaction.atomic
def _pause_batch() -> int:
    lapsed = Vendor.objects.selling().with_papers_in_order(right=False)
    vendors = list(lapsed.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:BATCH])
    for vendor in vendors:
        settle_selling(vendor, by=None)
    return len(vendors)


@transaction.atomic
def _remind_batch(days: int) -> int:
    waiting = VendorDocument.objects.filter(
        vendor=OuterRef("vendor"), kind=OuterRef("kind"), status=VendorDocument.Status.PENDING
    )
    due = VendorDocument.objects.in_force().filter(
        ~Exists(waiting),
        Q(reminded_days=None) | Q(reminded_days__gt=days),
        vendor__status=Vendor.Status.ACTIVE,
        expiry_date__lte=TODAY + timedelta(days=days),
    )
    locked = due.select_for_update(of=("self",), skip_locked=True).select_related("vendor")
    documents = list(locked.order_by("pk")[:BATCH])
    VendorDocument.objects.filter(pk__in=[each.pk for each in documents]).update(reminded_days=days)
    notifications.notify_many(list(_reminders(documents)))
    return len(documents)


def _reminders(documents: list[Any]) -> Iterator[Message]:
    for document in documents:
        day = document.expiry_date.isoformat()
        papers = [{"kind": document.kind, "note": day}]
        yield about_vendor("document_runs_out", document.vendor, day=day, documents=papers, link=DOCUMENTS)


def _pause(vendor: Vendor, *, by: User | None) -> None:
    _set_paused(vendor, Now())
    audit.record(by, "paused", vendor, reason=_why_paused(vendor))
    notifications.notify_many([selling_message("vendor_paused", vendor)])


def _resume(vendor: Vendor, *, by: User | None) -> None:
    _set_paused(vendor, None)
    audit.record(by, "resumed", vendor)
    notifications.notify_many([selling_message("vendor_resumed", vendor)])


def _set_paused(vendor: Vendor, at: Any) -> None:
    Vendor.objects.filter(pk=vendor.pk).update(selling_paused_at=at)
    vendor.refresh_from_db(fields=["selling_paused_at"])


def _why_paused(vendor: Vendor) -> str:
    accepted = vendor.documents.filter(status=VendorDocument.Status.ACCEPTED).values_list("kind", flat=True)
    has_all = set(VendorDocument.REQUIRED) <= set(accepted)
    return RAN_OUT if has_all else NOT_ACCEPTED
