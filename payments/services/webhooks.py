"""The webhook inbox: stored once, answered at once, processed by a worker.

The worker asks the gateway how things stand: its own status query is the truth, not the message.
"""

from collections.abc import Mapping
from datetime import timedelta

import structlog
from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now

from aqad.lib.deleting import delete_in_batches
from aqad.lib.wakeup import wake
from aqad.lib.web.context import current_request_id
from payments.gateways import get_gateway
from payments.gateways.base import Event, GatewayRefused, GatewayUnavailable
from payments.models import Payment, Refund, WebhookEvent
from payments.services.outcomes import apply_state
from payments.services.refunds import settle_refund

log = structlog.get_logger(__name__)

Status = WebhookEvent.Status
MAX_ATTEMPTS = 12  # with the pauses below: about two hours, then the event is dead and shown to operations
_LONGEST_PAUSE = 900


def receive_webhook(gateway: str, body: bytes, headers: Mapping[str, str]) -> None:
    """Verify a webhook's signature over the raw body and keep it, each event once; a worker is woken.

    Raises UnknownGateway and GatewayError (BadSignature among them, GatewayRefused for an event that could
    not be kept as it is).
    """
    event = get_gateway(gateway).read_webhook(body, headers)
    _refuse_unstorable(event)
    known = event.type.startswith(("payment.", "refund."))
    stored = WebhookEvent(
        gateway=gateway,
        event_id=event.id,
        type=event.type[:60],
        session_id=event.session_id,
        reference=event.reference,
        refund_reference=event.refund_reference,
        status=Status.PENDING if known else Status.IGNORED,
        request_id=current_request_id(),
    )
    WebhookEvent.objects.bulk_create([stored], ignore_conflicts=True)
    if known:
        wake("payments.tasks.process_webhook", gateway, event.id)


def _refuse_unstorable(event: Event) -> None:
    """Ids are compared to the letter: one that is too long is refused, not cut. So is what is no text."""
    lengths = {field.name: getattr(field, "max_length", None) for field in WebhookEvent._meta.get_fields()}
    ids = {
        "event_id": event.id,
        "session_id": event.session_id,
        "reference": event.reference,
        "refund_reference": event.refund_reference,
    }
    if too_long := [name for name, value in ids.items() if len(value) > (lengths[name] or 0)]:
        raise GatewayRefused(f"{too_long[0]} of the event is too long.", "malformed_event")
    if not "".join(
        [event.type, *ids.values()]
    ).isprintable():  # neither are NUL and lone surrogates, which PostgreSQL cannot hold
        raise GatewayRefused("The event holds characters that are no text.", "malformed_event")


def process_webhook(event: WebhookEvent) -> None:
    """Act on a stored event: ask the gateway how things stand, and apply that. Safe to repeat.

    An event for a payment not yet known is kept and tried again, not dropped.
    """
    if not _claim(event):
        return
    try:
        found = _process_refund(event) if event.refund_reference else _process_payment(event)
        error = "" if found else "no such payment or refund"
    except (GatewayUnavailable, GatewayRefused) as failure:
        error = str(failure)[:300]
    if not error:
        WebhookEvent.objects.filter(pk=event.pk).update(status=Status.DONE, last_error="")
        return
    dead = event.attempts + 1 >= MAX_ATTEMPTS
    WebhookEvent.objects.filter(pk=event.pk, status=Status.PENDING).update(
        last_error=error, status=Status.DEAD if dead else Status.PENDING
    )
    if dead:
        log.error("webhook event is dead", gateway=event.gateway, webhook=event.event_id, reason=error)


def forget_webhooks() -> int:
    """Delete events that were dealt with, KEEP_WEBHOOKS_DAYS after they came. Returns how many.

    A repetition is then refused by the time of its signature. What still waits stays.
    """
    oldest = Now() - timedelta(days=settings.KEEP_WEBHOOKS_DAYS)
    return delete_in_batches(
        WebhookEvent.objects.filter(received_at__lt=oldest).exclude(status=Status.PENDING)
    )


def _claim(event: WebhookEvent) -> bool:
    pause = min(5 * 2**event.attempts, _LONGEST_PAUSE)
    due = WebhookEvent.objects.filter(pk=event.pk, status=Status.PENDING, due_at__lte=Now())
    return bool(due.update(due_at=Now() + timedelta(seconds=pause), attempts=F("attempts") + 1))


def _process_payment(event: WebhookEvent) -> bool:
    payment = Payment.objects.filter(gateway=event.gateway, gateway_session=event.session_id).first()
    if payment is None:
        return False
    apply_state(payment, get_gateway(event.gateway).fetch(event.session_id))
    return True


def _process_refund(event: WebhookEvent) -> bool:
    refunds = Refund.objects.filter(
        payment__gateway=event.gateway, gateway_reference=event.refund_reference
    ).select_related("payment")
    refund = refunds.first()
    if refund is None:
        return False
    settle_refund(refund, get_gateway(event.gateway).fetch_refund(event.refund_reference))
    return True
