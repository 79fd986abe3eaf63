"""What AQAD asks of a payment company, and the words both sides use.

A gateway talks to one company. It knows no orders and no database: everything it needs comes in these
dataclasses, everything it learns goes out in them. Amounts are `Decimal` in the currency's main unit.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal

PaymentStatus = Literal["pending", "paid", "failed", "cancelled", "expired"]
RefundStatus = Literal["pending", "succeeded", "failed"]


class GatewayError(Exception):
    """A call to the company did not give what was asked; `transient` says whether asking again may help."""

    transient: bool = False


class GatewayUnavailable(GatewayError):
    """The company did not answer, or not sensibly. What it did is unknown: ask again with the same key."""

    transient = True


class GatewayRefused(GatewayError):
    """The company understood and said no; asking again will not help. `code` is its machine word."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class BadSignature(GatewayError):
    """A webhook's signature is missing, wrong, too old or from the future."""


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """A payment to be taken: `reference` is our code of it, such as PAY1001."""

    reference: str
    amount: Decimal
    currency: str
    description: str
    return_url: str
    customer_email: str
    language: str
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """Where the buyer's browser goes to pay, and the company's id of the session."""

    session_id: str
    url: str


@dataclass(frozen=True, slots=True)
class State:
    """What the company says about a payment now; `reason` is its machine word when it did not go through."""

    status: PaymentStatus
    amount_paid: Decimal
    amount_refunded: Decimal
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Money to be given back on a session: `reference` is our code or id of the refund."""

    reference: str
    session_id: str
    amount: Decimal
    currency: str
    idempotency_key: str
    reason: str


@dataclass(frozen=True, slots=True)
class RefundState:
    """What the company says about a refund now; `gateway_reference` is its own id of it."""

    status: RefundStatus
    gateway_reference: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A signed message from the company. `id` is the same however often it is sent.

    `type` is the company's word and may be unknown to us; `refund_reference` is the company's id of the
    refund it is about, empty for others.
    """

    id: str
    type: str
    session_id: str
    reference: str
    occurred_at: datetime
    refund_reference: str = ""


class Gateway(ABC):
    """One payment company. All but `read_webhook` goes over the network: never call it in a transaction."""

    name: ClassVar[str]

    @property
    @abstractmethod
    def browser_origins(self) -> tuple[str, ...]:
        """Name the origins a form of ours may lead the browser to (for `form-action` in the CSP)."""

    @abstractmethod
    def start(self, request: PaymentRequest) -> Redirect:
        """Open a payment session, or find the one opened before with the same key.

        Raises `GatewayUnavailable`, `GatewayRefused`. Safe to repeat.
        """

    @abstractmethod
    def fetch(self, session_id: str) -> State:
        """Ask how a session stands. Raises `GatewayUnavailable`, `GatewayRefused` (also if unknown)."""

    @abstractmethod
    def cancel(self, session_id: str) -> State:
        """End a session nobody has paid yet and say how it stands now.

        One that ended before keeps its state: the caller must look whether the answer says `paid`. Safe to
        repeat.
        """

    @abstractmethod
    def refund(self, request: RefundRequest) -> RefundState:
        """Give money back. Raises `GatewayRefused` for more than was taken. Safe to repeat with the key."""

    @abstractmethod
    def fetch_refund(self, gateway_reference: str) -> RefundState:
        """Ask how a refund stands, by the company's id of it."""

    @abstractmethod
    def read_webhook(self, body: bytes, headers: Mapping[str, str]) -> Event:
        """Verify a webhook over its raw body and read it.

        Raises `BadSignature`, or `GatewayRefused` when the signature is right but the content is no event.
        """
