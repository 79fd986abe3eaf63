"""The short way for public reads: a hit needs no session, language, router or REST framework."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import DisallowedHost
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import resolve
from django_prometheus.middleware import PrometheusAfterMiddleware
from django_prometheus.utils import Time
from rest_framework.exceptions import APIException

from aqad.lib.errors import NotFound, RateLimited
from aqad.lib.web import limits
from aqad.lib.web.errors import refuse
from aqad.lib.web.limits import RateLimitMiddleware, address_subject
from catalog import cache
from catalog.api import public


class FrontMiddleware(RateLimitMiddleware):
    """The `default` limit, and in the same round trip to Redis what is kept of a public read.

    Anonymous GETs of `catalog.api.public` are answered here. What cannot be answered with 200, 304 or 404
    takes the long way through the view, which has the words for every refusal.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        super().__init__(get_response)
        self._after = PrometheusAfterMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        read = public.read_of(request) if _is_anonymous_get(request) else None
        if read is None:
            return super().__call__(request)
        started = Time()
        subject = address_subject(getattr(request, "client_address", ""))
        try:
            kept = limits.check_and_get("default", subject, cache.key(public.name_of(request)))
        except RateLimited as error:
            return refuse(request, error)
        request.kept = kept  # type: ignore[attr-defined]
        response = _answer(request, read)
        if response is None:
            return self.get_response(request)
        self._measure(request, read, response, started)
        return response

    def _measure(
        self, request: HttpRequest, read: public.Read, response: HttpResponseBase, started: Any
    ) -> None:
        """What the innermost layer would count, had it been asked."""
        name = _view_name(read, request.path_info)
        request.resolver_match = SimpleNamespace(view_name=name)  # type: ignore[assignment]
        self._after.process_request(request)
        self._after.process_view(request, read)
        request.prometheus_after_middleware_event = started  # type: ignore[attr-defined]
        self._after.process_response(request, response)


def _is_anonymous_get(request: HttpRequest) -> bool:
    meta = request.META
    asked = meta.get("QUERY_STRING", "")
    return request.method == "GET" and "HTTP_AUTHORIZATION" not in meta and "%00" not in asked


def _answer(request: HttpRequest, read: public.Read) -> HttpResponseBase | None:
    try:
        request.get_host()
        response: HttpResponseBase = public.respond(request, read(request))
    except NotFound as error:
        return refuse(request, error)
    except (OperationalError, InterfaceError):
        connection.close()
        return None
    except (DisallowedHost, APIException):
        return None
    return response


_view_names: dict[public.Read, str] = {}


def _view_name(read: public.Read, path: str) -> str:
    if read not in _view_names:
        _view_names[read] = resolve(path).view_name
    return _view_names[read]
