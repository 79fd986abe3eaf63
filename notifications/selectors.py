from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from notifications.models import Notification

STAFF = "staff"
_ACTIVE_STAFF = Q(role="admin", access="active")


def recipients(*lists: Sequence[str | int]) -> list[list[Any]]:
    """The people behind each list of company codes, user ids and STAFF, each once; one statement for all.

    Those who were rejected or suspended hear of it; only the deactivated hear nothing more.
    """
    named = {name for names in lists for name in names}
    codes = {name for name in named if isinstance(name, str)} - {"", STAFF}
    wanted = Q(code__in=codes) | Q(pk__in={name for name in named if isinstance(name, int)})
    if STAFF in named:
        wanted |= _ACTIVE_STAFF
    found = get_user_model().objects.filter(wanted).exclude(access="deactivated").order_by("pk")
    people = list(found)
    return [[user for user in people if _is_meant(user, set(names))] for names in lists]


def _is_meant(user: Any, names: set[str | int]) -> bool:
    is_active_staff = user.role == "admin" and user.access == "active"
    return user.pk in names or (user.code or None) in names or (STAFF in names and is_active_staff)


def inbox(user: Any, *, unread: bool = False) -> "QuerySet[Notification]":
    """A person's lines, newest first; only the unread ones if asked."""
    lines = Notification.objects.visible_to(user)
    return lines.filter(read_at=None) if unread else lines
