"""Sends queued events to the merchant, signed, until each is taken."""

import hashlib
import hmac
import threading
import time

import requests
import structlog

from payments.gateways.sandbox.config import Config
from payments.gateways.sandbox.faults import Faults
from payments.gateways.sandbox.store import QueuedEvent, Store

log = structlog.get_logger()

RETRY_SECONDS = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
GIVE_UP_SECONDS = 24 * 3600
BETWEEN_COPIES_SECONDS = 1.0
CONNECT_SECONDS, READ_SECONDS = 3.0, 10.0
# Longer than one attempt can take, so an event is sent again only if its sender died.
LEASE_SECONDS = 20.0
IDLE_SECONDS = 0.25


class Sender(threading.Thread):
    """The one thread that sends. What it has not finished is in the file, so it may be killed at any time."""

    def __init__(self, config: Config, store: Store, faults: Faults) -> None:
        super().__init__(name="webhooks", daemon=True)
        self._config, self._store, self._faults = config, store, faults
        self._wake = threading.Event()

    def wake(self) -> None:
        """Say that something was queued."""
        self._wake.set()

    def run(self) -> None:
        """Send what is due, for ever."""
        while True:
            try:
                busy = self._step()
            except Exception:
                log.exception("webhook_sender_failed")
                busy = False
            if not busy:
                self._wake.wait(IDLE_SECONDS)
                self._wake.clear()

    def _step(self) -> bool:
        """Settle slow refunds and send one event; False if nothing was due."""
        self._store.settle_refunds()
        if self._faults.webhooks_held:
            return False
        event = self._store.claim_event(LEASE_SECONDS)
        if event is None:
            return False
        outcome = self._send(event)
        self._record(event, outcome)
        return True

    def _send(self, event: QueuedEvent) -> str:
        """Make one attempt; answer the status code or the kind of failure."""
        body = event.body.encode()
        headers = {
            "Content-Type": "application/json",
            "X-Sandbox-Signature": sign(body, self._config.webhook_secret, int(time.time())),
            "X-Request-ID": event.request_id,
        }
        try:
            with requests.Session() as session:
                session.trust_env = False
                response = session.post(
                    self._config.webhook_url,
                    data=body,
                    headers=headers,
                    timeout=(CONNECT_SECONDS, READ_SECONDS),
                    allow_redirects=False,
                )
        except requests.RequestException as error:
            return type(error).__name__
        return str(response.status_code)

    def _record(self, event: QueuedEvent, outcome: str) -> None:
        now, taken = time.time(), outcome.startswith("2")
        copies = event.copies - 1 if taken else event.copies
        due: float | None
        if taken:
            due = now + BETWEEN_COPIES_SECONDS if copies else None
        else:
            delay = RETRY_SECONDS[min(event.attempts, len(RETRY_SECONDS)) - 1]
            due = now + delay if now < event.created + GIVE_UP_SECONDS else None
        self._store.put_back(event, due, outcome, copies)
        log.info(
            "webhook_sent" if taken else "webhook_refused" if due else "webhook_given_up",
            event_id=event.id, attempt=event.attempts, outcome=outcome, request_id=event.request_id,
        )  # fmt: skip


def sign(body: bytes, secret: str, now: int) -> str:
    """Sign a body as sent at `now`: `t=<unix>,v1=<hex HMAC-SHA256 of "t.body">`."""
    digest = hmac.new(secret.encode(), f"{now}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={now},v1={digest}"
