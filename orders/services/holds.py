"""Holds on stock: how an unpaid one ends, and how it comes back with a further payment."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from aqad.lib import codes
from aqad.lib.errors import InvalidTransition
from audit import services as audit
from catalog.models import Product
from catalog.services import stock
from notifications import services as notifications
from orders import events
from orders.messages import order_message
from orders.models import Checkout, Order, OrderLine
from orders.services.caps import Wanted, check_caps, read_buyer
from orders.services.goods import check_still_sold
from orders.services.locking import lock_checkout
from orders.stock_lines import stock_lines
from vendors.models import Vendor

log = structlog.get_logger(__name__)

Reservation = OrderLine.Reservation


@transaction.atomic(savepoint=False)
def fail_checkout(
    checkout: Checkout, *, reason: str, attempt: str, ended: OrderLine.Reservation = Reservation.RELEASED
) -> None:
    """The payment failed: orders `failed`, stock released, both sides told once per `attempt` (payment code).

    The checkout comes locked from `lock_checkout`. Does nothing unless it is pending payment.
    """
    if checkout.status != Checkout.Status.PENDING_PAYMENT:
        return
    orders = [order for order in checkout.orders.all() if order.status == Order.Status.PENDING_PAYMENT]
    codes = " ".join(order.code for order in orders)
    log.error("payment failed", checkout=checkout.code, orders=codes, attempt=attempt, reason=reason)
    audit.transition(
        checkout, Checkout.Status.FAILED, by=None, verb="failed", reason=reason, reserved_until=None
    )
    audit.transition(orders, Order.Status.FAILED, by=None, verb="failed", reason=reason)
    notifications.notify_many(
        [
            message
            for order in orders
            for message in (
                order_message("payment_failed", order, to=order.buyer["id"], attempt=attempt, reason=reason),
                order_message("order_payment_failed", order, to=order.seller["id"], attempt=attempt),
            )
        ]
    )
    end_reservations(orders, ended, by=None)


def end_reservations(orders: Sequence[Order], ended: OrderLine.Reservation, *, by: Any) -> None:
    """Give back the stock these orders hold: each reservation leaves `active` once, then moves stock."""
    move_reservations(orders, Reservation.ACTIVE, ended)
    stock.release_stock(stock_lines(orders), by=by)


def move_reservations(
    orders: Sequence[Order], was: OrderLine.Reservation, becomes: OrderLine.Reservation
) -> None:
    """Conditional UPDATE of the lines' reservations; raises InvalidTransition unless all stood in `was`."""
    lines = [line for order in orders for line in order.lines.all()]
    moved = OrderLine.objects.filter(pk__in=[line.pk for line in lines], reservation=was).update(
        reservation=becomes
    )
    if moved != len(lines):
        raise InvalidTransition()
    for line in lines:
        line.reservation = becomes


@transaction.atomic
def reserve_again(checkout: Checkout, goods: Sequence[OrderLine], *, by: Any) -> None:
    """A further payment on a failed checkout: all its lines are held again, or none and OutOfStock.

    The checkout comes locked from `lock_checkout`, and before it `goods` from `lock_goods`. Raises
    InvalidTransition when it is not failed, or failed longer ago than the retry time allows, NoLongerSold
    (an OutOfStock) for lines that could not be ordered today, and TooManyOpenOrders. The buyer is locked.
    """
    now = database_now()
    too_late = checkout.created_at < now - timedelta(hours=settings.PAYMENT_RETRY_HOURS)
    if checkout.status != Checkout.Status.FAILED or too_late:
        raise InvalidTransition()
    check_still_sold(goods)
    wanted = [Wanted(line.product, line.quantity, line.total) for line in goods]
    check_caps(read_buyer(checkout.retailer_id), wanted, by_card=True)
    orders = list(checkout.orders.all())
    audit.transition(
        checkout,
        Checkout.Status.PENDING_PAYMENT,
        by=by,
        verb="retried",
        reserved_until=now + timedelta(seconds=settings.HOLD_SECONDS),
    )
    audit.transition(orders, Order.Status.PENDING_PAYMENT, by=by, verb="retried", reason="")
    hold_again(orders, by=by)


def hold_again(orders: Sequence[Order], *, by: Any) -> None:
    """Make ended reservations active and take the stock, or raise OutOfStock."""
    lines = [line for order in orders for line in order.lines.all()]
    ended = OrderLine.objects.filter(pk__in=[line.pk for line in lines]).exclude(
        reservation=Reservation.ACTIVE
    )
    if ended.update(reservation=Reservation.ACTIVE) != len(lines):
        raise InvalidTransition()
    stock.reserve_stock(stock_lines(orders), by=by)


def database_now() -> Any:
    """The database's clock: deadlines are judged by it, whatever the machines' clocks say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        return cursor.fetchone()[0]


def expire_holds(limit: int = 200) -> int:
    """End the unpaid holds that ran out, and those on goods of a vendor that was suspended meanwhile.

    Each in its own transaction; returns how many. Safe to run twice.
    """
    return _expire(_overdue()[:limit])


def expire_holds_of(product_codes: Iterable[str]) -> int:
    """End the holds on these products that ran out, before somebody is told there is no stock."""
    keys = [codes.parse(code, Product.CODE_PREFIX) for code in product_codes]
    return _expire(_overdue().filter(orders__lines__product__in=keys).distinct())


def expire_hold(checkout: Checkout) -> bool:
    """End the unpaid hold of a checkout that ran out or cannot be delivered; False where it need not end."""
    return _expire_hold(checkout.pk)


def _overdue() -> Any:
    waiting = Checkout.objects.filter(status=Checkout.Status.PENDING_PAYMENT)
    overdue = waiting.filter(Q(reserved_until__lt=Now()) | Exists(_suspended()))
    return overdue.order_by("pk").values_list("pk", flat=True)


def _suspended() -> Any:
    """Orders of a checkout that their vendor cannot deliver any more."""
    return Order.objects.filter(checkout=OuterRef("pk"), vendor__status=Vendor.Status.SUSPENDED)


def _expire(keys: Iterable[int]) -> int:
    return sum(_expire_hold(pk) for pk in list(keys))


@transaction.atomic
def _expire_hold(pk: int) -> bool:
    checkout = lock_checkout(pk, skip_locked=True)
    if checkout is None or not _overdue().filter(pk=pk).exists():
        return False
    attempt = f"hold {checkout.reserved_until}"
    reason = gettext_noop("The time to pay ran out.")
    if any(order.vendor.status == Vendor.Status.SUSPENDED for order in checkout.orders.all()):
        reason = gettext_noop("A vendor of this order no longer sells on AQAD.")
    fail_checkout(checkout, reason=reason, attempt=attempt, ended=Reservation.EXPIRED)
    events.checkout_expired.send(Checkout, checkout=checkout, reason=reason)
    return True
