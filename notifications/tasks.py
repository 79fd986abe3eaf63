from collections.abc import Callable
from typing import Any

from celery import shared_task

from aqad.lib import wakeup
from notifications import attempts, mailing, retention, services
from notifications.models import Mail, OutboxEvent

EVENTS_AT_ONCE = 100
MAILS_AT_ONCE = 10  # those of a killed worker wait until its lease has lapsed


@shared_task
def sweep_outbox() -> None:
    """Fan out what is due: new, failed before, or left by a killed worker."""
    _sweep(services.FAN_OUT, OutboxEvent, services.fan_out, EVENTS_AT_ONCE)


@shared_task
def sweep_mails() -> None:
    """Send what is due: new, failed before, or left by a killed worker."""
    _sweep(services.SEND_MAILS, Mail, mailing.deliver, MAILS_AT_ONCE)


def _sweep(task: str, model: type[Any], work: Callable[[list[Any]], None], at_once: int) -> None:
    wakeup.begun(task)
    if attempts.sweep(model, work, at_once=at_once):
        wakeup.wake_once(task)


@shared_task
def forget_messages() -> int:
    """Sweeper: what people were told is not kept for ever."""
    return retention.forget_messages()
