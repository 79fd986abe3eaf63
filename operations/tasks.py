"""What the workers do for operations."""

from typing import Any

from celery import current_task, shared_task
from celery.signals import worker_ready, worker_shutdown

from operations import pulse
from operations.doctor.stock import agreement
from operations.health import note_heartbeat


@worker_ready.connect
def say_hello(sender: Any, **kwargs: Any) -> None:
    """A worker that just started counts at once, not only after the first beat."""
    note_heartbeat(sender.app.amqp.queues.consume_from)
    pulse.start("worker")


@worker_shutdown.connect
def say_goodbye(**kwargs: Any) -> None:
    pulse.stop()


@shared_task
def heartbeat() -> None:
    """Leave a sign of life for /readyz: the queue through which this came is served. Safe to run twice."""
    came_through = current_task.request.delivery_info if current_task else None
    if came_through:
        note_heartbeat([str(came_through["routing_key"])])


@shared_task
def compare_stock() -> None:
    """Remember which products' figures agree, for whoever asks since when they do not. Safe to run twice."""
    agreement.check()
