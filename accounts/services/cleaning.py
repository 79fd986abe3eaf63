"""What can mean nothing any more is deleted."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from accounts.failed_sign_ins import KNOWN_ADDRESS_DAYS
from accounts.models import IdempotencyKey, LinkRequest, OneTimeLink, PageSession, TokenFamily

BATCH = 1000  # rows deleted in one transaction


def forget_expired() -> None:
    """Delete sessions, token families, links and idempotency keys whose time is over. Safe to repeat."""
    now = Now()
    delete_in_batches(PageSession.objects.filter(expires_at__lt=now))
    known = timedelta(days=KNOWN_ADDRESS_DAYS)  # a family also remembers from where somebody signed in
    delete_in_batches(TokenFamily.objects.filter(expires_at__lt=now, created_at__lt=now - known))
    delete_in_batches(OneTimeLink.objects.filter(expires_at__lt=now - timedelta(days=30)))
    delete_in_batches(LinkRequest.objects.filter(created_at__lt=now - timedelta(days=7)))
    old = timedelta(hours=settings.IDEMPOTENCY_HOURS)
    delete_in_batches(IdempotencyKey.objects.filter(created_at__lt=now - old))


def delete_in_batches(rows: QuerySet[Any]) -> int:
    """Delete them a batch at a time, leaving out what others hold locked. Returns how many."""
    deleted = 0
    while True:
        with transaction.atomic():
            keys = list(
                rows.order_by().select_for_update(skip_locked=True).values_list("pk", flat=True)[:BATCH]
            )
            rows.model.objects.filter(pk__in=keys).delete()
        deleted += len(keys)
        if len(keys) < BATCH:
            return deleted
