"""What a payment does to the orders of a checkout."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from audit import services as audit
from catalog.errors import OutOfStock
from notifications import services as notifications
from orders.messages import order_message
from orders.models import Checkout, Order
from orders.services.answering import reject_as_system
from orders.services.holds import database_now, hold_again
from orders.services.placing import answer_due
from vendors.models import Vendor


@transaction.atomic(savepoint=False)
def confirm_payment(checkout: Checkout) -> bool:
    """The money is there: the orders go to their vendors. Returns False where it must be given back instead.

    It must when the checkout is cancelled or paid already, and when it had failed and not all of its
    lines can be held again. An order whose vendor was suspended meanwhile is rejected, which refunds it.
    The checkout comes locked from `lock_checkout`.
    """
    orders = list(checkout.orders.all())
    if checkout.status == Checkout.Status.FAILED:
        return _revive(checkout, orders)
    if checkout.status != Checkout.Status.PENDING_PAYMENT:
        return False
    _place(checkout, orders)
    for order in orders:
        if order.vendor.status != Vendor.Status.ACTIVE:
            reject_as_system(order, reason=gettext_noop("The vendor was suspended."))
    return True


def _revive(checkout: Checkout, orders: Sequence[Order]) -> bool:
    if not all(order.vendor.is_selling for order in orders):
        return False
    try:
        with transaction.atomic():
            hold_again(orders, by=None)
    except OutOfStock:
        return False
    _place(checkout, orders)
    return True


def _place(checkout: Checkout, orders: Sequence[Order]) -> None:
    now: Any = database_now()
    audit.transition(checkout, Checkout.Status.PLACED, by=None, verb="placed", reserved_until=None)
    audit.transition(
        orders,
        Order.Status.PENDING,
        by=None,
        verb="paid",
        placed_at=now,
        answer_due_at=answer_due(now),
    )
    notifications.notify_many(
        [
            message
            for order in orders
            for message in (
                order_message("payment_received", order, to=order.buyer["id"]),
                order_message("order_received", order, to=order.seller["id"]),
            )
        ]
    )
