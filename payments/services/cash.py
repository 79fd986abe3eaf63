"""Cash on delivery: the payment stays pending until every order of the checkout came to its end."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now

from audit import services as audit
from orders.models import Order, PaymentMethod
from payments.models import Payment

_OPEN = (Order.Status.PENDING, Order.Status.PROCESSING, Order.Status.READY, Order.Status.SHIPPED)


@transaction.atomic(savepoint=False)
def collect_cash(order: Order, *, by: Any) -> None:
    """The driver took the order's total at the door."""
    _book(order, collected=order.total, by=by)


@transaction.atomic(savepoint=False)
def forgo_cash(order: Order, *, by: Any) -> None:
    """The order ended without a delivery: nothing will be collected for it."""
    _book(order, collected=Decimal(0), by=by)


def _book(order: Order, *, collected: Decimal, by: Any) -> None:
    payments = Payment.objects.select_for_update(no_key=True).filter(
        checkout=order.checkout_id, method=PaymentMethod.CASH_ON_DELIVERY, status=Payment.Status.PENDING
    )
    payment = payments.first()
    if payment is None:
        return
    if collected:
        Payment.objects.filter(pk=payment.pk).update(amount_paid=F("amount_paid") + collected)
        payment.amount_paid += collected
    if Order.objects.filter(checkout=order.checkout_id, status__in=_OPEN).exists():
        return
    if payment.amount_paid:
        audit.transition(payment, Payment.Status.PAID, by=by, verb="collected", paid_at=Now())
    else:
        audit.transition(payment, Payment.Status.CANCELLED, by=by, verb="cancelled")
