"""The real sandbox gateway as a process, and a merchant's ear that collects its webhooks."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 20.0
CARD = "4242424242424242"
DECLINED = "4000000000000002"
INSUFFICIENT = "4000000000009995"
CHALLENGED = "4000000000003220"
LATE_AND_TWICE = "4000000000000259"
REFUNDS_FAIL = "4000000000005126"
REFUNDS_SLOW = "4000000000007726"


def free_port() -> int:
    """Find a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True)
class Webhook:
    """One delivery as it arrived."""

    body: bytes
    headers: Mapping[str, str]
    answered: int

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.body)
        return content

    @property
    def session(self) -> str:
        return str(self.content["data"]["session"])


class Receiver:
    """Collects webhooks on loopback; answers 500 to the first few of a session when told so."""

    def __init__(self) -> None:
        self._arrived = threading.Condition()
        self._webhooks: list[Webhook] = []
        self._refusals: dict[str, int] = {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(receiver._take(body, dict(self.headers)))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Keep the tests' output quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def refuse(self, session_id: str, times: int) -> None:
        """Answer 500 to the next webhooks of this session."""
        self._refusals[session_id] = times

    def of(self, session_id: str) -> list[Webhook]:
        """List what has arrived for this session, refused ones included."""
        with self._arrived:
            return [webhook for webhook in self._webhooks if webhook.session == session_id]

    def wait(self, session_id: str, count: int = 1) -> list[Webhook]:
        """Wait until this session has had so many webhooks, and list them."""
        with self._arrived:
            arrived = self._arrived.wait_for(lambda: len(self.of(session_id)) >= count, PATIENCE_SECONDS)
        assert arrived, f"{session_id}: {len(self.of(session_id))} webhooks of {count} came"
        return self.of(session_id)

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()

    def _take(self, body: bytes, headers: dict[str, str]) -> int:
        session = json.loads(body)["data"]["session"]
        with self._arrived:
            left = self._refusals.get(session, 0)
            self._refusals[session] = max(left - 1, 0)
            status = 500 if left else 200
            self._webhooks.append(Webhook(body, headers, status))
            self._arrived.notify_all()
        return status


@dataclass
class Sandbox:
    """A sandbox gateway of its own port and folder. Use as a context manager."""

    data: Path
    webhook_url: str = ""
    late_seconds: float = 0.3
    session_seconds: int = 86400
    api_key: str = "test-key"
    webhook_secret: str = "test-secret"
    receiver: Receiver = field(default_factory=Receiver)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the process and wait until it answers."""
        with (self.data / "gateway.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "payments.gateways.sandbox"],
                cwd=ROOT,
                env=self._environment(),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_until(self._answers, f"the sandbox did not start, see {log.name}")

    def kill(self) -> None:
        """Kill -9 the process and its worker."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def order_faults(self, **faults: float | bool) -> None:
        """Have calls fail or webhooks held back; nothing named ends all faults."""
        self.call("POST", "/v1/test/faults", faults).raise_for_status()

    def call(
        self, method: str, path: str, content: Any = None, *, key: str = "", **headers: str
    ) -> requests.Response:
        """Call the merchant's API."""
        extra = {"Idempotency-Key": key} if key else {}
        return http(
            method,
            self.url + path,
            json=content,
            headers={"Authorization": f"Bearer {self.api_key}", **extra, **headers},
        )

    def pay(self, url: str, number: str = CARD, expiry: str = "12/40", cvc: str = "123") -> requests.Response:
        """Send the card form of a hosted page; the answer's redirect is not followed."""
        return http("POST", url, data={"card_number": number, "expiry": expiry, "cvc": cvc})

    def confirm(self, url: str, outcome: str = "confirm") -> requests.Response:
        """Answer the bank's question (3-D Secure) of a hosted page."""
        return http("POST", f"{url}/confirm", data={"outcome": outcome})

    def log(self) -> str:
        """Read what the process has said."""
        return (self.data / "gateway.log").read_text()

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log()
        try:
            return http("GET", f"{self.url}/healthz").status_code == 200
        except requests.ConnectionError:
            return False

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            # Names no module: proves that the program needs nothing of AQAD.
            "DJANGO_SETTINGS_MODULE": "nowhere",
            "AQAD_GATEWAY_PORT": str(self.port),
            "AQAD_SANDBOX_DATA": str(self.data),
            "AQAD_SANDBOX_API_KEY": self.api_key,
            "AQAD_SANDBOX_WEBHOOK_SECRET": self.webhook_secret,
            "AQAD_SANDBOX_WEBHOOK_URL": self.webhook_url or self.receiver.url,
            "AQAD_SANDBOX_LATE_SECONDS": str(self.late_seconds),
            "AQAD_SANDBOX_SESSION_SECONDS": str(self.session_seconds),
        }

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self.receiver.close()


def http(method: str, url: str, **options: Any) -> requests.Response:
    """Make one request that follows no redirect and uses no proxy."""
    with requests.Session() as session:
        session.trust_env = False
        return session.request(method, url, allow_redirects=False, timeout=15, **options)


def wait_until(condition: Callable[[], bool], complaint: str) -> None:
    """Wait for something another process does."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.05)
