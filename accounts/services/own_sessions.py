"""People ending their own sessions, of browsers and apps alike. What is ended is dead at once."""

from uuid import UUID

from django.db import transaction

from accounts.models import PageSession, TokenFamily, User
from accounts.services.access import end_families
from aqad.lib.errors import NotFound
from audit import services as audit

OWN = "by its owner"  # why a family ended


@transaction.atomic
def end_own_session(user: User, session: UUID) -> None:
    """End one of the person's sessions. Raises NotFound where it is over already or somebody else's."""
    families = TokenFamily.objects.filter(user=user, pk=session, ended_at=None)
    pages, _by_kind = PageSession.objects.filter(user=user, pk=session).delete()
    if not pages and not end_families(families, OWN):
        raise NotFound()
    audit.record(user, "ended a session of", user)


@transaction.atomic
def end_other_sessions(user: User, *, keep: UUID | None) -> int:
    """End all of the person's sessions but `keep`. Returns how many ended."""
    kept = [keep] if keep else []
    pages, _by_kind = PageSession.objects.filter(user=user).exclude(pk__in=kept).delete()
    families = end_families(TokenFamily.objects.filter(user=user).exclude(pk__in=kept), OWN)
    audit.record(user, "ended the other sessions of", user, data={"ended": pages + families})
    return pages + families
