"""What the vendor, the retailer or the system decides about an order before it is shipped."""

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from aqad.lib.errors import InvalidTransition
from audit import services as audit
from notifications import services as notifications
from orders import events
from orders.messages import order_message
from orders.models import Checkout, Order, OrderLine
from orders.services.holds import end_reservations
from orders.services.locking import lock_checkout, lock_order

Status = Order.Status
_BY_RETAILER = (Status.PENDING,)
_BY_SELLER = (Status.PENDING, Status.PROCESSING, Status.READY)


@transaction.atomic
def accept_order(order: Order, *, by: Any) -> Order:
    """`pending` → `processing`. Raises InvalidTransition."""
    order = lock_order(order)
    audit.transition(order, Status.PROCESSING, by=by, verb="accepted", answer_due_at=None)
    notifications.notify_many([order_message("order_accepted", order, to=order.buyer["id"])])
    return order


@transaction.atomic
def mark_ready(order: Order, *, by: Any) -> Order:
    """`processing` → `ready`: goods wait for a driver. Raises InvalidTransition. Sends `order_ready`."""
    order = lock_order(order)
    audit.transition(order, Status.READY, by=by, verb="made ready")
    notifications.notify_many([order_message("order_ready", order, to=order.buyer["id"])])
    events.order_ready.send(Order, order=order, by=by)
    return order


@transaction.atomic
def reject_order(order: Order, *, reason: str, by: Any) -> Order:
    """`pending` → `rejected`: stock released, paid money refunded. Sends `order_rejected`."""
    order = lock_order(order)
    _reject(order, reason=reason, by=by)
    return order


def _reject(order: Order, *, reason: str, by: Any) -> None:
    audit.transition(order, Status.REJECTED, by=by, verb="rejected", reason=reason, answer_due_at=None)
    order.reason = reason
    Order.objects.filter(pk=order.pk).update(reason=reason)
    told = [order_message("order_rejected", order, to=order.buyer["id"], reason=reason)]
    if by is None:
        told.append(order_message("order_unanswered", order, to=order.seller["id"], reason=reason))
    notifications.notify_many(told)
    events.order_rejected.send(Order, order=order, by=by, reason=reason)
    end_reservations([order], OrderLine.Reservation.RELEASED, by=by)


def reject_as_system(order: Order, *, reason: str) -> None:
    """Reject a pending order that the caller has locked, on nobody's behalf."""
    _reject(order, reason=reason, by=None)


@transaction.atomic
def cancel_order(order: Order, *, reason: str, by: Any) -> Order:
    """Cancel before pick-up: stock released, paid money refunded.

    The retailer may while the order is `pending`, the vendor and admins until it is picked up; where nothing
    is paid yet the whole checkout is cancelled. Raises InvalidTransition. Sends `order_cancelled`, or
    `checkout_cancelled`.
    """
    checkout = lock_checkout(order.checkout_id)
    order = next(each for each in checkout.orders.all() if each.pk == order.pk) if checkout else order
    if checkout is not None and order.status == Status.PENDING_PAYMENT:
        _cancel_checkout(checkout, reason=reason, by=by)
        return order
    if order.status not in (_BY_RETAILER if by.role == "retailer" else _BY_SELLER):
        raise InvalidTransition()
    audit.transition(order, Status.CANCELLED, by=by, verb="cancelled", reason=reason, answer_due_at=None)
    order.reason = reason
    Order.objects.filter(pk=order.pk).update(reason=reason)
    notifications.notify_many(
        [
            order_message("order_cancelled", order, to=order.buyer["id"], reason=reason),
            order_message("order_cancelled_vendor", order, to=order.seller["id"], reason=reason),
        ]
    )
    events.order_cancelled.send(Order, order=order, by=by, reason=reason)
    end_reservations([order], OrderLine.Reservation.RELEASED, by=by)
    return order


def _cancel_checkout(checkout: Checkout, *, reason: str, by: Any) -> None:
    orders = list(checkout.orders.all())
    audit.transition(
        checkout, Checkout.Status.CANCELLED, by=by, verb="cancelled", reason=reason, reserved_until=None
    )
    audit.transition(orders, Status.CANCELLED, by=by, verb="cancelled", reason=reason)
    Order.objects.filter(checkout=checkout).update(reason=reason)
    for order in orders:
        order.reason = reason
    notifications.notify_many(
        [order_message("order_cancelled", order, to=order.buyer["id"], reason=reason) for order in orders]
    )
    events.checkout_cancelled.send(Checkout, checkout=checkout, by=by)
    end_reservations(orders, OrderLine.Reservation.RELEASED, by=by)


def reject_unanswered_orders(limit: int = 100) -> int:
    """Reject the orders whose vendor did not answer in time; returns how many. Safe to run twice."""
    overdue = Order.objects.filter(status=Status.PENDING, answer_due_at__lt=Now()).order_by("pk")[:limit]
    return _reject_each(overdue, gettext_noop("The vendor did not answer in time."))


def reject_pending_orders_of(vendor_id: int) -> int:
    """Reject what a suspended vendor has not accepted yet; returns how many."""
    return _reject_each(
        Order.objects.filter(vendor=vendor_id, status=Status.PENDING).order_by("pk"),
        gettext_noop("The vendor was suspended."),
    )


def _reject_each(orders: Any, reason: str) -> int:
    return sum(_rejected(order, reason) for order in orders)


def _rejected(order: Order, reason: str) -> bool:
    """Reject on nobody's behalf; False where somebody moved the order first."""
    try:
        reject_order(order, reason=reason, by=None)
    except InvalidTransition:
        return False
    return True
