"""Refunds: promised in a transaction, carried out by a worker, never more than was paid."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from aqad.lib.errors import Invalid, InvalidTransition
from aqad.lib.money import ZERO, spread
from aqad.lib.wakeup import wake
from audit import services as audit
from notifications import services as notifications
from notifications.services import Message
from orders.models import Order
from payments.errors import RefundExceedsPaid
from payments.gateways import get_gateway
from payments.gateways.base import GatewayRefused, GatewayUnavailable, RefundRequest, RefundState
from payments.models import Payment, Refund, RefundAllocation
from payments.selectors import refundable_by_order

Status = Refund.Status


@transaction.atomic
def request_refund(
    payment: Payment, amount: Decimal, *, reason: str, by: Any, order: Order | None = None
) -> Refund:
    """Promise money back, for one order or spread over all by largest remainder; a worker carries it out.

    Raises InvalidTransition when nothing was paid, RefundExceedsPaid, Invalid for an order not paid by it.
    Locks the payment.
    """
    payment = _locked(payment)
    if not payment.amount_paid:
        raise InvalidTransition()
    left = refundable_by_order(payment)
    if order is not None and order.pk not in left:
        raise Invalid(errors={"order": [_("This order was not paid by this payment.")]})
    if order is not None:
        left = {order.pk: left[order.pk]}
    if amount > sum(left.values(), ZERO):
        raise RefundExceedsPaid()
    parts = spread(amount, list(left.values()))
    return _write(payment, amount, dict(zip(left, parts, strict=True)), reason=reason, by=by)


@transaction.atomic(savepoint=False)
def refund_order(order: Order, *, reason: str) -> None:
    """Give back, in the caller's transaction, all that is paid for an order and not yet refunded."""
    paid = Payment.objects.filter(checkout=order.checkout_id, amount_paid__gt=0).exclude(gateway="")
    for found in paid.order_by("pk"):
        payment = _locked(found)
        left = refundable_by_order(payment).get(order.pk, ZERO)
        if left:
            _write(payment, left, {order.pk: left}, reason=reason, by=None)


@transaction.atomic(savepoint=False)
def refund_all(payment: Payment, *, reason: str) -> None:
    """Give the whole of a payment back, in the transaction that took it."""
    left = refundable_by_order(payment)
    total = payment.amount_paid - payment.amount_refunded - payment.amount_refund_pending
    parts = dict(zip(left, spread(total, list(left.values())), strict=True))
    _write(payment, total, parts, reason=reason, by=None)


def _locked(payment: Payment) -> Payment:
    return (
        Payment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("checkout")
        .get(pk=payment.pk)
    )


def _write(
    payment: Payment, amount: Decimal, parts: Mapping[int, Decimal], *, reason: str, by: Any
) -> Refund:
    refund = Refund.objects.create(payment=payment, amount=amount, reason=reason, requested_by=by)
    RefundAllocation.objects.bulk_create(
        [RefundAllocation(refund=refund, order_id=pk, amount=part) for pk, part in parts.items() if part]
    )
    Payment.objects.filter(pk=payment.pk).update(amount_refund_pending=F("amount_refund_pending") + amount)
    payment.amount_refund_pending += amount
    audit.record(by, "requested", refund, reason=reason, data={"amount": str(amount)})
    if payment.gateway:
        wake("payments.tasks.carry_out_refund", refund.pk)
    return refund


def carry_out_refund(refund: Refund) -> None:
    """Ask the gateway for a refund that is due, outside any transaction, with the refund's own key.

    An unknown outcome stays pending and is asked again; only the gateway's own word fails it. Safe to repeat.
    """
    if not _claim(refund):
        return
    payment = refund.payment
    gateway = get_gateway(payment.gateway)
    try:
        if refund.gateway_reference:
            state = gateway.fetch_refund(refund.gateway_reference)
        else:
            state = gateway.refund(_request(refund))
    except GatewayUnavailable:
        return  # the claim's lease brings it back
    except GatewayRefused as refusal:
        state = RefundState("failed", refund.gateway_reference, str(refusal)[:300])
    settle_refund(refund, state)


def _claim(refund: Refund) -> bool:
    """Lease a due refund: whoever moves `due_at` on may call; a killed worker's lease runs out by itself."""
    pause = min(settings.SWEEP_SECONDS * 2**refund.attempts, 3600)
    due = Refund.objects.filter(pk=refund.pk, status=Status.PENDING, due_at__lte=Now())
    return bool(due.update(due_at=Now() + timedelta(seconds=pause), attempts=F("attempts") + 1))


def _request(refund: Refund) -> RefundRequest:
    return RefundRequest(
        reference=refund.code,
        session_id=refund.payment.gateway_session,
        amount=refund.amount,
        currency=settings.CURRENCY,
        idempotency_key=str(refund.idempotency_key),
        reason=refund.reason,
    )


@transaction.atomic
def settle_refund(refund: Refund, state: RefundState, *, by: Any = None) -> None:
    """Book what became of a refund. Safe to repeat: a refund that ended stays as it is."""
    payment = _locked(refund.payment)
    refund = Refund.objects.select_for_update().get(pk=refund.pk)
    if refund.status != Status.PENDING:
        return
    if state.status == "pending":
        Refund.objects.filter(pk=refund.pk).update(gateway_reference=state.gateway_reference)
        return
    if state.status == "failed":
        _fail(refund, payment, state)
        return
    audit.transition(
        refund,
        Status.SUCCEEDED,
        by=by,
        verb="succeeded",
        gateway_reference=state.gateway_reference,
        due_at=None,
    )
    _book(payment, refund.amount, by=by)
    retailer = payment.checkout.retailer
    notifications.notify_many(
        [
            Message(
                kind="refund_succeeded",
                to=[retailer.code],
                about=payment.checkout.code,
                context={"amount": str(refund.amount), "payment": payment.code},
                once=f"refund_succeeded:{refund.pk}",
            )
        ]
    )


def _book(payment: Payment, amount: Decimal, *, by: Any) -> None:
    refunded = payment.amount_refunded + amount
    amounts: dict[str, Any] = {
        "amount_refunded": refunded,
        "amount_refund_pending": payment.amount_refund_pending - amount,
    }
    whole = refunded == payment.amount_paid
    becomes = Payment.Status.REFUNDED if whole else Payment.Status.PARTIALLY_REFUNDED
    if payment.status == becomes:
        Payment.objects.filter(pk=payment.pk).update(**amounts)
    else:
        audit.transition(payment, becomes, by=by, verb="refunded", **amounts)


def _fail(refund: Refund, payment: Payment, state: RefundState) -> None:
    audit.transition(
        refund,
        Status.FAILED,
        by=None,
        verb="failed",
        reason=state.reason,
        failure_reason=state.reason,
        gateway_reference=state.gateway_reference,
        due_at=None,
    )
    Payment.objects.filter(pk=payment.pk).update(
        amount_refund_pending=F("amount_refund_pending") - refund.amount
    )
    notifications.notify_many(
        [
            Message(
                kind="refund_failed",
                to=["staff"],
                about=payment.code,
                context={"amount": str(refund.amount), "payment": payment.code, "reason": state.reason},
                once=f"refund_failed:{refund.pk}",
            )
        ]
    )
