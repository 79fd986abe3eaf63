from typing import Any

from delivery import services
from orders.models import Order


def assign_delivery(sender: Any, order: Order, **kwargs: Any) -> None:
    services.assign_delivery(order)


def cancel_delivery(sender: Any, order: Order, by: Any, reason: str, **kwargs: Any) -> None:
    services.cancel_delivery(order, by=by, reason=reason)
