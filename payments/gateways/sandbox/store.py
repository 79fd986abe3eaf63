"""Sessions, refunds and queued webhooks in one SQLite file; every change and its event in one transaction.

Amounts are whole fils. Times are Unix seconds.
"""

import json
import secrets
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from payments.gateways.sandbox.cards import BY_NAME, Card
from payments.gateways.sandbox.http import Refusal

SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (
    id TEXT PRIMARY KEY, idempotency_key TEXT UNIQUE, reference TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency TEXT NOT NULL, description TEXT NOT NULL, return_url TEXT NOT NULL, customer_email TEXT NOT NULL,
    language TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'pending', reason TEXT NOT NULL DEFAULT '',
    card TEXT NOT NULL DEFAULT '', last4 TEXT NOT NULL DEFAULT '', challenged INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS refunds (
    id TEXT PRIMARY KEY, idempotency_key TEXT UNIQUE, session TEXT NOT NULL REFERENCES sessions (id),
    reference TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0),
    reason TEXT NOT NULL, status TEXT NOT NULL,
    failure TEXT NOT NULL DEFAULT '', settles REAL, request_id TEXT NOT NULL, created REAL NOT NULL);
CREATE INDEX IF NOT EXISTS refunds_by_session ON refunds (session);
CREATE INDEX IF NOT EXISTS refunds_to_settle ON refunds (settles) WHERE settles IS NOT NULL;
CREATE TABLE IF NOT EXISTS events (
    id TEXT PRIMARY KEY, body TEXT NOT NULL, request_id TEXT NOT NULL, created REAL NOT NULL,
    due REAL, copies INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, outcome TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS events_due ON events (due) WHERE due IS NOT NULL;
"""


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a merchant asks for when opening a session."""

    reference: str
    amount: int
    currency: str
    description: str
    return_url: str
    customer_email: str
    language: str


@dataclass(frozen=True, slots=True)
class Session(NewSession):
    """A payment session. `captured` and `refunded` are what was taken and what has gone back."""

    id: str
    status: str
    reason: str
    card: str
    last4: str
    challenged: bool
    created: float
    expires: float
    captured: int
    refunded: int


@dataclass(frozen=True, slots=True)
class NewRefund:
    """What a merchant asks for when giving money back."""

    session: str
    reference: str
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class Refund(NewRefund):
    """A refund; `failure` says why it did not go through."""

    id: str
    status: str
    failure: str
    created: float


@dataclass(frozen=True, slots=True)
class QueuedEvent:
    """A webhook to send: `copies` more times, after `attempts` tries so far."""

    id: str
    body: str
    request_id: str
    created: float
    copies: int
    attempts: int


class Store:
    """The file. Every thread has its own connection; writers queue up at BEGIN IMMEDIATE."""

    def __init__(self, path: Path, session_seconds: int, late_seconds: float) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path, self._session_seconds, self._late_seconds = path, session_seconds, late_seconds
        self._local = threading.local()
        self._connection().executescript(SCHEMA)

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=10, isolation_level=None)
            connection.row_factory = sqlite3.Row
            # With a write-ahead log, NORMAL keeps every commit through the death of the process.
            connection.executescript(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON"
            )
            self._local.connection = connection
        return connection

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def ping(self) -> None:
        """Touch the file. Raises `sqlite3.Error` if it cannot be read."""
        self._connection().execute("SELECT 1 FROM sessions LIMIT 1").fetchone()

    # Sessions

    def open_session(self, new: NewSession, key: str) -> Session:
        """Open a session, or find the one opened with the same key.

        Raises `Refusal` 422 when the key was used for another payment.
        """
        with self._write() as db:
            known = db.execute("SELECT id FROM sessions WHERE idempotency_key = ?", (key or None,)).fetchone()
            if known is not None:
                session = _session(db, known["id"])
                if (session.reference, session.amount, session.currency) != (
                    new.reference,
                    new.amount,
                    new.currency,
                ):
                    raise _mismatch()
                return session
            now, session_id = time.time(), _new_id("cs")
            db.execute(
                "INSERT INTO sessions (id, idempotency_key, reference, amount, currency, description,"
                " return_url, customer_email, language, created, expires)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (session_id, key or None, new.reference, new.amount, new.currency, new.description,
                 new.return_url, new.customer_email, new.language, now, now + self._session_seconds),
            )  # fmt: skip
            return _session(db, session_id)

    def session(self, session_id: str) -> Session:
        """Read a session; one whose time has run out ends here. Raises `Refusal` 404."""
        session = _session(self._connection(), session_id)
        if session.status != "pending" or session.expires > time.time():
            return session
        with self._write() as db:
            db.execute(
                "UPDATE sessions SET status = 'expired', reason = 'expired'"
                " WHERE id = ? AND status = 'pending'",
                (session_id,),
            )
            return _session(db, session_id)

    def challenge(self, session_id: str, card: Card, last4: str) -> bool:
        """Remember that the bank asks for a confirmation; False if the session has ended."""
        with self._write() as db:
            return _moved(
                db.execute(
                    "UPDATE sessions SET challenged = 1, card = ?, last4 = ?"
                    " WHERE id = ? AND status = 'pending'",
                    (card.name, last4, session_id),
                )
            )

    def settle(self, session_id: str, card: Card, last4: str, reason: str, request_id: str) -> bool:
        """End a pending session as paid, or as failed if there is a reason; False if it had ended before."""
        status = "failed" if reason else "paid"
        with self._write() as db:
            moved = _moved(
                db.execute(
                    "UPDATE sessions SET status = ?, reason = ?, card = ?, last4 = ?, challenged = 0"
                    " WHERE id = ? AND status = 'pending' AND expires > ?",
                    (status, reason, card.name, last4, session_id, time.time()),
                )
            )
            if moved:
                delay, copies = (self._late_seconds, 2) if card.late else (0.0, 1)
                _queue(
                    db, f"payment.{status}", _session(db, session_id), request_id, delay=delay, copies=copies
                )
        return moved

    def cancel(self, session_id: str, request_id: str) -> Session:
        """End a pending session; one that ended before stays as it is. Raises `Refusal` 404."""
        self.session(session_id)
        with self._write() as db:
            moved = _moved(
                db.execute(
                    "UPDATE sessions SET status = 'cancelled', reason = 'cancelled', challenged = 0"
                    " WHERE id = ? AND status = 'pending'",
                    (session_id,),
                )
            )
            session = _session(db, session_id)
            if moved:
                _queue(db, "payment.cancelled", session, request_id)
            return session

    # Refunds

    def open_refund(self, new: NewRefund, key: str, request_id: str) -> Refund:
        """Give money back, or find what the same key gave before.

        Raises `Refusal` 404, or 422 for an unpaid session or more than is left of the captured amount.
        """
        with self._write() as db:
            known = db.execute("SELECT * FROM refunds WHERE idempotency_key = ?", (key or None,)).fetchone()
            if known is not None:
                if (known["session"], known["amount"]) != (new.session, new.amount):
                    raise _mismatch()
                return _refund(known)
            session = _session(db, new.session)
            if session.status != "paid":
                raise Refusal(422, "not_captured", "Nothing was captured on this session.")
            asked = db.execute(
                "SELECT COALESCE(SUM(amount), 0) FROM refunds WHERE session = ? AND status <> 'failed'",
                (new.session,),
            ).fetchone()[0]
            if asked + new.amount > session.captured:
                raise Refusal(
                    422, "refund_exceeds_captured", "That is more than is left of the captured amount."
                )
            return self._insert_refund(db, session, new, key, request_id)

    def _insert_refund(
        self, db: sqlite3.Connection, session: Session, new: NewRefund, key: str, request_id: str
    ) -> Refund:
        now, refund_id, status = time.time(), _new_id("re"), BY_NAME[session.card].refunds
        db.execute(
            "INSERT INTO refunds (id, idempotency_key, session, reference, amount, reason, status, failure,"
            " settles, request_id, created) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (refund_id, key or None, new.session, new.reference, new.amount, new.reason, status,
             "refused_by_bank" if status == "failed" else "",
             now + self._late_seconds if status == "pending" else None, request_id, now),
        )  # fmt: skip
        refund = _refund(db.execute("SELECT * FROM refunds WHERE id = ?", (refund_id,)).fetchone())
        if status != "pending":
            _queue(db, f"refund.{status}", session, request_id, refund=refund)
        return refund

    def refund(self, refund_id: str) -> Refund:
        """Read a refund. Raises `Refusal` 404."""
        row = self._connection().execute("SELECT * FROM refunds WHERE id = ?", (refund_id,)).fetchone()
        if row is None:
            raise Refusal(404, "not_found", "There is no such refund.")
        return _refund(row)

    def refunds(self, session_id: str) -> list[Refund]:
        """List a session's refunds, oldest first."""
        rows = self._connection().execute(
            "SELECT * FROM refunds WHERE session = ? ORDER BY created", (session_id,)
        )
        return [_refund(row) for row in rows]

    def settle_refunds(self) -> None:
        """Let the slow refunds whose time has come succeed."""
        if self._next("SELECT MIN(settles) FROM refunds WHERE settles IS NOT NULL") > time.time():
            return
        with self._write() as db:
            rows = db.execute(
                "UPDATE refunds SET status = 'succeeded', settles = NULL WHERE settles <= ? RETURNING *",
                (time.time(),),
            ).fetchall()
            for row in rows:
                session = _session(db, row["session"])
                _queue(db, "refund.succeeded", session, row["request_id"], refund=_refund(row))

    # Webhooks

    def claim_event(self, lease: float) -> QueuedEvent | None:
        """Take the event that has been due longest, if any.

        It falls due again after `lease` seconds, so a sender that dies loses nothing.
        """
        if self._next("SELECT MIN(due) FROM events WHERE due IS NOT NULL") > time.time():
            return None
        with self._write() as db:
            row = db.execute(
                "UPDATE events SET due = ?, attempts = attempts + 1 WHERE id ="
                " (SELECT id FROM events WHERE due <= ? ORDER BY due LIMIT 1)"
                " RETURNING id, body, request_id, created, copies, attempts",
                (time.time() + lease, time.time()),
            ).fetchone()
        return QueuedEvent(**dict(row)) if row else None

    def put_back(self, event: QueuedEvent, due: float | None, outcome: str, copies: int) -> None:
        """Note how an attempt went, when to send next (None: never) and how often still."""
        with self._write() as db:
            db.execute(
                "UPDATE events SET due = ?, outcome = ?, copies = ? WHERE id = ?",
                (due, outcome, copies, event.id),
            )

    def _next(self, query: str) -> float:
        first = self._connection().execute(query).fetchone()[0]
        return float("inf") if first is None else float(first)


