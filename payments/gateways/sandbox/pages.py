"""The hosted pages, where a buyer types a card and confirms with the bank."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.template import Context, Engine

from payments.gateways.sandbox.cards import BY_NAME, CARDS, Card, read_entry
from payments.gateways.sandbox.http import Refusal, Request, Response
from payments.gateways.sandbox.store import Session, Store
from payments.gateways.sandbox.words import WORDS

log = structlog.get_logger()

HERE = Path(__file__).parent
ASSETS = {"style.css": "text/css; charset=utf-8", "mark.svg": "image/svg+xml", "beads.svg": "image/svg+xml"}
FIELDS = ("card_number", "expiry", "cvc")
# A typed value goes back into the form; nobody types more than this.
LONGEST_ENTRY = 40


class Pages:
    """The pages of one session at `/pay/<id>`. Django's template engine is used alone, without settings."""

    def __init__(self, store: Store, wake: Callable[[], None]) -> None:
        self._store, self._wake = store, wake
        self._engine = Engine(dirs=[str(HERE / "templates")])

    def show(self, request: Request, session_id: str) -> Response:
        """GET /pay/<id>: the order's summary and the card form, or how the session ended."""
        session = self._store.session(session_id)
        if session.status != "pending":
            return self._ended(session)
        return self._form(session, 200, {}, {})

    def pay(self, request: Request, session_id: str) -> Response:
        """POST /pay/<id>: take the card; wrong input gives the form again with all typed but the code."""
        session = self._store.session(session_id)
        if session.status != "pending":
            return self._ended(session, 409)
        form = request.form()
        entry = read_entry(form)
        if entry.errors:
            typed = {name: form.get(name, "")[:LONGEST_ENTRY] for name in FIELDS if name != "cvc"}
            return self._form(session, 400, entry.errors, typed)
        if entry.card.challenge:
            if not self._store.challenge(session_id, entry.card, entry.last4):
                return self._ended(self._store.session(session_id), 409)
            return _see_other(f"/pay/{session_id}/confirm")
        return self._settle(request, session, entry.card, entry.last4, entry.card.reason)

    def ask(self, request: Request, session_id: str) -> Response:
        """GET /pay/<id>/confirm: the bank's question (3-D Secure)."""
        session = self._store.session(session_id)
        if session.status != "pending":
            return self._ended(session)
        if not session.challenged:
            return _see_other(f"/pay/{session_id}")
        return self._page("confirm.html", 200, session)

    def answer(self, request: Request, session_id: str) -> Response:
        """POST /pay/<id>/confirm: `outcome=refuse`, the second button, refuses; else it is confirmed."""
        session = self._store.session(session_id)
        if session.status != "pending":
            return self._ended(session, 409)
        if not session.challenged:
            return _see_other(f"/pay/{session_id}")
        refused = request.form().get("outcome") == "refuse"
        reason = "authentication_refused" if refused else ""
        return self._settle(request, session, BY_NAME[session.card], session.last4, reason)

    def asset(self, request: Request, name: str) -> Response:
        """GET /static/<name>"""
        if name not in ASSETS:
            raise Refusal(404, "not_found", "There is no such file.")
        body = (HERE / "static" / name).read_bytes()
        return Response(200, body, ASSETS[name], {"Cache-Control": "public, max-age=300"})

    def lost(self, status: int) -> Response:
        """Answer an address that leads to no session."""
        return self._render("lost.html", status, "en", {}, "'none'")

    def _settle(self, request: Request, session: Session, card: Card, last4: str, reason: str) -> Response:
        moved = self._store.settle(session.id, card, last4, reason, request.request_id)
        if not moved:
            return self._ended(self._store.session(session.id), 409)
        self._wake()
        log.info(
            "session_failed" if reason else "session_paid",
            session=session.id, reference=session.reference, reason=reason, request_id=request.request_id,
        )  # fmt: skip
        return _see_other(session.return_url)

    def _form(self, session: Session, status: int, errors: dict[str, str], typed: dict[str, str]) -> Response:
        words = WORDS[session.language]
        fields = {
            name: {"value": typed.get(name, ""), "error": words[errors[name]] if name in errors else ""}
            for name in FIELDS
        }
        cards = [(_grouped(card.number), words[f"card_{card.name}"]) for card in CARDS]
        first = next(iter(errors), "")
        return self._page("pay.html", status, session, fields=fields, cards=cards, first_error=first)

    def _ended(self, session: Session, status: int = 200) -> Response:
        words = WORDS[session.language]
        return self._page(
            "ended.html", status, session,
            heading=words[f"ended_{session.status}"],
            text=words[f"ended_{session.status}_text"],
            reason=words.get(f"reason_{session.reason}", ""),
        )  # fmt: skip

    def _page(self, template: str, status: int, session: Session, **more: Any) -> Response:
        back = urlsplit(session.return_url)
        amount = f"{session.amount // 100:,}.{session.amount % 100:02d}"
        content = {"session": session, "amount": amount, **more}
        # The merchant's origin is needed: Chromium applies form-action to the redirect after a form, too.
        return self._render(
            template, status, session.language, content, f"'self' {back.scheme}://{back.netloc}"
        )

    def _render(
        self, template: str, status: int, language: str, content: dict[str, Any], form_action: str
    ) -> Response:
        direction = "rtl" if language == "ar" else "ltr"
        context = Context(
            {"t": WORDS[language], "language": language, "direction": direction, **content},
            use_l10n=False, use_tz=False,
        )  # fmt: skip
        body = self._engine.get_template(template).render(context).encode()
        policy = (
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none';"
            f" form-action {form_action}"
        )
        headers = {
            "Content-Security-Policy": policy,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
        }
        return Response(status, body, "text/html; charset=utf-8", headers)


def _see_other(address: str) -> Response:
    return Response(303, headers={"Location": address, "Cache-Control": "no-store"})


def _grouped(number: str) -> str:
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))
