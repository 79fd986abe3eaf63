"""Django's layers that only pages need: the API knows no session, form, message or htmx."""

from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth import middleware as auth
from django.contrib.messages import middleware as messages
from django.contrib.sessions import middleware as sessions
from django.http import HttpRequest
from django_htmx import middleware as htmx

from aqad.lib.web import cookies


class _PagesOnly:
    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        if request.path_info.startswith("/api/"):
            return self.get_response(request)
        return super().__call__(request)  # type: ignore[misc]


class SessionMiddleware(_PagesOnly, sessions.SessionMiddleware):
    """Django's; it also sends the cookies that `aqad.lib.web.cookies` noted.

    What somebody signed in was shown is kept by no browser and no proxy. What says itself how
    long it may be kept, and never looked at the session, is the same for everybody.
    """

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        cookies.send(request, response)
        session = request.session
        is_own = session.accessed and SESSION_KEY in session
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if is_own or (has_session and not response.has_header("Cache-Control")):
            response["Cache-Control"] = "private, no-store"
        return super().process_response(request, response)


class AuthenticationMiddleware(_PagesOnly, auth.AuthenticationMiddleware):
    pass


class MessageMiddleware(_PagesOnly, messages.MessageMiddleware):
    pass


class HtmxMiddleware(_PagesOnly, htmx.HtmxMiddleware):
    pass
