"""POST /api/payments/webhooks/<gateway>: only what the company signed, each event once, in any order."""

import hashlib
import hmac
import json
import time

import pytest

from orders.models import Checkout
from payments.models import WebhookEvent
from payments.tests import buyer
from tests.goods import list_product, place


@pytest.fixture
def payment(retailer, vendor):
    return place(retailer, (list_product(vendor), 4)).payments.get()


def signed(secret, event, *, at=None):
    body = json.dumps(event).encode()
    at = int(time.time()) if at is None else at
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return body, {"X-Sandbox-Signature": f"t={at},v1={digest}"}


def event(payment, **changes):
    return {
        "id": "evt_1",
        "type": "payment.paid",
        "created": int(time.time()),
        "data": {"session": payment.gateway_session or "unknown", "reference": payment.code},
        **changes,
    }


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_signature_outside_five_minutes_is_refused(sandbox, payment, seconds):
    body, headers = signed(sandbox.webhook_secret, event(payment), at=int(time.time()) + seconds)

    answer = buyer.post_webhook(body, headers)

    assert answer.status_code == 400
    assert answer.json()["success"] is False
    assert not WebhookEvent.objects.exists()


def test_a_missing_or_wrong_signature_is_refused(sandbox, payment):
    body, _ = signed("somebody else's secret", event(payment))

    assert buyer.post_webhook(body, {}).status_code == 400
    assert buyer.post_webhook(body, _).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_an_unknown_gateway_is_not_found(sandbox, payment):
    body, headers = signed(sandbox.webhook_secret, event(payment))

    assert buyer.post_webhook(body, headers, gateway="nobody").status_code == 404


def test_an_event_of_an_unknown_type_is_taken_and_ignored(sandbox, payment):
    body, headers = signed(sandbox.webhook_secret, event(payment, type="dispute.opened"))

    answer = buyer.post_webhook(body, headers)
    buyer.process_webhooks()

    assert answer.status_code == 200
    assert WebhookEvent.objects.get().status == "ignored"


def test_a_signed_lie_changes_nothing_because_the_gateway_is_asked(sandbox, payment):
    buyer.open_page(payment)
    payment.refresh_from_db()
    body, headers = signed(sandbox.webhook_secret, event(payment))

    buyer.post_webhook(body, headers)
    buyer.process_webhooks()

    assert WebhookEvent.objects.get().status == "done"
    payment.refresh_from_db()
    assert payment.status == "pending"
    assert Checkout.objects.get().status == "pending_payment"


def test_an_event_for_a_payment_not_yet_known_is_kept_and_tried_again(sandbox, payment):
    body, headers = signed(sandbox.webhook_secret, event(payment))
    buyer.post_webhook(body, headers)
    buyer.process_webhooks()
    waiting = WebhookEvent.objects.get()
    assert (waiting.status, waiting.last_error) == ("pending", "no such payment or refund")

    buyer.pay(sandbox, payment)
    WebhookEvent.objects.update(session_id=payment.gateway_session)
    buyer.process_webhooks()

    payment.refresh_from_db()
    assert payment.status == "paid"


def test_an_event_that_never_finds_its_payment_ends_dead_and_visible(sandbox, payment):
    body, headers = signed(sandbox.webhook_secret, event(payment))
    buyer.post_webhook(body, headers)

    for _ in range(12):
        buyer.process_webhooks()

    assert WebhookEvent.objects.get().status == "dead"


def test_a_gateway_that_does_not_answer_is_asked_again(sandbox, payment):
    buyer.pay(sandbox, payment)
    buyer.deliver_webhooks(sandbox, payment)
    sandbox.order_faults(errors=1)
    buyer.process_webhooks()
    payment.refresh_from_db()
    assert payment.status == "pending"

    buyer.process_webhooks()

    payment.refresh_from_db()
    assert payment.status == "paid"


def test_a_body_beyond_the_cap_is_refused(sandbox, payment, settings):
    settings.WEBHOOK_MAX_BYTES = 100
    body, headers = signed(sandbox.webhook_secret, event(payment, padding="x" * 200))

    assert buyer.post_webhook(body, headers).status_code == 400
    assert not WebhookEvent.objects.exists()


def test_webhooks_are_not_rate_limited(sandbox, payment, settings):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "default": "2/m"}
    body, headers = signed(sandbox.webhook_secret, event(payment))

    assert {buyer.post_webhook(body, headers).status_code for _ in range(5)} == {200}
    assert WebhookEvent.objects.count() == 1
