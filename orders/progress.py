"""How far an order has come, as beads on a string, and what happens next, in one sentence."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aqad.lib.writing import when
from orders.models import Order, PaymentMethod

Status = Order.Status

_PATH: tuple[tuple[str, Any, str], ...] = (
    (Status.PROCESSING, gettext_lazy("Accepted"), "store"),
    (Status.READY, gettext_lazy("Packed"), "box"),
    (Status.SHIPPED, gettext_lazy("On the way"), "truck"),
    (Status.COMPLETED, gettext_lazy("Delivered"), "check"),
)
_PAID = (Status.PENDING, gettext_lazy("Paid"), "card")
_BROKEN: dict[str, Any] = {
    Status.FAILED: gettext_lazy("Payment failed"),
    Status.REJECTED: gettext_lazy("Rejected"),
    Status.CANCELLED: gettext_lazy("Cancelled"),
    Status.RETURNED: gettext_lazy("Returned"),
}
OVER = frozenset({Status.COMPLETED, *_BROKEN})


@dataclass(frozen=True)
class Bead:
    """`state` is done, now, todo or broken."""

    label: Any
    icon: str
    state: str
    at: datetime | None = None


def beads(order: Order, timeline: list[dict[str, Any]]) -> list[Bead]:
    """The steps of the order with the time of each that was reached; a broken end replaces what is left."""
    reached = {step["status"]: step["at"] for step in timeline}
    path = [_PAID, *_PATH] if order.payment_method == PaymentMethod.CARD else list(_PATH)
    reached[Status.PENDING] = order.placed_at
    placed = Bead(gettext_lazy("Placed"), "document", "done", order.created_at)
    done = [
        placed,
        *(Bead(label, icon, "done", reached[status]) for status, label, icon in path if reached.get(status)),
    ]
    if order.status in _BROKEN:
        return [*done, Bead(_BROKEN[order.status], "x", "broken", reached.get(order.status))]
    left = path[len(done) - 1 :]
    return [
        *done,
        *(Bead(label, icon, "todo" if number else "now") for number, (_s, label, icon) in enumerate(left)),
    ]


def costs_nothing(order: Order) -> bool:
    """Whether it was to be paid at the door, to which it did not come."""
    return order.payment_method == PaymentMethod.CASH_ON_DELIVERY and order.status in _BROKEN


def what_next(order: Order) -> str:
    """One sentence to the buyer about what happens next."""
    delivery = getattr(order, "delivery", None)
    key = f"shipped:{delivery.status}" if order.status == Status.SHIPPED and delivery else order.status
    words = (costs_nothing(order) and _NEXT_UNPAID.get(order.status)) or _NEXT.get(key) or _NEXT[order.status]
    waits_for_payment = order.status == Status.PENDING_PAYMENT
    until = order.checkout.reserved_until if waits_for_payment else order.answer_due_at
    return str(words) % {
        "vendor": order.seller["company_name"],
        "until": when(until) if until else _("soon"),
    }


_NEXT: dict[str, Any] = {
    Status.PENDING_PAYMENT: gettext_lazy(
        "Pay until %(until)s: so long the goods are reserved for you, and %(vendor)s hears of the order then."
    ),
    Status.PENDING: gettext_lazy("%(vendor)s answers by %(until)s. Until then you can still cancel."),
    Status.PROCESSING: gettext_lazy(
        "%(vendor)s is packing your goods. A driver is called when they are ready."
    ),
    Status.READY: gettext_lazy("Your goods are packed, and a driver picks them up at %(vendor)s next."),
    Status.SHIPPED: gettext_lazy("Your goods are with the driver."),
    "shipped:out_for_delivery": gettext_lazy("The driver is on the way to you. Have your PIN ready."),
    "shipped:failed": gettext_lazy(
        "The driver could not hand over your goods, and tries again or brings them back to %(vendor)s."
    ),
    Status.COMPLETED: gettext_lazy("Your goods are with you. Is something wrong with them? Tell us."),
    Status.FAILED: gettext_lazy("Pay again to bring the order back: the goods are not reserved any more."),
    Status.REJECTED: gettext_lazy(
        "%(vendor)s cannot deliver. What you paid goes back to you, and you can order elsewhere."
    ),
    Status.CANCELLED: gettext_lazy("Nothing is left to do. What you paid for it goes back to you."),
    Status.RETURNED: gettext_lazy("Your goods went back to %(vendor)s. What you paid goes back to you."),
}
_NEXT_UNPAID: dict[str, Any] = {
    Status.REJECTED: gettext_lazy("%(vendor)s cannot deliver, and you pay nothing. You can order elsewhere."),
    Status.CANCELLED: gettext_lazy("Nothing is left to do, and you pay nothing."),
    Status.RETURNED: gettext_lazy("Your goods went back to %(vendor)s, and you pay nothing."),
}
