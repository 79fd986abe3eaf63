"""What the workers do for operations."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready, worker_shutdown
from django.core.cache import cache
from django.utils import timezone

from operations import pulse
from operations.doctor.stock import agreement
from operations.health import HEARTBEAT_KEY, HEARTBEAT_SECONDS


@worker_ready.connect
def say_hello(**kwargs: Any) -> None:
    """A worker that just started counts at once, not only after the first beat."""
    heartbeat()
    pulse.start("worker")


@worker_shutdown.connect
def say_goodbye(**kwargs: Any) -> None:
    pulse.stop()


@shared_task
def heartbeat() -> None:
    """Leave a sign of life for /readyz. Safe to run twice."""
    cache.set(HEARTBEAT_KEY, timezone.now().isoformat(), HEARTBEAT_SECONDS)


@shared_task
def compare_stock() -> None:
    """Remember which products' figures agree, for whoever asks since when they do not. Safe to run twice."""
    agreement.check()
