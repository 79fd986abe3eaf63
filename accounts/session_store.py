"""Where page sessions are kept: Django's engine on a table of our own, which says whose they are.

The key stands there as a hash, so that neither a dump of the database nor the admin site opens a session.
Idle and absolute limits are judged by the database's clock in the one SELECT that loads a session; that it
was used is noted at most every few minutes, by an UPDATE that touches nothing else. The absolute limit counts
from signing in, since signing in always begins a new row.
"""

import hashlib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Least, Now

from accounts.lifetimes import Lifetime, of_pages
from accounts.models import PageSession

SIGNED_IN = "signed_in"  # in a session: what `note_sign_in` says of it
NOTED_EVERY = timedelta(minutes=5)  # that a session was used


class SessionStore(SessionBase):
    def load(self) -> dict[str, Any]:
        row = (
            PageSession.objects.filter(key_hash=hash_of(self.session_key or ""), expires_at__gt=Now())
            .annotate(is_stale=Q(user__isnull=False, last_used_at__lt=Now() - NOTED_EVERY))
            .first()
        )
        if row is None:
            self._session_key = None
            return {}
        if row.is_stale:
            changes = {"last_used_at": Now(), "expires_at": _end(of_pages(for_staff=row.for_staff))}
            PageSession.objects.filter(pk=row.pk).update(**changes)
        return dict(self.decode(row.data))

    def exists(self, session_key: str) -> bool:
        return PageSession.objects.filter(key_hash=hash_of(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - as Django calls it
        """Raises CreateError on a key that is taken, UpdateError on a session that was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        columns = {"data": self.encode(data), **_columns(data)}
        key_hash = hash_of(self.session_key)
        if not must_create:
            changes = {**columns, "last_used_at": Now(), "expires_at": _end(_lifetime(data))}
            if not PageSession.objects.filter(key_hash=key_hash).update(**changes):
                raise UpdateError
            return
        try:
            with transaction.atomic():
                PageSession.objects.create(
                    key_hash=key_hash, expires_at=Now() + _lifetime(data).idle, **columns
                )
        except IntegrityError as error:
            raise CreateError from error

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            PageSession.objects.filter(key_hash=hash_of(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        PageSession.objects.filter(expires_at__lt=Now()).delete()


def hash_of(session_key: str) -> str:
    """What the table has of a session's key, which is random and long: no salt is needed."""
    return hashlib.sha256(session_key.encode()).hexdigest()


def _lifetime(data: dict[str, Any]) -> Lifetime:
    if SESSION_KEY not in data:
        visit = timedelta(seconds=settings.VISITOR_SESSION_SECONDS)
        return Lifetime(visit, visit)
    return of_pages(for_staff=data.get(SIGNED_IN, {}).get("staff", False))


def _columns(data: dict[str, Any]) -> dict[str, Any]:
    about = data.get(SIGNED_IN, {})
    return {
        "user_id": data.get(SESSION_KEY),
        "token_version": about.get("version", 0),
        "for_staff": about.get("staff", False),
        "device": about.get("device", ""),
        "address": about.get("address", ""),
    }


def _end(lifetime: Lifetime) -> Any:
    return Least(Now() + lifetime.idle, F("created_at") + lifetime.longest)
