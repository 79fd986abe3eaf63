"""Who may open a page: decorators for the views of each role."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import sessions
from accounts.models import User
from aqad.lib.errors import Forbidden

START_PAGES = {
    "retailer": "products",
    "vendor": "sell-dashboard",
    "driver": "drive",
    "admin": "admin:index",
}

View = Callable[..., HttpResponseBase]


def _only(*roles: str) -> Callable[[View], View]:
    def refuse(request: HttpRequest) -> HttpResponseBase | None:
        """The answer to who may not open the page, also before a form is read (`aqad.lib.web.bodies`)."""
        if not request.user.is_authenticated or not sessions.is_complete(request):
            return _to_sign_in(request)
        if roles and request.user.role not in roles:
            raise Forbidden()
        return None

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return refuse(request) or view(request, *args, **kwargs)

        guarded.refuse_sender = refuse  # type: ignore[attr-defined]
        return guarded

    return decorate


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page and back afterwards. A part of a page asks the browser to go there as a whole."""
    if request.headers.get("HX-Request"):
        answer = redirect_to_login(request.headers.get("HX-Current-URL", ""), login_url=reverse("sign-in"))
        return HttpResponse(headers={"HX-Redirect": answer.url})
    wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    return redirect_to_login(wanted, login_url=reverse("sign-in"))


signed_in_required = _only()
retailer_required = _only("retailer")
vendor_required = _only("vendor")
driver_required = _only("driver")


def in_language_of(user: User, response: HttpResponse) -> HttpResponse:
    """The browser's cookie follows the account, where the person ever chose a language for it.

    Where not, what was chosen in this browser stays, or what the browser itself asks for.
    """
    if not user.has_own_language:
        return response
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        user.language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite="Lax",
        secure=settings.LANGUAGE_COOKIE_SECURE,
    )
    return response


def after_sign_in(request: HttpRequest) -> str:
    """Where somebody who just signed in goes: the `next` of the form if it is ours, else the role's page."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure()):
        return wanted
    return reverse(START_PAGES[request.user.role])  # type: ignore[union-attr] # it is our User
