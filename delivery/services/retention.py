"""How long traces of drivers and of who received goods are kept (docs/retention.md)."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from aqad.lib.files.storage import delete_private
from delivery.models import Delivery, DeliveryEvent

BATCH = 500
ENDED = (Delivery.Status.DELIVERED, Delivery.Status.RETURNED, Delivery.Status.CANCELLED)


def forget_traces() -> int:
    """Of ended deliveries, take positions after KEEP_POSITIONS_DAYS and photos after KEEP_PROOFS_DAYS away.

    The steps themselves stay. Returns how many steps lost something. Safe to repeat, and to be killed: a file
    is deleted before its key. Raises StorageUnavailable.
    """
    return _forget_positions() + _forget_photos()


def _forget_positions() -> int:
    located = Q(latitude__isnull=False) | Q(longitude__isnull=False)
    old = _of_ended(settings.KEEP_POSITIONS_DAYS).filter(located)
    forgotten = 0
    while steps := list(old.values_list("pk", flat=True)[:BATCH]):
        forgotten += DeliveryEvent.objects.filter(pk__in=steps).update(latitude=None, longitude=None)
    return forgotten


def _forget_photos() -> int:
    old = _of_ended(settings.KEEP_PROOFS_DAYS).exclude(photo="")
    photos = list(old.values_list("pk", "photo")[:BATCH])
    for pk, photo in photos:
        delete_private(photo)
        DeliveryEvent.objects.filter(pk=pk, photo=photo).update(photo="")
    return len(photos)


def _of_ended(days: int) -> QuerySet[DeliveryEvent, Any]:
    limit = Now() - timedelta(days=days)
    return DeliveryEvent.objects.filter(at__lt=limit, delivery__status__in=ENDED).order_by("pk")
