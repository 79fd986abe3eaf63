"""What the workers do for operations."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.core.cache import cache
from django.utils import timezone

from operations.health import HEARTBEAT_KEY, HEARTBEAT_SECONDS


@worker_ready.connect
def say_hello(**kwargs: Any) -> None:
    """A worker that just started counts at once, not only after the first beat."""
    heartbeat()


@shared_task
def heartbeat() -> None:
    """Leave a sign of life for /readyz. Safe to run twice."""
    cache.set(HEARTBEAT_KEY, timezone.now().isoformat(), HEARTBEAT_SECONDS)
