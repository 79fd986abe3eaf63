"""The headers of Django's outermost middlewares, for answers that do not pass through them."""

import io
from collections.abc import Callable
from http import HTTPStatus
from itertools import takewhile

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.module_loading import import_string

LIMITER = "aqad.lib.web.limits.RateLimitMiddleware"
_TELL_OF_REQUESTS = {
    "aqad.lib.web.context.RequestContextMiddleware",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
}

Headers = tuple[tuple[str, str], ...]


class OuterLayers:
    """What stands outside of the limiter in settings.MIDDLEWARE, but for what tells of requests.

    They are asked, not copied: a layer that is added to the settings is heard here, too.
    """

    def __init__(self) -> None:
        layer: Callable[[HttpRequest], HttpResponseBase] = _blank
        outside = takewhile(lambda name: name != LIMITER, settings.MIDDLEWARE)
        for name in reversed([name for name in outside if name not in _TELL_OF_REQUESTS]):
            layer = import_string(name)(layer)
        self._outermost = layer

    def headers(self, path: str, scheme: str, host: str, origin: str) -> Headers | None:
        """Their headers for a GET, `origin` empty for none; None where they refuse or send elsewhere."""
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "SERVER_NAME": "",
            "SERVER_PORT": "",
            "HTTP_HOST": host,
            "wsgi.url_scheme": scheme,
            "wsgi.input": io.BytesIO(),
            **({"HTTP_ORIGIN": origin} if origin else {}),
        }
        request = WSGIRequest(environ)
        try:
            request.get_host()
        except DisallowedHost:
            return None
        response = self._outermost(request)
        return tuple(response.items()) if response.status_code == HTTPStatus.OK else None


def _blank(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse()
    del response.headers["Content-Type"]
    return response
