"""The page on which everybody sees where they are signed in, and ends what they do not know."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import selectors, services, sessions
from accounts.pages import signed_in_required
from accounts.rights import actor
from aqad.lib.errors import NotFound


@never_cache
@require_safe
@signed_in_required
def own_sessions(request: HttpRequest) -> HttpResponse:
    found = selectors.sessions_of(actor(request), current=sessions.id_of(request))
    return render(request, "accounts/sessions.html", {"sessions": found})


@require_POST
@signed_in_required
def end_session(request: HttpRequest, session: UUID) -> HttpResponse:
    try:
        services.end_own_session(actor(request), session)
    except NotFound:
        messages.info(request, _("That device was signed out already."))
    else:
        messages.success(request, _("Signed out. That device needs the password to come in again."))
    return redirect("own-sessions")


@require_POST
@signed_in_required
def end_others(request: HttpRequest) -> HttpResponse:
    ended = services.end_other_sessions(actor(request), keep=sessions.id_of(request))
    said = ngettext(
        "%(number)d other device is signed out.", "%(number)d other devices are signed out.", ended
    )
    messages.success(request, said % {"number": ended} if ended else _("You are signed in nowhere else."))
    return redirect("own-sessions")
