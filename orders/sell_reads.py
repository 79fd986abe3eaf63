"""Orders as their vendor's pages show them: the board of open ones, and one order's way."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import QuerySet

from aqad.lib import codes
from aqad.lib.errors import NotFound
from audit import selectors as audit
from orders import sales, selectors
from orders.models import Order

Status = Order.Status
OPEN = (Status.PENDING, Status.PROCESSING, Status.READY, Status.SHIPPED)
ENDED = (Status.REJECTED, Status.CANCELLED, Status.RETURNED)
COLUMN = 30  # cards shown in a column; the rest is counted, and found in the list
WAY = (Status.PENDING, Status.PROCESSING, Status.READY, Status.SHIPPED, Status.COMPLETED)


@dataclass(frozen=True)
class Column:
    status: str
    number: int
    orders: list[Order]

    @property
    def hidden(self) -> int:
        return self.number - len(self.orders)


@dataclass(frozen=True)
class WayStep:
    """A bead of the timeline. `state` is done, now, next or broken."""

    status: str
    state: str
    at: datetime | None
    by: str


def board(user: Any) -> list[Column]:
    """The open orders by state; those that wait longest stand first."""
    seen = Order.objects.visible_to(user)
    counts = sales.counts_by_status(seen.filter(status__in=OPEN))
    columns = []
    for status in OPEN:
        orders = (
            selectors.loaded(seen.filter(status=status)).order_by("pk")[:COLUMN] if counts[status] else []
        )
        columns.append(Column(status, counts[status], list(orders)))
    return columns


def board_mark(user: Any) -> str:
    """Changes whenever the board does: an entity tag."""
    seen = Order.objects.visible_to(user).filter(status__in=OPEN).order_by("pk")
    rows = seen.values_list("pk", "status", "delivery__status", "delivery__driver")
    return sha256(repr(list(rows)).encode()).hexdigest()[:24]


def listed(user: Any, status: str, search: str) -> QuerySet[Order]:
    """The orders of a tab: `ended` is whatever did not come about; an unknown one is all."""
    orders = selectors.orders_of(user, search=search)
    if status == "ended":
        return orders.filter(status__in=ENDED)
    return orders.filter(status=status) if status in Status.values else orders


def find(user: Any, code: str) -> Order:
    """One order of the caller's company, with all its page shows. Raises NotFound."""
    orders = selectors.loaded(Order.objects.visible_to(user))
    orders = orders.select_related("delivery__partner", "delivery__driver__user")
    orders = orders.prefetch_related("lines__product__images", "lines__product__category")
    order = orders.filter(pk=codes.parse(code, Order.CODE_PREFIX) or 0).first()
    if order is None:
        raise NotFound()
    return order


def payment_of(order: Order) -> Any:
    """The newest payment, or None. Reached by reverse relation: payments is a layer above."""
    return max(order.checkout.payments.all(), key=lambda payment: payment.pk, default=None)


def way(order: Order, *, reader: Any) -> list[WayStep]:
    """What was reached and when, what comes next; where the way ended early, that is the last bead."""
    reached = {entry.to_status: entry for entry in audit.timeline(order.code)}
    steps = []
    for status in WAY:
        entry = reached.get(status)
        if entry is None and order.status not in WAY:
            continue
        steps.append(_step(order, status, entry, reader))
    if order.status not in WAY:
        steps.append(_step(order, order.status, reached.get(order.status), reader))
    return steps


def _step(order: Order, status: str, entry: Any, reader: Any) -> WayStep:
    if order.status == status:
        state = "done" if status == Status.COMPLETED else "now" if status in WAY else "broken"
    else:
        state = "done" if entry else "next"
    by = audit.name_actor(entry.actor_label, reader=reader) if entry else ""
    return WayStep(status, state, entry.at if entry else None, by)
