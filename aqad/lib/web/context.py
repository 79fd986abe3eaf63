"""Who asks, under which request id: known to every log line, audit row and background task."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any
from uuid import uuid4

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from aqad.lib import logs
from aqad.lib.web.masking import mask_path, mask_query

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,128}")
_FORWARDED = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
)
_QUIET = ("/healthz", "/readyz", "/metrics")

Network = IPv4Network | IPv6Network

_CALLER = "aqad.caller"
_served: ContextVar[HttpRequest | None] = ContextVar("the request being served", default=None)


def current_request_id() -> str:
    """The id of the web request being served or that sent the task being run; empty outside of both."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def current_address() -> str:
    """The client's address, as far as trusted proxies vouch for it; empty outside of a request."""
    return str(structlog.contextvars.get_contextvars().get("address", ""))


def current_place() -> str:
    """The task being run or the view being served, by name; empty outside of both."""
    if task := structlog.contextvars.get_contextvars().get("task"):
        return str(task)
    request = _served.get()
    if request is None:
        return ""
    match = getattr(request, "resolver_match", None)
    return match.view_name if match else mask_path(request.path)


class RequestContextMiddleware:
    """Outermost: settles the client's address, scheme and host, the request id, and writes the access log.

    `X-Forwarded-For`, `-Proto` and `-Host` are believed only from settings.TRUSTED_PROXIES and removed
    otherwise, so that nothing further in can believe them by mistake. `X-Request-ID` is taken over when it
    has 8 to 128 characters out of `A-Za-z0-9._-`, else one is made.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        caller = settle(request.META)
        request.client_address = caller.address  # type: ignore[attr-defined]
        request.request_id = caller.request_id  # type: ignore[attr-defined]
        with serving(request), in_logs(caller):
            response = self.get_response(request)
            response["X-Request-ID"] = caller.request_id
            log_access(request.META, request.path, response.status_code, started, _known_user(request))
        return response


@dataclass(frozen=True)
class Caller:
    """Who asks, as far as trusted proxies vouch for it, and under which id that is told of."""

    address: str
    request_id: str


def settle(environ: dict[str, Any]) -> Caller:
    """Whose request this WSGI environ is; found once, then kept in it."""
    caller: Caller | None = environ.get(_CALLER)
    if caller is None:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        request_id = given if _REQUEST_ID.fullmatch(given) else uuid4().hex
        caller = environ[_CALLER] = Caller(believe_proxies(environ), request_id)
    return caller


@contextmanager
def serving(request: HttpRequest) -> Iterator[None]:
    """Within it `current_place` is this request's view, or its path while that is not known."""
    served = _served.set(request)
    try:
        yield
    finally:
        _served.reset(served)


def in_logs(caller: Caller) -> AbstractContextManager[None]:
    """Within it every log line, audit entry and task names this caller's request."""
    return structlog.contextvars.bound_contextvars(request_id=caller.request_id, address=caller.address)


def believe_proxies(meta: dict[str, Any]) -> str:
    """Return the client's address and leave in `meta` (a WSGI environ) only what trusted proxies said.

    The proxy next to AQAD must set `X-Forwarded-Proto` and `-Host`, not append: the last value counts.
    """
    forwarded = {name: meta.pop(name, "") for name in _FORWARDED}
    address = _clean(meta.get("REMOTE_ADDR", ""))
    if not _trusted(address):
        return address
    if proto := _last(forwarded["HTTP_X_FORWARDED_PROTO"]).lower():
        meta["wsgi.url_scheme"] = "https" if proto == "https" else "http"
    if host := _last(forwarded["HTTP_X_FORWARDED_HOST"]):
        meta["HTTP_HOST"] = host
    for hop in reversed(forwarded["HTTP_X_FORWARDED_FOR"].split(",")):
        if not (hop_address := _clean(hop)):
            break
        address = hop_address
        if not _trusted(address):
            break
    return address


@lru_cache(maxsize=4096)
def _clean(text: str) -> str:
    """An address in its shortest form, without port or brackets; empty when it is none."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(address)


def _last(header: str) -> str:
    return header.rpartition(",")[2].strip()


def _trusted(address: str) -> bool:
    networks = _networks(tuple(settings.TRUSTED_PROXIES))
    return bool(address and networks) and any(ip_address(address) in network for network in networks)


@lru_cache(maxsize=8)
def _networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(text.strip(), strict=False) for text in texts if text.strip())


def log_access(environ: Mapping[str, Any], path: str, status: int, started: float, user: str = "") -> None:
    """The one line that tells of a request; `started` is what `time.perf_counter` said then."""
    if path in _QUIET:
        return
    details = {
        "method": environ["REQUEST_METHOD"],
        "path": mask_path(path),
        "status": status,
        "ms": round((time.perf_counter() - started) * 1000, 1),
    }
    if query := environ.get("QUERY_STRING"):
        details["query"] = mask_query(query)
    if user:
        details["user"] = user
    logs.write_masked("aqad.access", "request", details)


def _known_user(request: HttpRequest) -> str:
    """The code of the user, only where somebody has already loaded it: a log line costs no query."""
    user = getattr(request, "_cached_user", None)
    if user is None and type(given := request.__dict__.get("user")).__name__ != "SimpleLazyObject":
        user = given
    if user is None or not getattr(user, "is_authenticated", False):
        return ""
    return str(getattr(user, "code", "") or f"user {user.pk}")
