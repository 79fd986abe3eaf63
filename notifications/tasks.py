from collections.abc import Sequence

from celery import shared_task

from notifications import attempts, mailing, services
from notifications.models import Mail, OutboxEvent


@shared_task
def send_events(event_ids: Sequence[int]) -> None:
    for event_id in event_ids:
        services.send_event(event_id)


@shared_task
def send_mails(mail_ids: Sequence[int]) -> None:
    for mail_id in mail_ids:
        mailing.send_mail(mail_id)


@shared_task
def sweep_outbox() -> None:
    """Fan out what no worker was woken for, what failed before, and what a killed worker left."""
    attempts.sweep(OutboxEvent, services.fan_out)


@shared_task
def sweep_mails() -> None:
    """Send what no worker was woken for, what failed before, and what a killed worker left."""
    attempts.sweep(Mail, mailing.deliver)
