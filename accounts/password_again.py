"""What moves money asks for the password once more, and then goes on with what was being done."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts import services
from accounts.rights import actor
from accounts.sessions import PASSWORD_AGAIN
from aqad.lib.errors import DomainError, RateLimited

FIELD = "password_again"
OPENED = "opened"  # marks a page that was only opened: there is nothing to send again

Page = TypeVar("Page", bound=Callable[..., Any])


def asks_password_again(page: Page) -> Page:
    """Let a view or an admin action run only when the password was given in the last minutes.

    Else the page that asks carries everything that was sent, and sends it once more with the password: the
    view then runs as if nothing had come between.
    """

    @wraps(page)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        request = next(each for each in args if isinstance(each, HttpRequest))
        return _ask(request) or page(*args, **kwargs)

    return guarded  # type: ignore[return-value] # takes and gives what `page` does


def is_recent(request: HttpRequest) -> bool:
    given = request.session.get(PASSWORD_AGAIN) or 0
    return 0 <= time.time() - given < settings.PASSWORD_AGAIN_SECONDS


def _ask(request: HttpRequest) -> HttpResponse | None:
    """The page that asks; None where the person may go on."""
    if is_recent(request):
        return None
    if FIELD not in request.POST:
        return _page(request)
    try:
        services.confirm_password(actor(request), request.POST[FIELD], for_what=request.path)
    except RateLimited as refusal:
        page = _page(request, error=str(refusal.message), status=429)
        page["Retry-After"] = str(refusal.retry_after)
        return page
    except DomainError as refusal:
        return _page(request, error=str(refusal.message))
    request.session[PASSWORD_AGAIN] = time.time()
    return redirect(request.get_full_path()) if OPENED in request.POST else None


def _page(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    sent = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in (FIELD, "csrfmiddlewaretoken")
    ]
    context = {
        **admin.site.each_context(request),
        "offer_second_factor": False,
        "title": _("Confirm that it is you"),
        "sent": sent if request.method == "POST" else [(OPENED, "1")],
        "minutes": settings.PASSWORD_AGAIN_SECONDS // 60,
        "error": error,
    }
    page = TemplateResponse(request, "admin/password_again.html", context, status=status)
    page["Cache-Control"] = "no-store"
    return page
