"""Payments as attempts to pay a checkout: how one begins, and how it ends without money."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from aqad.lib.errors import NotFound
from aqad.lib.inserting import insert
from aqad.lib.prefetch import preload
from aqad.lib.wakeup import wake
from audit import services as audit
from orders import services as orders
from orders.errors import PaymentMethodUnavailable
from orders.models import Checkout, OrderLine, PaymentMethod
from payments.gateways import get_gateway
from payments.gateways.base import GatewayUnavailable, PaymentRequest
from payments.links import result_url
from payments.models import Payment

Status = Payment.Status


def begin_payment(checkout: Checkout) -> Payment:
    """Write the pending payment of a checkout that was just placed or is retried; no call goes out yet.

    Raises PaymentMethodUnavailable for a card where no gateway is configured.
    """
    by_card = checkout.payment_method == PaymentMethod.CARD
    if by_card and not settings.GATEWAY:
        raise PaymentMethodUnavailable()
    payment = Payment(
        checkout=checkout,
        method=checkout.payment_method,
        amount=checkout.total,
        gateway=settings.GATEWAY if by_card else "",
    )
    insert([payment])
    preload(checkout, payments=[payment])
    return payment


@transaction.atomic
def pay_again(checkout: Checkout, method: str, *, by: Any) -> tuple[Payment, bool]:
    """The pending payment of the checkout, or a new one that holds its stock again; and whether it is new.

    Raises PaymentMethodUnavailable, OutOfStock (NoLongerSold where goods cannot be had any more),
    TooManyOpenOrders, and InvalidTransition once it is paid, cancelled or too old. Locks the buyer, the goods
    (shared) and the checkout.
    """
    if method != PaymentMethod.CARD or checkout.payment_method != PaymentMethod.CARD:
        raise PaymentMethodUnavailable()
    orders.lock_buyer(checkout.retailer_id)
    goods = orders.lock_goods(checkout.pk)
    locked = orders.lock_checkout(checkout.pk)
    if locked is None:
        raise NotFound
    pending = locked.payments.filter(status=Status.PENDING).first()
    if pending is not None:
        orders.check_not_suspended(goods)
        return pending, False
    payment = _begin_again(locked, goods, by=by)
    return payment, True


def _begin_again(checkout: Checkout, goods: Sequence[OrderLine], *, by: Any) -> Payment:
    orders.reserve_again(checkout, goods, by=by)
    payment = begin_payment(checkout)
    audit.record(by, "began", payment)
    return payment


def open_session(payment: Payment) -> str:
    """The gateway's page for a pending payment; the first visit opens the session, later ones find it again.

    The call is made outside any transaction, with the payment's own key, so a repeated call finds the same
    session. Raises GatewayUnavailable when the company does not answer, NoLongerSold for a suspended vendor.
    """
    orders.check_not_suspended(orders.read_goods(payment.checkout_id))
    if payment.gateway_url:
        return payment.gateway_url
    started = get_gateway(payment.gateway).start(_request(payment))
    Payment.objects.filter(pk=payment.pk, gateway_session="").update(
        gateway_session=started.session_id,
        gateway_url=started.url,
        poll_at=Now() + timedelta(seconds=settings.SWEEP_SECONDS),
    )
    # It may have ended while the company was asked; then the session must end there too.
    ended = Payment.objects.filter(pk=payment.pk, status__in=[Status.EXPIRED, Status.CANCELLED])
    if ended.update(cancel_at=Now()):
        wake("payments.tasks.cancel_at_gateway", payment.pk)
        raise GatewayUnavailable("the payment ended meanwhile")
    return started.url


def _request(payment: Payment) -> PaymentRequest:
    buyer = payment.checkout.placed_by
    return PaymentRequest(
        reference=payment.code,
        amount=payment.amount,
        currency=settings.CURRENCY,
        description=f"AQAD {payment.checkout.code}",
        return_url=result_url(payment),
        customer_email=buyer.email,
        language=buyer.language,
        idempotency_key=str(payment.idempotency_key),
    )


def end_pending(checkout: Checkout, status: Payment.Status, *, by: Any, reason: str) -> None:
    """The checkout ended unpaid: its pending payment does too, here now and at the gateway soon after."""
    pending = Payment.objects.select_for_update(no_key=True).filter(checkout=checkout, status=Status.PENDING)
    payment = pending.first()
    if payment is None:
        return
    audit.transition(
        payment,
        status,
        by=by,
        verb=status.value,
        reason=reason,
        failure_reason=reason,
        poll_at=None,
        cancel_at=Now() if payment.gateway_session else None,
    )
    if payment.gateway_session:
        wake("payments.tasks.cancel_at_gateway", payment.pk)
