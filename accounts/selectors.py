"""Where a person is signed in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models.functions import Now

from accounts.devices import describe_device
from accounts.models import PageSession, TokenFamily, User

AT_MOST = 200  # of a kind, those last used


@dataclass(frozen=True)
class OwnSession:
    """A sign-in that is good now, of a browser or an app. An app is used when it refreshes its token."""

    id: UUID
    kind: str
    device: str
    address: str
    signed_in_at: datetime
    last_used_at: datetime
    is_current: bool


def sessions_of(user: User, *, current: UUID | None) -> list[OwnSession]:
    """All that are good now: `current` first, then by last use. Two statements."""
    pages = PageSession.objects.filter(user=user, token_version=user.token_version, expires_at__gt=Now())
    families = TokenFamily.objects.filter(
        user=user, token_version=user.token_version, ended_at=None, expires_at__gt=Now()
    )
    found = [
        OwnSession(
            row.pk,
            kind,
            describe_device(row.device),
            row.address,
            row.created_at,
            row.last_used_at,
            row.pk == current,
        )
        for kind, rows in (("browser", pages), ("app", families))
        for row in rows.order_by("-last_used_at")[:AT_MOST]
    ]
    return sorted(found, key=lambda each: (each.is_current, each.last_used_at), reverse=True)
