from typing import Any

from orders import services


def reject_pending_orders(sender: Any, vendor: Any, **kwargs: Any) -> None:
    """A suspended vendor's unanswered orders are rejected; accepted ones stay for operations to see to."""
    services.reject_pending_orders_of(vendor.pk)
