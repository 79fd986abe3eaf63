"""The client of the sandbox gateway: the only way AQAD reaches it."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

import requests
import structlog
from django.conf import settings

from payments.gateways.base import (
    BadSignature,
    Event,
    Gateway,
    GatewayRefused,
    GatewayUnavailable,
    PaymentRequest,
    Redirect,
    RefundRequest,
    RefundState,
    State,
)

CONNECT_SECONDS, READ_SECONDS = 3.0, 10.0
ASK_AGAIN = frozenset({408, 425, 429})
SESSION_STATUSES = frozenset({"pending", "paid", "failed", "cancelled", "expired"})
REFUND_STATUSES = frozenset({"pending", "succeeded", "failed"})
# What reading JSON of any shape may raise: wrong types, missing fields, absurd times, endless nesting.
NOT_AN_EVENT = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    OverflowError,
    OSError,
    RecursionError,
    GatewayUnavailable,
)


class SandboxGateway(Gateway):
    """The sandbox, reached over HTTP with the API key of `settings.SANDBOX_API_KEY`."""

    name: ClassVar[str] = "sandbox"

    def __init__(self) -> None:
        self._url: str = settings.SANDBOX_URL.rstrip("/")
        self._api_key: str = settings.SANDBOX_API_KEY
        self._secret: str = settings.SANDBOX_WEBHOOK_SECRET
        self._tolerance: int = settings.WEBHOOK_TOLERANCE_SECONDS

    @property
    def browser_origins(self) -> tuple[str, ...]:
        """Name the origin of the hosted page."""
        parts = urlsplit(self._url)
        return (f"{parts.scheme}://{parts.netloc}",)

    def start(self, request: PaymentRequest) -> Redirect:
        """Open a payment session, or find the one opened before with the same key."""
        answer = self._call(
            "POST",
            "/v1/sessions",
            {
                "reference": request.reference,
                "amount": f"{request.amount:.2f}",
                "currency": request.currency,
                "description": request.description,
                "return_url": request.return_url,
                "customer_email": request.customer_email,
                "language": request.language,
            },
            request.idempotency_key,
        )
        return Redirect(session_id=_text(answer, "id"), url=_text(answer, "url"))

    def fetch(self, session_id: str) -> State:
        """Ask how a session stands."""
        return _state(self._call("GET", f"/v1/sessions/{quote(session_id, safe='')}"))

    def cancel(self, session_id: str) -> State:
        """End a session nobody has paid yet; a paid one stays paid."""
        return _state(self._call("POST", f"/v1/sessions/{quote(session_id, safe='')}/cancel", {}))

    def refund(self, request: RefundRequest) -> RefundState:
        """Give money back on a paid session."""
        answer = self._call(
            "POST",
            f"/v1/sessions/{quote(request.session_id, safe='')}/refunds",
            {
                "reference": request.reference,
                "amount": f"{request.amount:.2f}",
                "currency": request.currency,
                "reason": request.reason,
            },
            request.idempotency_key,
        )
        return _refund_state(answer)

    def fetch_refund(self, gateway_reference: str) -> RefundState:
        """Ask how a refund stands."""
        return _refund_state(self._call("GET", f"/v1/refunds/{quote(gateway_reference, safe='')}"))

    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """Verify `X-Sandbox-Signature` over the raw body, within the tolerance both ways, and read it."""
        given = {name.lower(): value for name, value in headers.items()}
        self._verify(body, given.get("x-sandbox-signature", ""))
        try:
            content = json.loads(body.decode())
            data = content["data"]
            return Event(
                id=_text(content, "id"),
                type=_text(content, "type"),
                session_id=_text(data, "session"),
                reference=_text(data, "reference"),
                occurred_at=datetime.fromtimestamp(content["created"], UTC),
                refund_reference=_text(data["refund"], "id") if data.get("refund") else "",
            )
        except NOT_AN_EVENT as error:
            raise GatewayRefused("The signed body is not an event.", "malformed_event") from error

    def _verify(self, body: bytes, signature: str) -> None:
        """Raise `BadSignature` unless one `v1` of `t=<unix>,v1=<hex>[,v1=<hex>…]` is ours and its time near.

        While a company changes its secret it signs with the old and the new one.
        """
        parts = [part.strip().partition("=")[::2] for part in signature.split(",")]
        moments = [value for name, value in parts if name == "t"]
        signed_at = moments[0] if len(moments) == 1 else ""
        if not (signed_at.isascii() and signed_at.isdigit() and len(signed_at) <= 12):
            raise BadSignature("The signature is missing or malformed.")
        expected = hmac.new(
            self._secret.encode(), signed_at.encode() + b"." + body, hashlib.sha256
        ).hexdigest()
        given = [value for name, value in parts if name == "v1" and value.isascii()]
        if not any(hmac.compare_digest(expected, value) for value in given):
            raise BadSignature("The signature does not fit the body.")
        if abs(time.time() - int(signed_at)) > self._tolerance:
            raise BadSignature("The signature is too old or from the future.")

    def _call(
        self, method: str, path: str, content: dict[str, str] | None = None, key: str = ""
    ) -> dict[str, Any]:
        """Make one call and answer its JSON object.

        A session of its own for each call: `requests` sessions are not for sharing between threads or across
        a fork, and a kept connection closed by the other side would turn a safe POST into an unknown one.
        """
        headers = {"Authorization": f"Bearer {self._api_key}", "Accept": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        if request_id := structlog.contextvars.get_contextvars().get("request_id"):
            headers["X-Request-ID"] = str(request_id)
        try:
            with requests.Session() as session:
                session.trust_env = False
                response = session.request(
                    method,
                    self._url + path,
                    json=content,
                    headers=headers,
                    timeout=(CONNECT_SECONDS, READ_SECONDS),
                    allow_redirects=False,
                )
        except requests.RequestException as error:
            raise GatewayUnavailable(f"The sandbox did not answer {method} {path}: {error}") from error
        return _read(response)


def _read(response: requests.Response) -> dict[str, Any]:
    """Answer the JSON object of a 2xx, else raise what the status means."""
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if response.status_code >= 500 or response.status_code in ASK_AGAIN:
        raise GatewayUnavailable(f"The sandbox answered {response.status_code}.")
    if response.status_code >= 400:
        error = answer.get("error", {}) if isinstance(answer, dict) else {}
        message = error.get("message", f"The sandbox answered {response.status_code}.")
        raise GatewayRefused(message, error.get("code", ""))
    if response.status_code >= 300 or not isinstance(answer, dict):
        raise GatewayUnavailable(f"The sandbox's answer ({response.status_code}) is not a JSON object.")
    return answer


def _text(answer: Mapping[str, Any], field: str) -> str:
    value = answer.get(field)
    if not isinstance(value, str) or not value:
        raise GatewayUnavailable(f"The sandbox's answer lacks {field}.")
    return value


def _money(answer: Mapping[str, Any], field: str) -> Decimal:
    try:
        return Decimal(_text(answer, field))
    except InvalidOperation as error:
        raise GatewayUnavailable(f"The sandbox's answer has no amount in {field}.") from error


def _status(answer: Mapping[str, Any], known: frozenset[str]) -> Any:
    """Answer the status; a word we do not know is no ground to act on, so it counts as no answer."""
    status = _text(answer, "status")
    if status not in known:
        raise GatewayUnavailable(f"The sandbox answered an unknown status {status!r}.")
    return status


def _state(answer: Mapping[str, Any]) -> State:
    return State(
        status=_status(answer, SESSION_STATUSES),
        amount_paid=_money(answer, "amount_captured"),
        amount_refunded=_money(answer, "amount_refunded"),
        reason=str(answer.get("reason", "")),
    )


def _refund_state(answer: Mapping[str, Any]) -> RefundState:
    return RefundState(
        status=_status(answer, REFUND_STATUSES),
        gateway_reference=_text(answer, "id"),
        reason=str(answer.get("failure", "")),
    )
