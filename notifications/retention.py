"""How long messages are kept: what was told once, and to which address (docs/retention.md)."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from notifications.models import Delivery, Mail, Notification, OutboxEvent

BATCH = 500  # events with their messages, deleted in one transaction


def forget_messages() -> int:
    """Delete events older than KEEP_MESSAGES_DAYS with their inbox lines and mails; how many. Safe to repeat.

    An event that still waits to be told stays, however old it is.
    """
    oldest = Now() - timedelta(days=settings.KEEP_MESSAGES_DAYS)
    old = OutboxEvent.objects.filter(created_at__lt=oldest).exclude(status=Delivery.PENDING)
    forgotten = 0
    while True:
        with transaction.atomic():
            events = list(old.select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH])
            Notification.objects.filter(event__in=events).delete()
            Mail.objects.filter(event__in=events).delete()
            OutboxEvent.objects.filter(pk__in=events).delete()
        forgotten += len(events)
        if len(events) < BATCH:
            return forgotten


def forget_messages_of(user_id: int) -> None:
    """Delete one person's inbox and mails, whose rows hold the address. Within the caller's transaction."""
    Notification.objects.filter(user=user_id).delete()
    Mail.objects.filter(user=user_id).delete()
