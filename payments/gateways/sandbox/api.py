"""The merchant's API: JSON under `/v1/`, with the API key as bearer token."""

import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any

import structlog

from payments.gateways.sandbox.config import Config
from payments.gateways.sandbox.faults import Faults
from payments.gateways.sandbox.http import Refusal, Request, Response, json_response
from payments.gateways.sandbox.store import NewRefund, NewSession, Refund, Session, Store

log = structlog.get_logger()

AMOUNT = re.compile(r"[0-9]{1,10}(\.[0-9]{1,2})?")
KEY = re.compile(r"[!-~]{1,255}")
WEB_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?([/?#][!-~]*)?")
LONGEST = {"reference": 64, "description": 200, "return_url": 2000, "customer_email": 254, "reason": 500}


class Api:
    """What a merchant may ask; each method answers one call."""

    def __init__(self, config: Config, store: Store, faults: Faults, wake: Callable[[], None]) -> None:
        self._config, self._store, self._faults, self._wake = config, store, faults, wake

    def guarded(self, handler: Callable[..., Response]) -> Callable[..., Response]:
        """Let only the holder of the API key through, and let ordered faults happen."""

        def guard(request: Request, *parts: str) -> Response:
            self._authenticate(request)
            self._faults.before_call()
            response = handler(request, *parts)
            self._faults.after_call()
            return response

        return guard

    def create_session(self, request: Request) -> Response:
        """POST /v1/sessions"""
        session = self._store.open_session(_read_session(request.json()), _key(request))
        log.info(
            "session_opened", session=session.id, reference=session.reference, request_id=request.request_id
        )
        return json_response(201, self._session(session))

    def show_session(self, request: Request, session_id: str) -> Response:
        """GET /v1/sessions/<id>"""
        return json_response(200, self._session(self._store.session(session_id)))

    def cancel_session(self, request: Request, session_id: str) -> Response:
        """POST /v1/sessions/<id>/cancel"""
        session = self._store.cancel(session_id, request.request_id)
        self._wake()
        log.info("session_cancel", session=session.id, status=session.status, request_id=request.request_id)
        return json_response(200, self._session(session))

    def create_refund(self, request: Request, session_id: str) -> Response:
        """POST /v1/sessions/<id>/refunds"""
        new = _read_refund(request.json(), session_id)
        refund = self._store.open_refund(new, _key(request), request.request_id)
        self._wake()
        log.info(
            "refund",
            refund=refund.id,
            session=session_id,
            status=refund.status,
            request_id=request.request_id,
        )
        return json_response(201, _refund(refund))

    def show_refund(self, request: Request, refund_id: str) -> Response:
        """GET /v1/refunds/<id>"""
        return json_response(200, _refund(self._store.refund(refund_id)))

    def order_faults(self, request: Request) -> Response:
        """POST /v1/test/faults — the one call that is never itself made to fail."""
        self._authenticate(request)
        ordered = self._faults.order(request.json())
        self._wake()
        return json_response(200, ordered)

    def _authenticate(self, request: Request) -> None:
        given = request.headers.get("authorization", "").encode("utf-8", "replace")
        if not hmac.compare_digest(given, f"Bearer {self._config.api_key}".encode()):
            raise Refusal(401, "unauthorized", "The API key is missing or wrong.")

    def _session(self, session: Session) -> dict[str, Any]:
        return {
            "id": session.id,
            "url": f"{self._config.url}/pay/{session.id}",
            "reference": session.reference,
            "amount": money(session.amount),
            "currency": session.currency,
            "description": session.description,
            "status": session.status,
            "reason": session.reason,
            "card_last4": session.last4,
            "amount_captured": money(session.captured),
            "amount_refunded": money(session.refunded),
            "refunds": [_refund(refund) for refund in self._store.refunds(session.id)],
            "created": int(session.created),
            "expires": int(session.expires),
        }


def money(fils: int) -> str:
    """Write fils as dirhams with two places."""
    return f"{fils // 100}.{fils % 100:02d}"


def _refund(refund: Refund) -> dict[str, Any]:
    return {
        "id": refund.id,
        "session": refund.session,
        "reference": refund.reference,
        "amount": money(refund.amount),
        "reason": refund.reason,
        "status": refund.status,
        "failure": refund.failure,
        "created": int(refund.created),
    }


def _key(request: Request) -> str:
    key = request.headers.get("idempotency-key", "")
    if key and not KEY.fullmatch(key):
        raise Refusal(422, "validation_error", "Idempotency-Key: 1 to 255 visible characters.")
    return key


def _read_session(content: Mapping[str, Any]) -> NewSession:
    faults = _text_faults(
        content, needed=("reference", "return_url"), optional=("description", "customer_email")
    )
    if "return_url" not in faults and not WEB_ADDRESS.fullmatch(content["return_url"]):
        faults["return_url"] = "An http or https address."
    if content.get("language", "en") not in ("en", "ar"):
        faults["language"] = "en or ar."
    amount = _read_amount(content, faults)
    return NewSession(
        reference=content["reference"],
        amount=amount,
        currency="AED",
        description=content.get("description", ""),
        return_url=content["return_url"],
        customer_email=content.get("customer_email", ""),
        language=content.get("language", "en"),
    )


def _read_refund(content: Mapping[str, Any], session_id: str) -> NewRefund:
    faults = _text_faults(content, needed=(), optional=("reference", "reason"))
    amount = _read_amount(content, faults)
    return NewRefund(session_id, content.get("reference", ""), amount, content.get("reason", ""))


def _text_faults(
    content: Mapping[str, Any], *, needed: tuple[str, ...], optional: tuple[str, ...]
) -> dict[str, str]:
    """Find the texts that are missing, too long or no texts."""
    faults = {}
    for name in (*needed, *optional):
        value = content.get(name, "")
        if not isinstance(value, str) or len(value) > LONGEST[name] or (name in needed and not value):
            faults[name] = f"A text of at most {LONGEST[name]} characters."
    return faults


def _read_amount(content: Mapping[str, Any], faults: dict[str, str]) -> int:
    """Answer the amount in fils. Raises `Refusal` 422 with all the faults found so far and its own."""
    text = content.get("amount")
    fils = 0
    if isinstance(text, str) and AMOUNT.fullmatch(text):
        whole, _, part = text.partition(".")
        fils = int(whole) * 100 + int(part.ljust(2, "0"))
    if fils == 0:
        faults["amount"] = "A positive amount as a text, such as 4725.00."
    if content.get("currency") != "AED":
        faults["currency"] = "Only AED is taken."
    if faults:
        raise Refusal(422, "validation_error", "Some fields are wrong.", faults)
    return fils
