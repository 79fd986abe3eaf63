"""What can mean nothing any more is deleted."""

from datetime import timedelta

from django.conf import settings
from django.db.models.functions import Now

from accounts.models import IdempotencyKey, OneTimeLink, TokenFamily


def forget_expired() -> None:
    """Delete idempotency keys, token families and links that can mean nothing any more. Safe to repeat."""
    now = Now()
    IdempotencyKey.objects.filter(created_at__lt=now - timedelta(hours=settings.IDEMPOTENCY_HOURS)).delete()
    TokenFamily.objects.filter(expires_at__lt=now).delete()
    OneTimeLink.objects.filter(expires_at__lt=now - timedelta(days=30)).delete()
