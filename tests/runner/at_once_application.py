"""A WSGI application that answers at once what is below /now, and tells which way a request took."""

import json
import os
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from aqad.lib.web.at_once import Ready

GATE = "GATE"  # names the file that `/now?gate` waits for
BIG = 20_000_000
PIECE = 100_000
MOST = 8_000_000  # bytes of a body, where the address does not say `?most=`


class Application:
    at_once_below = ("/now",)

    def answer_at_once(self, environs: list[dict[str, Any]]) -> list[Ready | None]:
        asked = [environ["QUERY_STRING"] for environ in environs]
        if "gate" in asked:
            gate = Path(os.environ[GATE])
            gate.with_name("at the gate").touch()
            while not gate.exists():
                time.sleep(0.01)
        if "fail" in asked:
            raise RuntimeError("as the test wants it")
        return [self._ready(environ, len(environs)) for environ in environs]

    def _ready(self, environ: dict[str, Any], together: int) -> Ready | None:
        if environ["QUERY_STRING"] == "later":
            environ["noted"] = "seen before"
            return None
        if environ["QUERY_STRING"] == "broken":
            return Ready(200, [("Not a header\r\n", "")])
        if environ["QUERY_STRING"] == "big":
            return _json({"filling": "x" * BIG})
        return _json({"way": threading.current_thread().name, "together": together})

    def longest_body(self, environ: dict[str, Any]) -> int:
        most = parse_qs(environ["QUERY_STRING"]).get("most")
        return int(most[0]) if most else MOST

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/file":
            start_response("200 OK", [("Content-Length", str(BIG))])
            with tempfile.TemporaryFile() as file:
                file.truncate(BIG)
                return environ["wsgi.file_wrapper"](os.fdopen(os.dup(file.fileno()), "rb"))  # type: ignore[no-any-return]
        if environ["PATH_INFO"] == "/stream":
            start_response("200 OK", [])
            return (b"x" * PIECE for _ in range(BIG // PIECE))
        if getattr(environ["wsgi.input"], "no_room", False):
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return []
        if int(environ.get("CONTENT_LENGTH") or 0) > self.longest_body(environ):
            start_response("413 Content Too Large", [("Content-Length", "0")])
            return []
        ready = _json(
            {
                "way": "a thread" if "Thread" in threading.current_thread().name else "elsewhere",
                "method": environ["REQUEST_METHOD"],
                "body": environ["wsgi.input"].read().decode(),
                "noted": environ.get("noted"),
            }
        )
        start_response(ready.status_line, ready.headers)
        return [ready.body]


def _json(what: dict[str, Any]) -> Ready:
    body = json.dumps(what).encode()
    return Ready(200, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))], body)


application = Application()
