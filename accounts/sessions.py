"""A browser's way in: the password, a second factor where there is one, then the session."""

import time
from uuid import UUID

from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest
from django.urls import reverse

from accounts import known_devices
from accounts.models import PageSession, User
from accounts.origin import origin_of
from accounts.second_factor import Step, next_step
from accounts.session_store import SIGNED_IN, hash_of

_WAITING = "waiting_for_second_factor"
_CONFIRMED = "second_factor_confirmed"
PASSWORD_AGAIN = "password_given_at"  # noqa: S105 - a name in the session
_PAGES = {Step.CODE: "sign-in-code", Step.SET_UP: "admin:set_up_second_factor"}


def begin(request: HttpRequest, user: User) -> str:
    """Go on after a right password. Returns the page that asks for more, "" where nothing is missing."""
    step = next_step(user)
    if step is Step.NOTHING:
        open_session(request, user)
        return ""
    request.session.cycle_key()
    until = time.time() + settings.SIGN_IN_SECONDS
    request.session[_WAITING] = {"user": user.pk, "version": user.token_version, "until": until}
    return reverse(_PAGES[step])


def open_session(request: HttpRequest, user: User, *, confirmed: bool = False) -> None:
    """Sign the browser in; `confirmed` says that the second factor was given."""
    request.session.pop(_WAITING, None)
    auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[_CONFIRMED] = confirmed


def keep_session(request: HttpRequest, user: User) -> None:
    """Let this browser's session go on after the person's sessions were ended."""
    kept = {name: request.session.get(name) for name in (_CONFIRMED, PASSWORD_AGAIN)}
    auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.update(kept)


def note_sign_in(request: HttpRequest, user: User) -> None:
    """Say in the session whose it is and from where: for its lifetime and the list of own sessions."""
    origin = origin_of(request)
    request.session[SIGNED_IN] = {
        "version": user.token_version,
        "staff": user.is_staff,
        "device": origin.device,
        "address": origin.address,
    }
    known_devices.remember(request, user.pk)
    if user.is_staff:
        request.session.set_expiry(settings.STAFF_SESSION_MAX_SECONDS)  # of the cookie


def id_of(request: HttpRequest) -> UUID | None:
    """The id of this browser's session, as the list of own sessions names it."""
    kept = PageSession.objects.filter(key_hash=hash_of(request.session.session_key or ""))
    return kept.values_list("pk", flat=True).first()


def who_waits(request: HttpRequest) -> User | None:
    """Whose password was right and whose second factor is still to come."""
    if request.user.is_authenticated and not is_complete(request):
        return request.user
    waiting = request.session.get(_WAITING)
    if not waiting or waiting["until"] < time.time():
        return None
    return User.objects.filter(
        pk=waiting["user"], token_version=waiting["version"], access=User.Access.ACTIVE
    ).first()


def page_that_waits(request: HttpRequest) -> str:
    """The page on which a half-finished sign-in goes on; "" where there is none."""
    user = who_waits(request)
    step = next_step(user) if user else Step.NOTHING
    return reverse(_PAGES[step]) if step in _PAGES else ""


def is_complete(request: HttpRequest) -> bool:
    """Whether whoever is signed in has given all that is due.

    Setting up a second factor ends all sessions, so that only staff, of whom one may come to be required,
    can be signed in without what is due.
    """
    user: User = request.user  # type: ignore[assignment] # signed in
    return not user.is_staff or bool(request.session.get(_CONFIRMED)) or next_step(user) is Step.NOTHING
