"""The answer to a form whose token is not the browser's: one true sentence, and the way on."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from aqad.lib.web.errors import Problem, answer

STAFF_LOGIN_URL = "/admin/login/"  # the same view at another address


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW.

    Signing in gives the browser another token: a form opened before, such as a second tab's, is out of date.
    """
    user: Any = getattr(request, "user", None)
    signs_in = request.path in (settings.LOGIN_URL, STAFF_LOGIN_URL)
    if signs_in and user is not None and user.is_authenticated:
        way, href, message = _("Go on"), "/", _signed_in_already(user)
    elif reason == REASON_NO_CSRF_COOKIE:
        message = _("Your browser sent no cookie. Allow cookies for AQAD, then load the page again.")
        way, href = _("Load the page again"), page_of_form(request)
    else:
        message = _("This form is out of date. Load the page again and send it once more.")
        way, href = _("Load the page again"), page_of_form(request)
    return answer(request, Problem(403, "forbidden", message), "out_of_date", way=way, href=href)


def _signed_in_already(user: Any) -> str:
    sentence = _("You are signed in already, as %(email)s. Go on, or sign out first to use another account.")
    return sentence % {"email": user.email}


def page_of_form(request: HttpRequest) -> str:
    """Where the form was, as far as the browser says so; a page of ours only."""
    came_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        page = urlsplit(came_from)
        return f"{page.path}?{page.query}" if page.query else page.path or "/"
    return settings.LOGIN_URL if request.path == settings.LOGIN_URL else "/"
