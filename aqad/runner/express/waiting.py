"""A request that waits in the lane, read and answered by gunicorn's own means."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from gunicorn.config import Config
from gunicorn.http import wsgi
from gunicorn.http.parser import RequestParser

from aqad.lib.web.at_once import Ready
from aqad.runner.express.connection import Connection


@dataclass(frozen=True)
class Waiting:
    """`environ` is that of WSGI."""

    conn: Connection
    environ: dict[str, Any]
    _response: wsgi.Response

    def answered(self, ready: Ready, *, closing: bool) -> tuple[bytes, bool]:
        """The answer as it is sent, and whether the connection stays open."""
        written = self._response.sock = _Written()
        keep = self.answered_by(partial(_as_it_is, ready), closing=closing)
        return b"".join(written), keep

    def answered_by(self, application: Callable[..., Any], *, closing: bool) -> bool:
        """Send what the application answers, and tell whether the connection stays open."""
        if closing:
            self._response.force_close()
        chunks = application(self.environ, self._response.start_response)
        try:
            for chunk in chunks:
                self._response.write(chunk)
            self._response.close()
        finally:
            getattr(chunks, "close", lambda: None)()
        return not self._response.should_close()


def _as_it_is(ready: Ready, _environ: Any, start_response: Callable[..., Any]) -> list[bytes]:
    start_response(ready.status_line, ready.headers)
    return [ready.body] if ready.body else []


class _Written(list[bytes]):
    """What gunicorn writes an answer to, in place of the socket."""

    sendall = list.append


def parsed(conn: Connection, there: bytes, config: Config) -> Waiting | None:
    """The request as gunicorn reads it; None where it is none."""
    try:
        request = next(RequestParser(config, [there], conn.client))
        response, environ = wsgi.create(request, conn.outlet, conn.client, conn.server, config)
    except Exception:  # noqa: BLE001 - a thread reads it again, and says what is wrong
        return None
    environ["wsgi.multithread"] = True
    return Waiting(conn, environ, response)
