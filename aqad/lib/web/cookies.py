"""Cookies of ours that are not Django's: noted on the request, sent with the answer.

What writes them is often far from the answer, such as whoever hears that somebody signed in. All are for our
servers alone (HttpOnly), go over https where AQAD is reached so, and then carry the name's prefix `__Host-`.
"""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

_NOTED = "_cookies_to_send"


def put(request: HttpRequest, name: str, value: str, *, seconds: int) -> None:
    """Set a cookie; whoever reads it later in this request finds it already."""
    request.COOKIES[name] = value
    _noted(request)[name] = (value, seconds)


def drop(request: HttpRequest, name: str) -> None:
    """Have the browser forget a cookie, if it sent one."""
    if request.COOKIES.pop(name, None) is not None:
        _noted(request)[name] = ("", 0)


def send(request: HttpRequest, response: HttpResponseBase) -> None:
    """Write what was noted into the answer."""
    for name, (value, seconds) in _noted(request).items():
        if seconds:
            response.set_cookie(
                name,
                value,
                max_age=seconds,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        else:
            response.delete_cookie(name, samesite="Lax")
        patch_vary_headers(response, ("Cookie",))


def _noted(request: HttpRequest) -> dict[str, Any]:
    noted: dict[str, Any] = request.__dict__.setdefault(_NOTED, {})
    return noted
