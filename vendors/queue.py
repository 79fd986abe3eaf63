"""Who waits for a reviewer, and since when: new applications, mended ones, and renewed papers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from audit.models import Entry
from vendors import selectors
from vendors.models import Vendor, VendorDocument

Status = VendorDocument.Status


@dataclass(frozen=True)
class Missing:
    """A required document that is not accepted: `state` is `never` where none was sent."""

    kind: str
    state: str


def waiting() -> QuerySet[Any]:
    """Longest first, with `since` and `matter`: application, resubmission or renewal."""
    pending = VendorDocument.objects.filter(vendor=OuterRef("pk"), status=Status.PENDING)
    sent_again = Entry.objects.filter(
        object_code=Concat(Value(Vendor.CODE_PREFIX), Cast(OuterRef("pk"), CharField())), verb="resubmitted"
    ).order_by("-id")
    applies = Q(status=Vendor.Status.PENDING_APPROVAL)
    trades = Q(status__in=(Vendor.Status.ACTIVE, Vendor.Status.SUSPENDED))
    oldest = pending.order_by().values("vendor").annotate(at=Min("uploaded_at")).values("at")
    resubmitted_at = Subquery(sent_again.values("at")[:1], output_field=DateTimeField())
    return (
        Vendor.objects.filter(applies | (trades & Exists(pending)))
        .annotate(resubmitted_at=resubmitted_at)
        .annotate(
            since=Case(When(applies, Coalesce("resubmitted_at", F("created_at"))), default=Subquery(oldest)),
            matter=Case(
                When(applies & Q(resubmitted_at=None), then=Value("application")),
                When(applies, then=Value("resubmission")),
                default=Value("renewal"),
            ),
        )
        .order_by("since", "pk")
    )


def with_what_is_missing(vendors: QuerySet[Any]) -> list[tuple[Any, list[Missing]]]:
    return [(vendor, missing_of(vendor)) for vendor in selectors.with_documents(vendors)]


def missing_of(vendor: Vendor) -> list[Missing]:
    states: dict[str, list[str]] = {kind: [] for kind in VendorDocument.REQUIRED}
    for each in selectors.current_documents(vendor):
        states.setdefault(each.kind, []).append(each.status)
    return [
        Missing(kind, found[-1] if found else "never")
        for kind, found in states.items()
        if Status.ACCEPTED not in found or Status.PENDING in found
    ]


def neighbours(vendor: Vendor) -> tuple[Vendor | None, Vendor | None]:
    """Who waits just longer and just shorter; for one that does not wait, the first of the queue."""
    order = list(waiting())
    keys = [each.pk for each in order]
    if vendor.pk not in keys:
        return None, order[0] if order else None
    at = keys.index(vendor.pk)
    return order[at - 1] if at else None, order[at + 1] if at + 1 < len(order) else None


def running_out(*, before: Any) -> QuerySet[VendorDocument]:
    """Accepted documents of vendors that trade whose last day is before this, soonest first."""
    trades = (Vendor.Status.ACTIVE, Vendor.Status.SUSPENDED)
    found = VendorDocument.objects.filter(
        status=Status.ACCEPTED, vendor__status__in=trades, expiry_date__lte=before
    )
    renewal = VendorDocument.objects.filter(
        vendor=OuterRef("vendor"), kind=OuterRef("kind"), status=Status.PENDING
    )
    return (
        found.annotate(renewal_waits=Exists(renewal)).select_related("vendor").order_by("expiry_date", "pk")
    )


def since_of(vendor: Vendor) -> datetime | None:
    """Since when this vendor waits, None where it does not."""
    return waiting().filter(pk=vendor.pk).values_list("since", flat=True).first()
