"""What the carriage of an order does to it. Called by the delivery app, in its transaction."""

from typing import Any

from django.db import transaction

from audit import services as audit
from catalog.services import stock
from notifications import services as notifications
from orders import events
from orders.messages import order_message
from orders.models import Order, OrderLine
from orders.services.holds import move_reservations
from orders.services.locking import lock_order
from orders.stock_lines import stock_lines

Reservation = OrderLine.Reservation


@transaction.atomic(savepoint=False)
def ship_order(order: Order, *, by: Any) -> Order:
    """`ready` → `shipped`: what was reserved leaves on-hand. Raises InvalidTransition."""
    order = lock_order(order)
    audit.transition(order, Order.Status.SHIPPED, by=by, verb="shipped")
    notifications.notify_many([order_message("order_shipped", order, to=order.buyer["id"])])
    move_reservations([order], Reservation.ACTIVE, Reservation.CONSUMED)
    stock.ship_stock(stock_lines([order]), by=by)
    return order


@transaction.atomic(savepoint=False)
def complete_order(order: Order, *, by: Any) -> Order:
    """`shipped` → `completed`: delivered. Raises InvalidTransition. Sends `order_completed`."""
    order = lock_order(order)
    audit.transition(order, Order.Status.COMPLETED, by=by, verb="completed")
    events.order_completed.send(Order, order=order, by=by)
    return order


@transaction.atomic(savepoint=False)
def return_order(order: Order, *, by: Any) -> Order:
    """`shipped` → `returned`: goods are on hand again, paid money goes back. Sends `order_returned`."""
    order = lock_order(order)
    audit.transition(order, Order.Status.RETURNED, by=by, verb="returned")
    notifications.notify_many(
        [
            order_message("order_returned", order, to=order.buyer["id"]),
            order_message("order_returned_vendor", order, to=order.seller["id"]),
        ]
    )
    events.order_returned.send(Order, order=order, by=by)
    stock.take_back_stock(stock_lines([order]), by=by)
    return order
