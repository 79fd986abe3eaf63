"""Refunding from a form that may be sent twice."""

import hashlib
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounts import idempotency
from orders.models import Order
from payments.models import Payment, Refund
from payments.services.refunds import request_refund

ENDPOINT = "refund page"


@transaction.atomic
def request_refund_once(
    payment: Payment, amount: Decimal, *, reason: str, by: Any, token: str, order: Order | None = None
) -> Refund:
    """As request_refund, for the form with this token: the same form again finds the same refund.

    The second of two at once waits for the first. Raises IdempotencyMismatch, changing nothing, where the
    form was sent before with something else in it.
    """
    asked = "\n".join((payment.code, str(amount), order.code if order else "", reason))
    row = idempotency.claim(by, ENDPOINT, token, hashlib.sha256(asked.encode()).hexdigest())
    if row.status is not None:
        return Refund.objects.get(pk=row.answer)
    refund = request_refund(payment, amount, reason=reason, by=by, order=order)
    idempotency.keep(row, 201, str(refund.pk))
    return refund
