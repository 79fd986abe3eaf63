"""Asking the gateway: for payments whose webhook never came, and to end what ended here."""

from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from payments.gateways import get_gateway
from payments.gateways.base import GatewayRefused, GatewayUnavailable, State
from payments.models import Payment
from payments.services.outcomes import apply_state

_ALWAYS_AGAIN = 3600


def ask_gateway(payment: Payment) -> Payment:
    """Fetch the gateway's state of a payment and apply it. Raises GatewayError when it does not answer."""
    return apply_state(payment, get_gateway(payment.gateway).fetch(payment.gateway_session))


def poll(payment: Payment) -> None:
    """Ask for a pending payment that is due; an answer that changes nothing is asked for again later."""
    due = Payment.objects.filter(pk=payment.pk, poll_at__lte=Now())
    if not due.update(poll_at=Now() + timedelta(seconds=settings.SWEEP_SECONDS)):
        return
    try:
        ask_gateway(payment)
    except GatewayUnavailable:
        return
    except GatewayRefused as refusal:  # the gateway does not know it: nothing was paid, the hold will run out
        Payment.objects.filter(pk=payment.pk).update(poll_at=None, failure_reason=str(refusal)[:300])


def cancel_at_gateway(payment: Payment) -> None:
    """End the gateway's session of a payment that ended here. Money that came first is taken care of."""
    pause = min(settings.SWEEP_SECONDS * 2**payment.cancel_attempts, _ALWAYS_AGAIN)
    due = Payment.objects.filter(pk=payment.pk, cancel_at__lte=Now())
    if not due.update(cancel_at=Now() + timedelta(seconds=pause), cancel_attempts=F("cancel_attempts") + 1):
        return
    try:
        state = get_gateway(payment.gateway).cancel(payment.gateway_session)
    except GatewayUnavailable:
        return  # the lease brings it back
    except GatewayRefused:
        state = State("cancelled", payment.amount * 0, payment.amount * 0, "")
    if state.status == "pending":
        return
    apply_state(payment, state)
    Payment.objects.filter(pk=payment.pk).update(cancel_at=None)
