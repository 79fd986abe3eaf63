"""What the gateway says of a payment becomes what AQAD holds true. One locked transaction decides."""

from collections.abc import Sequence

import structlog
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_noop

from audit import services as audit
from orders import services as orders
from orders.models import Checkout, OrderLine
from payments.gateways.base import State
from payments.models import Payment
from payments.services import attempts, refunds

log = structlog.get_logger(__name__)

Status = Payment.Status
_ENDED_AS = {"failed": Status.FAILED, "expired": Status.EXPIRED, "cancelled": Status.CANCELLED}


@transaction.atomic
def apply_state(payment: Payment, state: State) -> Payment:
    """Bring a payment to the gateway's state. Safe to repeat, in any order: the second time changes nothing.

    Money is never lost: a payment that ended here and turns out paid revives its orders or is refunded.
    """
    goods = orders.lock_goods(payment.checkout_id) if state.status == "paid" else []
    checkout = orders.lock_checkout(payment.checkout_id)
    payment = Payment.objects.select_for_update(no_key=True).get(pk=payment.pk)
    if checkout is None:
        return payment
    if state.status == "paid" and not payment.amount_paid:
        _take_money(payment, checkout, goods, state)
    elif state.status in _ENDED_AS and payment.status == Status.PENDING:
        _end(payment, checkout, state)
    return payment


def _take_money(payment: Payment, checkout: Checkout, goods: Sequence[OrderLine], state: State) -> None:
    late = payment.status != Status.PENDING
    audit.transition(
        payment,
        Status.PAID,
        by=None,
        verb="paid",
        amount_paid=min(state.amount_paid, payment.amount),
        paid_at=Now(),
        poll_at=None,
        cancel_at=None,
    )
    payment.refresh_from_db(fields=["paid_at"])
    if state.amount_paid != payment.amount:
        log.error(
            "the gateway captured another amount", payment=payment.code, captured=str(state.amount_paid)
        )
        refunds.refund_all(payment, reason="Another amount was captured than asked.")
        reason = gettext_noop("The payment could not be taken.")
        orders.fail_checkout(checkout, reason=reason, attempt=payment.code)
        return
    if late:
        attempts.end_pending(checkout, Status.CANCELLED, by=None, reason="An earlier payment arrived.")
    if why_not := orders.confirm_payment(checkout, goods):
        refunds.refund_all(payment, reason=why_not)
        orders.give_back_late_money(checkout, attempt=payment.code, reason=why_not)


def _end(payment: Payment, checkout: Checkout, state: State) -> None:
    reason = state.reason or state.status
    audit.transition(
        payment,
        _ENDED_AS[state.status],
        by=None,
        verb="failed",
        reason=reason,
        failure_reason=reason,
        poll_at=None,
    )
    orders.fail_checkout(checkout, reason=reason, attempt=payment.code)
