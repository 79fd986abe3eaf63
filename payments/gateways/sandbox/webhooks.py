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
AT_ONCE = 4


class Senders:
    """The threads that send, several so that one slow answer holds up one event.

    What they have not finished is in the file, so they may be killed at any time.
    """

    def __init__(self, config: Config, store: Store, faults: Faults) -> None:
        self._queued = threading.Semaphore(0)
        self._threads = [
            Sender(config, store, faults, self._queued, keeps_watch=number == 0) for number in range(AT_ONCE)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Say that something was queued."""
        self._queued.release()


class Sender(threading.Thread):
    """Sends one event after the other. The one that keeps watch also looks for what falls due by itself."""

    def __init__(
        self, config: Config, store: Store, faults: Faults, queued: threading.Semaphore, *, keeps_watch: bool
    ) -> None:
        super().__init__(name="webhooks", daemon=True)
        self._config, self._store, self._faults = config, store, faults
        self._queued, self._keeps_watch = queued, keeps_watch

    def run(self) -> None:
        """Send what is due, for ever; over one connection while there is something to send."""
        while True:
            try:
                with requests.Session() as session:
                    session.trust_env = False
                    while self._step(session):
                        pass
            except Exception:
                log.exception("webhook_sender_failed")
            self._queued.acquire(timeout=IDLE_SECONDS if self._keeps_watch else None)

    def _step(self, session: requests.Session) -> bool:
        """Send one event; False if nothing was due."""
        if self._keeps_watch:
            self._store.settle_refunds()
        if self._faults.webhooks_held:
            return False
        event = self._store.claim_event(LEASE_SECONDS)
        if event is None:
            return False
        outcome = self._send(session, event)
        self._record(event, outcome)
        return True

    def _send(self, session: requests.Session, event: QueuedEvent) -> str:
        """Make one attempt; answer the status code or the kind of failure."""
        body = event.body.encode()
        headers = {
            "Content-Type": "application/json",
            "X-Sandbox-Signature": sign(body, self._config.webhook_secret, int(time.time())),
            "X-Request-ID": event.request_id,
        }
        try:
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
