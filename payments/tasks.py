"""Each task loads by id and makes one call; the sweepers find what no message told of."""

from celery import shared_task
from django.db.models.functions import Now

from payments import services
from payments.models import Payment, Refund, WebhookEvent

_BATCH = 100


@shared_task
def process_webhook(gateway: str, event_id: str) -> None:
    event = WebhookEvent.objects.filter(gateway=gateway, event_id=event_id).first()
    if event:
        services.process_webhook(event)


@shared_task
def sweep_webhooks() -> None:
    due = WebhookEvent.objects.filter(status=WebhookEvent.Status.PENDING, due_at__lte=Now())
    for event in due.order_by("due_at")[:_BATCH]:
        services.process_webhook(event)


@shared_task
def poll_payment(pk: int) -> None:
    payment = Payment.objects.filter(pk=pk, poll_at__isnull=False).first()
    if payment:
        services.poll(payment)


@shared_task
def poll_gateway() -> None:
    for payment in Payment.objects.filter(poll_at__lte=Now()).order_by("poll_at")[:_BATCH]:
        services.poll(payment)


@shared_task
def cancel_at_gateway(pk: int) -> None:
    payment = Payment.objects.filter(pk=pk).first()
    if payment:
        services.cancel_at_gateway(payment)


@shared_task
def sweep_cancellations() -> None:
    for payment in Payment.objects.filter(cancel_at__lte=Now()).order_by("cancel_at")[:_BATCH]:
        services.cancel_at_gateway(payment)


@shared_task
def carry_out_refund(pk: int) -> None:
    refund = Refund.objects.filter(pk=pk).select_related("payment").first()
    if refund and refund.payment.gateway:
        services.carry_out_refund(refund)


@shared_task
def sweep_refunds() -> None:
    due = Refund.objects.filter(status=Refund.Status.PENDING, due_at__lte=Now()).exclude(payment__gateway="")
    for refund in due.select_related("payment").order_by("due_at")[:_BATCH]:
        services.carry_out_refund(refund)


@shared_task
def forget_webhooks() -> int:
    """Sweeper: what gateways told us is not kept for ever."""
    return services.forget_webhooks()
