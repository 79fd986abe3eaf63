"""What the delivery API answers, by who asks."""

from typing import Any

from aqad.lib.files.storage import private_url
from delivery.models import Delivery, DeliveryEvent, DeliveryPartner, Driver

SEES_PHOTO = ("retailer", "admin")


def partner_answer(partner: DeliveryPartner) -> dict[str, Any]:
    return {
        "id": partner.code,
        "name": partner.name,
        "phone": partner.phone,
        "emirates": partner.emirates,
        "is_active": partner.is_active,
    }


def driver_answer(driver: Driver) -> dict[str, Any]:
    return {
        "id": driver.pk,
        "name": driver.user.name,
        "email": driver.user.email,
        "phone": driver.user.phone,
        "is_active": driver.is_active,
    }


def delivery_answer(delivery: Delivery, user: Any) -> dict[str, Any]:
    """One delivery as `user` may see it: the PIN is the retailer's alone."""
    order, partner, driver = delivery.order, delivery.partner, delivery.driver
    answer = {
        "id": delivery.code,
        "order": order.code,
        "status": delivery.status,
        "partner": {"id": partner.code, "name": partner.name, "phone": partner.phone} if partner else None,
        "driver": {"name": driver.user.name, "phone": driver.user.phone} if driver else None,
        "pickup": {name: order.seller.get(name, "") for name in ("company_name", "phone", "address")},
        "recipient": {name: order.buyer.get(name, "") for name in ("company_name", "phone")},
        "address": order.address,
        "amount_to_collect": f"{delivery.amount_to_collect:.2f}",
        "events": [event_answer(event, user) for event in delivery.events.all()],
        "eta": delivery.eta,
        "created_at": delivery.created_at,
    }
    if user.role == "retailer":
        answer["pin"] = delivery.pin
    return answer


def event_answer(event: DeliveryEvent, user: Any) -> dict[str, Any]:
    answer = {
        "status": event.status,
        "note": event.note,
        "latitude": _degrees(event.latitude),
        "longitude": _degrees(event.longitude),
        "occurred_at": event.occurred_at,
        "at": event.at,
    }
    if user.role in SEES_PHOTO:
        answer["photo"] = private_url(event.photo) if event.photo else None
    return answer


def _degrees(value: Any) -> float | None:
    return None if value is None else float(value)
