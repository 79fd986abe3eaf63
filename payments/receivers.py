"""What happens to the money when something happened to orders; each in the transaction of the event."""

from typing import Any

from orders.models import Checkout, Order
from payments import services
from payments.models import Payment


def begin_payment(sender: Any, checkout: Checkout, **kwargs: Any) -> None:
    services.begin_payment(checkout)


def expire_payment(sender: Any, checkout: Checkout, reason: str, **kwargs: Any) -> None:
    services.end_pending(checkout, Payment.Status.EXPIRED, by=None, reason=reason)


def cancel_payment(sender: Any, checkout: Checkout, by: Any, **kwargs: Any) -> None:
    services.end_pending(checkout, Payment.Status.CANCELLED, by=by, reason="The order was cancelled.")


def collect_cash(sender: Any, order: Order, by: Any, **kwargs: Any) -> None:
    services.collect_cash(order, by=by)


def give_back(sender: Any, order: Order, by: Any, **kwargs: Any) -> None:
    """The order was rejected, cancelled or returned after it was placed."""
    services.refund_order(order, reason=order.reason[:300] or f"Order {order.status}.")
    services.forgo_cash(order, by=by)