def _new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(16)}"


def _moved(cursor: sqlite3.Cursor) -> bool:
    return cursor.rowcount == 1


def _mismatch() -> Refusal:
    return Refusal(422, "idempotency_mismatch", "This Idempotency-Key was used for something else.")


def _session(db: sqlite3.Connection, session_id: str) -> Session:
    row = db.execute(
        "SELECT reference, amount, currency, description, return_url, customer_email, language, id, status,"
        " reason, card, last4, challenged, created, expires,"
        " CASE status WHEN 'paid' THEN amount ELSE 0 END AS captured,"
        " (SELECT COALESCE(SUM(amount), 0) FROM refunds WHERE session = sessions.id AND status = 'succeeded')"
        " AS refunded FROM sessions WHERE id = ?",
        (session_id,),
    ).fetchone()
    if row is None:
        raise Refusal(404, "not_found", "There is no such session.")
    return Session(**{**dict(row), "challenged": bool(row["challenged"])})


def _refund(row: sqlite3.Row) -> Refund:
    return Refund(**{name: row[name] for name in Refund.__dataclass_fields__})


def _queue(
    db: sqlite3.Connection, kind: str, session: Session, request_id: str, *,
    delay: float = 0.0, copies: int = 1, refund: Refund | None = None,
) -> None:  # fmt: skip
    """Write the webhook's body beside the change it tells of."""
    now, event_id = time.time(), _new_id("evt")
    about = refund and {"id": refund.id, "reference": refund.reference, "status": refund.status}
    data = {"session": session.id, "reference": session.reference, "refund": about}
    body = json.dumps({"id": event_id, "type": kind, "created": int(now), "data": data})
    db.execute(
        "INSERT INTO events (id, body, request_id, created, due, copies) VALUES (?, ?, ?, ?, ?, ?)",
        (event_id, body, request_id, now, now + delay, copies),
    )
