"""The WSGI application: which address leads to which answer."""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import structlog

from payments.gateways.sandbox.api import Api
from payments.gateways.sandbox.config import Config
from payments.gateways.sandbox.faults import Faults
from payments.gateways.sandbox.http import (
    Refusal,
    Request,
    Response,
    json_response,
    read_request,
    request_id,
)
from payments.gateways.sandbox.pages import Pages
from payments.gateways.sandbox.store import Store
from payments.gateways.sandbox.webhooks import Senders

log = structlog.get_logger()

Handler = Callable[..., Response]
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class App:
    """The program behind the server."""

    def __init__(self, api: Api, pages: Pages, store: Store) -> None:
        self._pages, self._store = pages, store
        self._routes: list[tuple[re.Pattern[str], Mapping[str, Handler]]] = [
            (re.compile(r"/healthz"), {"GET": self._healthz}),
            (re.compile(r"/static/([a-z.]+)"), {"GET": pages.asset}),
            (re.compile(r"/pay/(\w+)"), {"GET": pages.show, "POST": pages.pay}),
            (re.compile(r"/pay/(\w+)/confirm"), {"GET": pages.ask, "POST": pages.answer}),
            (re.compile(r"/v1/sessions"), {"POST": api.guarded(api.create_session)}),
            (re.compile(r"/v1/sessions/(\w+)"), {"GET": api.guarded(api.show_session)}),
            (re.compile(r"/v1/sessions/(\w+)/cancel"), {"POST": api.guarded(api.cancel_session)}),
            (re.compile(r"/v1/sessions/(\w+)/refunds"), {"POST": api.guarded(api.create_refund)}),
            (re.compile(r"/v1/refunds/(\w+)"), {"GET": api.guarded(api.show_refund)}),
            (re.compile(r"/v1/test/faults"), {"POST": api.order_faults}),
        ]

    def __call__(self, environ: Mapping[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        started = time.monotonic()
        method, path, trace = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/"), request_id(environ)
        response = self._answer({**environ, "HTTP_X_REQUEST_ID": trace}, path, trace)
        headers = {
            **response.headers,
            "Content-Type": response.content_type,
            "Content-Length": str(len(response.body)),
            "X-Content-Type-Options": "nosniff",
            "X-Request-ID": trace,
        }
        start_response(response.status_line, list(headers.items()))
        if path != "/healthz":
            took = round((time.monotonic() - started) * 1000, 1)
            log.info("request", method=method, path=path, status=response.status, ms=took, request_id=trace)
        return [] if method == "HEAD" else [response.body]

    def _answer(self, environ: Mapping[str, Any], path: str, trace: str) -> Response:
        try:
            return self._dispatch(read_request(environ))
        except Refusal as refusal:
            return self._refused(refusal, path, trace)
        except Exception:
            log.exception("crash", path=path, request_id=trace)
            return self._refused(Refusal(500, "server_error", "Something went wrong here."), path, trace)

    def _dispatch(self, request: Request) -> Response:
        for pattern, handlers in self._routes:
            if match := pattern.fullmatch(request.path):
                handler = handlers.get("GET" if request.method == "HEAD" else request.method)
                if handler is None:
                    raise Refusal(405, "method_not_allowed", "This address does not take that method.")
                return handler(request, *match.groups())
        raise Refusal(404, "not_found", "There is nothing at this address.")

    def _refused(self, refusal: Refusal, path: str, trace: str) -> Response:
        if not path.startswith("/v1/"):
            return (
                self._pages.lost(404) if refusal.status == 404
                else Response(refusal.status, refusal.message.encode())
            )  # fmt: skip
        error: dict[str, Any] = {"code": refusal.code, "message": refusal.message}
        if refusal.fields:
            error["fields"] = refusal.fields
        return json_response(refusal.status, {"error": error, "request_id": trace})

    def _healthz(self, request: Request) -> Response:
        self._store.ping()
        return json_response(200, {"status": "ok"})


def build(config: Config) -> App:
    """Open the store, start sending what is queued, and make the application."""
    store = Store(config.data / "sandbox.sqlite3", config.session_seconds, config.late_seconds)
    faults = Faults()
    senders = Senders(config, store, faults)
    senders.start()
    return App(Api(config, store, faults, senders.wake), Pages(store, senders.wake), store)
