"""A buyer's browser and the gateway's webhooks, as the tests of payments play them."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db.models.functions import Now
from django.test import Client

from payments import tasks
from payments.models import Payment, Refund, WebhookEvent
from payments.tests.sandbox_process import CARD, Sandbox


def open_page(payment: Payment) -> str:
    """Follow AQAD's own link: it leads to the gateway's page."""
    answer = Client().get(urlsplit(payment.answer["redirect_url"]).path)
    assert answer.status_code == 302
    return str(answer["Location"])


def pay(sandbox: Sandbox, payment: Payment, card: str = CARD) -> Payment:
    """Fill the gateway's form; AQAD has heard nothing yet."""
    sandbox.pay(open_page(payment), card)
    payment.refresh_from_db()
    return payment


def deliver_webhooks(sandbox: Sandbox, payment: Payment, count: int = 1) -> list[Any]:
    """Hand what the gateway sent about a payment to AQAD's address, as often as it was sent."""
    sent = sandbox.receiver.wait(payment.gateway_session, count)
    return [post_webhook(webhook.body, webhook.headers) for webhook in sent]


def post_webhook(body: bytes, headers: dict[str, str], gateway: str = "sandbox") -> Any:
    signature = {key: value for key, value in headers.items() if key.lower() == "x-sandbox-signature"}
    return Client().post(
        f"/api/payments/webhooks/{gateway}", body, content_type="application/json", headers=signature
    )


def process_webhooks() -> None:
    """What the worker does, without waiting for the pause between two tries."""
    WebhookEvent.objects.filter(status="pending").update(due_at=_long_ago())
    tasks.sweep_webhooks()


def carry_out_refunds() -> None:
    Refund.objects.filter(status="pending").update(due_at=_long_ago())
    tasks.sweep_refunds()


def settle(sandbox: Sandbox, payment: Payment, card: str = CARD) -> Payment:
    """Pay, let the webhook come, and let the worker process it."""
    pay(sandbox, payment, card)
    deliver_webhooks(sandbox, payment)
    process_webhooks()
    payment.refresh_from_db()
    return payment


def _long_ago() -> Any:
    return Now() - timedelta(hours=1)
