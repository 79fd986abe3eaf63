"""What the operation looks at first: one figure each, how it went, and the list behind it.

Each card costs at most three statements: over what is open, over today and yesterday, and, once in a while,
over the days before, each by an index.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from delivery.models import Delivery, DeliveryEvent
from notifications.models import OutboxEvent
from operations.flows import Flow, beginning, daily, first_day, flow
from orders.models import Order
from orders.sales import SOLD
from payments.models import Payment, WebhookEvent
from vendors import queue
from vendors.models import Vendor


@dataclass(frozen=True)
class Card:
    """`unit` says how figures are written: count, aed or percent. `change` is against the period before.

    `more_is` is good, bad or neither. `waiting` is how many stand there now, the oldest since `oldest`.
    """

    name: str
    title: Promise | str
    flow_title: Promise | str
    figure: int | Decimal
    flow: Flow
    link: str
    unit: str = "count"
    more_is: str = "good"
    oldest: datetime | None = None
    share_before: Decimal | None = None

    @property
    def is_sum(self) -> bool:
        """Whether the figure is the sum of the plot: else the plot tells where it comes from."""
        return self.more_is == "good"

    @property
    def change(self) -> int | None:
        """In per cent, of shares in percentage points; None where there was nothing before."""
        if self.unit == "percent":
            return None if self.share_before is None else round(self.figure - self.share_before)
        before = self.flow.before
        return round((self.flow.total - before) / before * 100) if before else None

    @property
    def mood(self) -> str:
        if not self.change:
            return ""
        return "up" if (self.change > 0) == (self.more_is == "good") else "down"


def orders(days: int) -> Card:
    rows = daily(Order.objects.filter(placed_at__isnull=False), "placed_at", days, name="orders")
    made = flow(dict(rows), days)
    link = _list("orders_order", placed_at__gte=_since(days))
    return Card("orders", _("Orders"), _("Orders placed"), made.total, made, link)


def sales(days: int) -> Card:
    rows = daily(
        Order.objects.filter(status__in=SOLD), "placed_at", days, name="sales", amount=Sum("subtotal")
    )
    made = flow(dict(rows), days)
    link = _list("orders_order", placed_at__gte=_since(days), status__in=",".join(SOLD))
    return Card("sales", _("Sales without VAT"), _("Sales, AED without VAT"), made.total, made, link, "aed")


def sign_ups(days: int) -> Card:
    joined = User.objects.filter(role__in=(User.Role.VENDOR, User.Role.RETAILER))
    made = flow(dict(daily(joined, "created_at", days, name="sign-ups")), days)
    link = _list("accounts_user", created_at__gte=_since(days), role__in="vendor,retailer")
    return Card("sign-ups", _("Sign-ups"), _("Vendors and retailers who joined"), made.total, made, link)


def approvals(days: int) -> Card:
    waiting, oldest = _backlog(queue.waiting(), "since")
    made = flow(dict(daily(Vendor.objects.all(), "created_at", days, name="approvals")), days)
    link = reverse("admin:vendors_review_queue")
    title, flow_title = _("Approvals waiting"), _("Applications received")
    return Card("approvals", title, flow_title, waiting, made, link, more_is="neither", oldest=oldest)


def payments(days: int) -> Card:
    """The share of failed payments among those that a payment company decided."""
    decided = Payment.objects.exclude(gateway="").exclude(status__in=("pending", "cancelled", "expired"))
    failed = Count("pk", filter=Q(status=Payment.Status.FAILED))
    rows = daily(decided, "created_at", days, name="payments", failed=failed, number=Count("pk"))
    failures = flow({day: bad for day, bad, _all in rows}, days)
    everything = flow({day: number for day, _bad, number in rows}, days)
    share = Decimal(100 * failures.total) / everything.total if everything.total else Decimal(0)
    before = Decimal(100 * failures.before) / everything.before if everything.before else None
    link = _list("payments_payment", created_at__gte=_since(days), status__exact="failed")
    title, flow_title = _("Payments failing"), _("Payments failed")
    return Card("payments", title, flow_title, share, failures, link, "percent", "bad", share_before=before)


def deliveries(days: int) -> Card:
    """Late is what is open past the time promised; the plot adds what arrived after it."""
    late = Delivery.objects.filter(status__in=Delivery.OPEN, eta__lt=Now())
    number, oldest = _backlog(late, "eta")
    arrived = DeliveryEvent.objects.filter(
        delivery=OuterRef("pk"), status="delivered", at__gt=OuterRef("eta")
    )
    broken = Delivery.objects.filter(Q(status__in=Delivery.OPEN, eta__lt=Now()) | Exists(arrived))
    made = flow(dict(daily(broken, "eta", days, name="deliveries")), days)
    now = timezone.now().isoformat(timespec="seconds")
    link = _list("delivery_delivery", eta__lt=now, status__in=",".join(Delivery.OPEN))
    title, flow_title = _("Deliveries late"), _("Deliveries that missed their time")
    return Card("deliveries", title, flow_title, number, made, link, more_is="bad", oldest=oldest)


def outbox(days: int) -> Card:
    unsent = OutboxEvent.objects.filter(~Q(status="sent"))
    number, oldest = _backlog(unsent, "created_at")
    made = flow(dict(daily(unsent, "created_at", days, name="outbox")), days)
    link = _list("notifications_outboxevent", status__in="pending,dead")
    title, flow_title = _("Messages not sent"), _("Messages written and not sent yet")
    return Card("outbox", title, flow_title, number, made, link, more_is="bad", oldest=oldest)


def webhooks(days: int) -> Card:
    waiting = WebhookEvent.objects.filter(status__in=("pending", "dead"))
    number, oldest = _backlog(waiting, "received_at")
    made = flow(dict(daily(waiting, "received_at", days, name="webhooks")), days)
    link = _list("payments_webhookevent", status__in="pending,dead")
    title, flow_title = _("Webhooks not processed"), _("Webhooks received and not processed yet")
    return Card("webhooks", title, flow_title, number, made, link, more_is="bad", oldest=oldest)


# Who may open the list behind a card sees the card.
CARDS: dict[str, tuple[str, Callable[[int], Card]]] = {
    "orders": ("orders.view_order", orders),
    "sales": ("orders.view_order", sales),
    "sign-ups": ("accounts.view_user", sign_ups),
    "approvals": ("vendors.view_vendordocument", approvals),
    "payments": ("payments.view_payment", payments),
    "deliveries": ("delivery.view_delivery", deliveries),
    "outbox": ("notifications.view_outboxevent", outbox),
    "webhooks": ("payments.view_webhookevent", webhooks),
}


def _backlog(rows: QuerySet[Any], field: str) -> tuple[int, datetime | None]:
    found = rows.aggregate(number=Count("pk"), oldest=Min(field))
    return found["number"], found["oldest"]


def _since(days: int) -> str:
    return beginning(first_day(days)).isoformat()


def _list(name: str, **filters: str) -> str:
    return f"{reverse(f'admin:{name}_changelist')}?{urlencode(filters)}"
