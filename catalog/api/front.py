"""The short way for public reads: a hit needs no session, language, router, REST framework or request."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.db import InterfaceError, OperationalError, close_old_connections, connection
from django.urls import resolve

from aqad.lib.web import context, limits
from aqad.lib.web.at_once import Ready
from aqad.lib.web.bodies import longest_body
from aqad.lib.web.measuring import measure
from aqad.lib.web.outer_layers import Headers, OuterLayers
from catalog import cache
from catalog.api import public
from catalog.api.public import Read
from catalog.cache import Answer

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Front:
    """WSGI, in front of Django: answers anonymous GETs of `catalog.api.public`.

    Such a request counts against the `default` limit in the same round trip to Redis that fetches what is
    kept, and has the headers that Django's outer layers give. Whatever is not 200 or 304 takes the long way,
    which has the words for every refusal.

    Requests that wait at the same time share that round trip and the SELECT (`answer_at_once`).
    """

    at_once_below = public.BEGINNINGS
    longest_body = staticmethod(longest_body)

    def __init__(self, django: Application) -> None:
        self._django = django
        self._headers = lru_cache(maxsize=256)(OuterLayers().headers)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        ready = self._found(environ)
        if ready is None:
            return self._django(environ, start_response)
        start_response(ready.status_line, ready.headers)
        return [ready.body] if ready.body else []

    def answer_at_once(self, environs: Sequence[Environ]) -> list[Ready | None]:
        """What is kept for each of these requests; None where this one is to be called for by itself."""
        started = time.perf_counter()
        ready: list[Ready | None] = [None] * len(environs)
        asked = {at: one for at, environ in enumerate(environs) if (one := self._asked(environ))}
        if not asked:
            return ready
        try:
            allowed, kept = limits.count_and_get(
                "default", [(one.subject, one.key) for one in asked.values()]
            )
            asked = {at: one for (at, one), may in zip(asked.items(), allowed, strict=True) if may}
            for one in asked.values():
                one.environ[limits.COUNTED] = True
            close_old_connections()  # as Django does before each request
            current = {key: _Shown(answer) for key, answer in cache.still_current(kept).items()}
        except Exception as error:  # noqa: BLE001 - whatever it is, the long way meets it too, and answers it
            _let_go(error)
            return ready
        for at, one in asked.items():
            if (shown := current.get(one.key)) and shown.body:
                cache.hits.labels(one.read.kind).inc()
                ready[at] = one.told(shown, started)
        return ready

    def _found(self, environ: Environ) -> Ready | None:
        """What is kept, or else made; None where the long way has to say what is wrong."""
        started = time.perf_counter()
        if limits.COUNTED not in environ and (ready := self.answer_at_once([environ])[0]):
            return ready
        asked = self._asked(environ) if limits.COUNTED in environ else None
        if asked is None:
            return None
        with context.in_logs(asked.caller):
            try:
                answer = asked.made()
            except Exception as error:  # noqa: BLE001 - as above
                _let_go(error)
                return None
        return asked.told(_Shown(answer), started) if answer.template else None

    def _asked(self, environ: Environ) -> "_Asked | None":
        """What a request asks for, where this is the way for it."""
        read = public.read_of(environ["PATH_INFO"]) if _is_anonymous_get(environ) else None
        if read is None:
            return None
        caller = context.settle(environ)
        host, origin = environ.get("HTTP_HOST", ""), environ.get("HTTP_ORIGIN", "")
        headers = self._headers(public.products.example, environ["wsgi.url_scheme"], host, origin)
        if headers is None:
            return None
        subject, key = limits.address_subject(caller.address), cache.key(public.name_of(environ))
        return _Asked(environ, read, caller, headers, subject, key)


class _Shown:
    """An answer as bytes, for all who ask for it at the same time."""

    def __init__(self, answer: Answer) -> None:
        self.body, self.etag = answer.body, answer.etag
        self.length = str(len(self.body))


@dataclass(frozen=True)
class _Asked:
    environ: Environ
    read: Read
    caller: context.Caller
    headers: Headers
    subject: str  # of the limit
    key: str  # of the cache

    def made(self) -> Answer:
        request = WSGIRequest(self.environ)
        with context.serving(request):
            return self.read.answer(request, kept=None)

    def told(self, shown: _Shown, started: float) -> Ready:
        """The answer to this one, which is counted and logged."""
        headers = [
            *self.headers,
            ("X-Request-ID", self.caller.request_id),
            ("ETag", shown.etag),
            ("Cache-Control", public.CACHE_CONTROL),
        ]
        if public.is_known(self.environ, shown.etag):
            ready = Ready(304, headers)
        else:
            headers += [("Content-Type", public.CONTENT_TYPE), ("Content-Length", shown.length)]
            ready = Ready(200, headers, shown.body)
        scheme, took = self.environ["wsgi.url_scheme"], time.perf_counter() - started
        measure(_view_of(self.read), scheme, ready.status, len(ready.body), took)
        with context.in_logs(self.caller):
            context.log_access(self.environ, self.environ["PATH_INFO"], ready.status, started)
        return ready


def _is_anonymous_get(environ: Environ) -> bool:
    return (
        environ["REQUEST_METHOD"] == "GET"
        and "HTTP_AUTHORIZATION" not in environ
        and "%00" not in environ.get("QUERY_STRING", "")
        and not environ.get("SCRIPT_NAME")
    )


def _let_go(error: Exception) -> None:
    if isinstance(error, OperationalError | InterfaceError):
        connection.close()


@lru_cache(maxsize=16)
def _view_of(read: Read) -> str:
    """The view that answers such a read by the long way, as it is named in the figures."""
    return str(resolve(read.example).view_name)
