"""The limit on the admin's sign-in page, by django-ratelimit: a second door to one view, counted apart."""

from django.conf import settings
from django.http import HttpRequest
from django_ratelimit.decorators import ratelimit

from aqad.lib.web.limits import address_subject


def _client(_group: str, request: HttpRequest) -> str:
    """The client's address as trusted proxies tell it; the package itself would take the proxy's."""
    return address_subject(getattr(request, "client_address", ""))


def _rate(_group: str, _request: HttpRequest) -> str:
    return str(settings.RATE_LIMITS["login"])


# Opens when Redis is down (RATELIMIT_FAIL_OPEN): the limit on failures by e-mail stands behind it.
limit_sign_in_page = ratelimit(group="admin sign-in", key=_client, rate=_rate, method="POST", block=True)
