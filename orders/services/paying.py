"""What a payment does to the orders of a checkout."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from audit import services as audit
from catalog.errors import OutOfStock
from notifications import services as notifications
from orders.errors import NoLongerSold
from orders.messages import order_message
from orders.models import Checkout, Order, OrderLine
from orders.services.answering import reject_as_system
from orders.services.goods import check_still_sold
from orders.services.holds import database_now, hold_again
from orders.services.placing import answer_due
from vendors.models import Vendor


@transaction.atomic(savepoint=False)
def confirm_payment(checkout: Checkout, goods: Sequence[OrderLine]) -> str:
    """The money is there: the orders go to their vendors. Returns why it must be given back instead, or "".

    It must when the checkout is cancelled or paid already, and when it had failed and not all of its
    lines are still sold and can be held again. Where the hold is alive its goods were promised: only an order
    whose vendor was suspended meanwhile is rejected, which refunds it.
    The checkout comes locked from `lock_checkout`, and before it `goods` from `lock_goods`.
    """
    orders = list(checkout.orders.all())
    if checkout.status == Checkout.Status.FAILED:
        return _revive(checkout, orders, goods)
    if checkout.status == Checkout.Status.CANCELLED:
        return gettext_noop("The order was cancelled before the money came.")
    if checkout.status == Checkout.Status.PLACED:
        return gettext_noop("The order was paid already.")
    _place(checkout, orders)
    for order in orders:
        if order.vendor.status != Vendor.Status.ACTIVE:
            reject_as_system(order, reason=gettext_noop("The vendor was suspended."))
    return ""


def _revive(checkout: Checkout, orders: Sequence[Order], goods: Sequence[OrderLine]) -> str:
    try:
        check_still_sold(goods)
        with transaction.atomic():
            hold_again(orders, by=None)
    except NoLongerSold:
        return gettext_noop("Goods of this order are no longer sold.")
    except OutOfStock:
        return gettext_noop("Its goods went to others before the money came.")
    _place(checkout, orders)
    return ""


def give_back_late_money(checkout: Checkout, *, attempt: str, reason: str) -> None:
    """Tell buyer and vendors of a failed checkout why its late payment goes back. `attempt` is its code."""
    if checkout.status != Checkout.Status.FAILED:
        return
    notifications.notify_many(
        [
            message
            for order in checkout.orders.all()
            for message in (
                order_message("late_payment", order, to=order.buyer["id"], attempt=attempt, reason=reason),
                order_message(
                    "late_payment_vendor", order, to=order.seller["id"], attempt=attempt, reason=reason
                ),
            )
        ]
    )


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
