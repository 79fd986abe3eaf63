from typing import Any

from delivery import services
from delivery.errors import DriverNotActive
from delivery.models import Driver
from orders.models import Order


def assign_delivery(sender: Any, order: Order, **kwargs: Any) -> None:
    services.assign_delivery(order)


def cancel_delivery(sender: Any, order: Order, by: Any, reason: str, **kwargs: Any) -> None:
    services.cancel_delivery(order, by=by, reason=reason)


def refuse_while_not_active(sender: Any, user: Any, **kwargs: Any) -> None:
    """A driver comes back by being marked active, which gives work again, too. Locks the driver."""
    driver = Driver.objects.select_for_update().filter(user=user).first()
    if driver is not None and not driver.is_active:
        raise DriverNotActive()
