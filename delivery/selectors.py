from typing import Any

from django.db.models import QuerySet

from delivery.models import Delivery, DeliveryPartner, Driver


def deliveries_of(user: Any, *, status: str = "") -> QuerySet[Delivery]:
    """What `user` may see, newest first, with all an answer needs in a constant number of statements."""
    deliveries = (
        Delivery.objects.visible_to(user)
        .select_related("order", "partner", "driver__user")
        .prefetch_related("events")
        .order_by("-pk")
    )
    return deliveries.filter(status=status) if status else deliveries


def partners() -> QuerySet[DeliveryPartner]:
    return DeliveryPartner.objects.order_by("pk")


def drivers_of(partner: DeliveryPartner) -> QuerySet[Driver]:
    return partner.drivers.select_related("user").order_by("pk")
