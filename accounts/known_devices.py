"""Browsers that a person has signed in with before: a stranger's wrong passwords do not stop them.

A signed cookie holds, for the people who last signed in with it, a random number each. It opens nothing: at
sign-in it only decides which count of failures stands (OWASP, "device cookies"). Nothing of it is stored.
"""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from aqad.lib.web import cookies

PEOPLE = 5  # kept in one browser, the newest
_SALT = "accounts.known_devices"


def read(request: Any) -> dict[str, str]:
    """By person's key, the number this browser has; empty where the cookie is not ours or too old."""
    try:
        known: dict[str, str] = signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""),
            salt=_SALT,
            max_age=settings.KNOWN_DEVICE_SECONDS,
        )
    except signing.BadSignature:
        return {}
    return known


def remember(request: HttpRequest, person: int) -> None:
    """Know this browser as one of the person's from now on; it keeps its number, and its count."""
    known = read(request)
    number = known.pop(str(person), "") or secrets.token_urlsafe(9)
    newest = {**dict(list(known.items())[1 - PEOPLE :]), str(person): number}
    value = signing.dumps(newest, salt=_SALT)
    cookies.put(request, settings.DEVICE_COOKIE_NAME, value, seconds=settings.KNOWN_DEVICE_SECONDS)
