from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from notifications.models import Notification

STAFF = "staff"


def recipients(to: Sequence[str | int]) -> "QuerySet[Any]":
    """The people behind company codes, user ids and STAFF, each once.

    Those who were rejected or suspended hear of it; only the deactivated hear nothing more.
    """
    codes = [name for name in to if isinstance(name, str) and name not in {"", STAFF}]
    user_ids = [name for name in to if isinstance(name, int)]
    wanted = Q(code__in=codes) | Q(pk__in=user_ids)
    if STAFF in to:
        wanted |= Q(role="admin", access="active")
    return get_user_model().objects.filter(wanted).exclude(access="deactivated").order_by("pk")


def inbox(user: Any, *, unread: bool = False) -> "QuerySet[Notification]":
    """A person's lines, newest first; only the unread ones if asked."""
    lines = Notification.objects.visible_to(user)
    return lines.filter(read_at=None) if unread else lines
