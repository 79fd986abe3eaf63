from typing import Any

from notifications.services import Message
from orders.models import Order


def order_message(kind: str, order: Order, *, to: str, attempt: Any = "", **context: Any) -> Message:
    """What is told about an order, once per kind, order, recipient and `attempt`."""
    return Message(
        kind=kind,
        to=[to],
        about=order.code,
        context={
            "order": order.code,
            "vendor": order.seller["company_name"],
            "retailer": order.buyer["company_name"],
            "total": str(order.total),
            **context,
        },
        once=f"{kind}:{order.code}:{to}:{attempt}",
    )
