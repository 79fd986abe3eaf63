"""How long a sign-in lasts: unused, and at the longest."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings


@dataclass(frozen=True)
class Lifetime:
    """`idle` since it was last used, `longest` since signing in."""

    idle: timedelta
    longest: timedelta


def of_pages(*, for_staff: bool) -> Lifetime:
    """Of a browser's session."""
    if for_staff:
        return Lifetime(
            timedelta(seconds=settings.STAFF_SESSION_IDLE_SECONDS),
            timedelta(seconds=settings.STAFF_SESSION_MAX_SECONDS),
        )
    return Lifetime(
        timedelta(seconds=settings.SESSION_IDLE_SECONDS), timedelta(seconds=settings.SESSION_MAX_SECONDS)
    )


def of_tokens(*, for_staff: bool) -> Lifetime:
    """Of an app's token family, which is used when it is refreshed."""
    pages = of_pages(for_staff=for_staff)
    refresh: timedelta = settings.SIMPLE_JWT["REFRESH_TOKEN_LIFETIME"]
    return Lifetime(min(refresh, pages.idle) if for_staff else refresh, pages.longest)
