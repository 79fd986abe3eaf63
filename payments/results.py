"""How paying a checkout stands, for the person who pays: the next step first, the reason second."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from orders import services as orders
from orders.errors import NoLongerSold
from orders.models import Checkout, PaymentMethod
from payments import links
from payments.models import Payment

Status = Payment.Status


@dataclass(frozen=True)
class Advice:
    """What to do after a payment that failed, and why it did."""

    title: Any
    reason: Any


_ANOTHER_CARD = _("Pay with another card")
_VENDOR_GONE = "A vendor of this order no longer sells on AQAD."
_FAILED = {
    "card_declined": Advice(_ANOTHER_CARD, _("Your bank declined this one.")),
    "insufficient_funds": Advice(_ANOTHER_CARD, _("There is not enough money on this one.")),
    "authentication_refused": Advice(
        _("Pay again, and confirm it with your bank"),
        _("The confirmation with your bank (3-D Secure) was refused or not finished."),
    ),
    _VENDOR_GONE: Advice(
        _("Order anew, without what is no longer sold"),
        _("A vendor of this order no longer sells on AQAD."),
    ),
    "expired": Advice(_("Pay again to bring your order back"), _("The time to pay ran out.")),
}
_OTHER = Advice(_("Pay again, or with another card"), _("The payment did not go through."))


@dataclass(frozen=True)
class Result:
    """`state` is waiting, to_pay, paid, cash, failed, unsold, cancelled or refunded.

    What failed is `unsold` where it cannot be paid again either; `unsold` then says what is no longer sold.
    """

    checkout: Checkout
    payment: Payment | None
    state: str
    unsold: str = ""

    @property
    def advice(self) -> Advice:
        if self.payment is None:
            return _OTHER
        known = _FAILED.get(self.payment.failure_reason)
        if known is None and self.payment.status == Status.EXPIRED:
            return _FAILED["expired"]
        return known or _OTHER

    @property
    def pay_url(self) -> str:
        """Where it can still be paid; "" where it cannot."""
        is_open = self.payment is not None and self.payment.status == Status.PENDING and self.payment.gateway
        return links.pay_url(self.payment) if is_open else ""


def result_of(checkout: Checkout, payment: Payment | None) -> Result:
    state = _state(checkout, payment)
    unsold = _no_longer_sold(checkout) if state == "failed" else ""
    if unsold and payment is not None and payment.failure_reason == _VENDOR_GONE:
        unsold = f"{_FAILED[_VENDOR_GONE].reason} {unsold}"
    return Result(checkout, payment, "unsold" if unsold else state, unsold)


def _no_longer_sold(checkout: Checkout) -> str:
    try:
        orders.check_still_sold(orders.read_goods(checkout.pk))
    except NoLongerSold as refusal:
        return str(refusal.message)
    return ""


def _state(checkout: Checkout, payment: Payment | None) -> str:
    if payment is not None and payment.status == Status.REFUNDED:
        return "refunded"
    if checkout.status == Checkout.Status.PLACED:
        return "paid" if checkout.payment_method == PaymentMethod.CARD else "cash"
    if checkout.status == Checkout.Status.CANCELLED:
        return "cancelled"
    if payment is not None and payment.status == Status.PENDING:
        return "waiting" if payment.gateway_session else "to_pay"
    return "failed"
