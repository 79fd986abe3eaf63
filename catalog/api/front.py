"""The short way for public reads: a hit needs no session, language, router, REST framework or request."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.urls import resolve

from aqad.lib.web import context, limits
from aqad.lib.web.measuring import measure
from aqad.lib.web.outer_layers import OuterLayers
from catalog import cache
from catalog.api import public
from catalog.api.public import Read
from catalog.cache import Answer

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Found:
    status: int
    headers: list[tuple[str, str]]
    body: bytes = b""


class Front:
    """WSGI, in front of Django: answers anonymous GETs of `catalog.api.public`.

    Such a request counts against the `default` limit in the same round trip to Redis that fetches what is
    kept, and has the headers that Django's outer layers give. Whatever is not 200 or 304 takes the long way,
    which has the words for every refusal.
    """

    def __init__(self, django: Application) -> None:
        self._django = django
        self._headers = lru_cache(maxsize=256)(OuterLayers().headers)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        read = public.read_of(environ["PATH_INFO"]) if _is_anonymous_get(environ) else None
        found = self._find(environ, read) if read else None
        if found is None:
            return self._django(environ, start_response)
        start_response("200 OK" if found.status == 200 else "304 Not Modified", found.headers)
        return [found.body] if found.body else []

    def _find(self, environ: Environ, read: Read) -> Found | None:
        started = time.perf_counter()
        caller = context.settle(environ)
        with context.in_logs(caller):
            host, origin = environ.get("HTTP_HOST", ""), environ.get("HTTP_ORIGIN", "")
            headers = self._headers(public.products.example, environ["wsgi.url_scheme"], host, origin)
            answer = _answer(environ, read, caller.address) if headers else None
            if headers is None or answer is None:
                return None
            found = _found(environ, answer, [*headers, ("X-Request-ID", caller.request_id)])
            took = time.perf_counter() - started
            measure(_view_of(read), environ["wsgi.url_scheme"], found.status, len(found.body), took)
            context.log_access(environ, environ["PATH_INFO"], found.status, started)
        return found


def _is_anonymous_get(environ: Environ) -> bool:
    return (
        environ["REQUEST_METHOD"] == "GET"
        and "HTTP_AUTHORIZATION" not in environ
        and "%00" not in environ.get("QUERY_STRING", "")
        and not environ.get("SCRIPT_NAME")
    )


def _answer(environ: Environ, read: Read, address: str) -> Answer | None:
    """What is kept, or else made; None where the long way has to say what is wrong."""
    try:
        subject, place = limits.address_subject(address), cache.key(public.name_of(environ))
        kept = limits.check_and_get("default", subject, place)
        environ[limits.COUNTED] = True
        close_old_connections()  # as Django does before each request
        answer = cache.kept_answer(read.kind, kept) or _made(environ, read)
    except Exception as error:  # noqa: BLE001 - whatever it is, the long way meets it too, and answers it
        if isinstance(error, OperationalError | InterfaceError):
            connection.close()
        return None
    return answer if answer.template else None


def _made(environ: Environ, read: Read) -> Answer:
    request = WSGIRequest(environ)
    with context.serving(request):
        return read.answer(request, kept=None)


def _found(environ: Environ, answer: Answer, headers: list[tuple[str, str]]) -> Found:
    etag = answer.etag
    headers += [("ETag", etag), ("Cache-Control", public.CACHE_CONTROL)]
    if public.is_known(environ, etag):
        return Found(304, headers)
    body = answer.body
    headers += [("Content-Type", public.CONTENT_TYPE), ("Content-Length", str(len(body)))]
    return Found(200, headers, body)


@lru_cache(maxsize=16)
def _view_of(read: Read) -> str:
    """The view that answers such a read by the long way, as it is named in the figures."""
    return str(resolve(read.example).view_name)
