"""AQAD as a server runs it: unlike Django's test client it lets go of the database after each answer."""

from typing import Any

from werkzeug.test import Client

from aqad.lib.web.content_type import Handler
from catalog.api.front import Front


def application() -> Any:
    """AQAD's WSGI application; each answer is read to its end and closed."""
    inner = Front(Handler())

    def run(environ: Any, start_response: Any) -> list[bytes]:
        answer = inner(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            getattr(answer, "close", lambda: None)()

    return run


def browser() -> Client:
    """A client from outside, which knows nothing of Django."""
    return Client(application())
