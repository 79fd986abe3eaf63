"""What the workers do for operations."""

from celery import shared_task
from django.core.cache import cache
from django.utils import timezone

from operations.health import HEARTBEAT_KEY, HEARTBEAT_SECONDS


@shared_task
def heartbeat() -> None:
    """Leave a sign of life for /readyz. Safe to run twice."""
    cache.set(HEARTBEAT_KEY, timezone.now().isoformat(), HEARTBEAT_SECONDS)
