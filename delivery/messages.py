from typing import Any

from delivery.models import Delivery, DeliveryPartner
from notifications.services import Message
from orders.messages import order_message
from orders.models import Order


def partner_message(kind: str, delivery: Delivery, order: Order, partner: DeliveryPartner) -> Message:
    """What a partner's drivers are told about a delivery."""
    return Message(kind, [partner.code], about=delivery.code, context=_context(order))


def waiting_message(delivery: Delivery, order: Order) -> Message:
    """Operations hear once that no partner serves an order's emirate."""
    return Message(
        "delivery_waiting",
        ["staff"],
        about=delivery.code,
        context=_context(order),
        once=f"delivery_waiting:{delivery.code}",
    )


def step_messages(delivery: Delivery, order: Order, event_id: int, note: str) -> list[Message]:
    """What retailer and vendor are told of a step. Shipping and returning are told by the order itself."""
    buyer, seller = order.buyer["id"], order.seller["id"]
    match delivery.status:
        case Delivery.Status.OUT_FOR_DELIVERY:
            pin = delivery.pin
            return [order_message("order_out_for_delivery", order, to=buyer, attempt=event_id, pin=pin)]
        case Delivery.Status.FAILED:
            return [order_message("delivery_failed", order, to=buyer, attempt=event_id, reason=note)]
        case Delivery.Status.DELIVERED:
            return [
                order_message("order_delivered", order, to=buyer),
                order_message("delivery_completed_vendor", order, to=seller),
            ]
        case _:
            return []


def _context(order: Order) -> dict[str, Any]:
    return {
        "order": order.code,
        "vendor": order.seller["company_name"],
        "retailer": order.buyer["company_name"],
        "total": str(order.total),
    }
