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
    return signed_body(secret, json.dumps(event).encode(), at=at)


def signed_body(secret, body, *, at=None):
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


NO_TEXT = [
    "evt\0",
    "\ud800evt",
    "evt\udfff",
    "evt\x1b[31m",
    "evt\nevt",
    "\x85",
    "e" * 121,
    "",
    7,
    None,
    [],
    {},
    True,
]


def refused(answer):
    assert answer.status_code == 400
    assert answer.json()["code"]
    assert not WebhookEvent.objects.exists()


@pytest.mark.parametrize("value", NO_TEXT)
@pytest.mark.parametrize("field", ["id", "session", "reference", "refund"])
def test_a_signed_event_with_an_id_that_is_no_text_is_refused(sandbox, payment, field, value):
    sent = event(payment)
    if field == "id":
        sent["id"] = value
    elif field == "refund":
        sent["data"]["refund"] = {"id": value}
    else:
        sent["data"][field] = value
    refused(buyer.post_webhook(*signed(sandbox.webhook_secret, sent)))


@pytest.mark.parametrize("kind", ["payment.paid\0", "\udc00", 5, None, ["payment.paid"]])
def test_a_signed_event_with_a_type_that_is_no_text_is_refused(sandbox, payment, kind):
    refused(buyer.post_webhook(*signed(sandbox.webhook_secret, event(payment, type=kind))))


def test_an_unknown_type_is_ignored_however_long_it_is(sandbox, payment):
    answer = buyer.post_webhook(*signed(sandbox.webhook_secret, event(payment, type="dispute." + "x" * 300)))
    assert answer.status_code == 200
    assert WebhookEvent.objects.get().status == "ignored"


@pytest.mark.parametrize(
    "changes",
    [
        {"created": 10**30},
        {"created": -(10**30)},
        {"created": 1e308},
        {"created": float("nan")},
        {"created": float("inf")},
        {"created": "now"},
        {"created": None},
        {"data": []},
        {"data": "session"},
        {"data": None},
        {"data": {"session": {"id": 1}, "reference": "PAY1001"}},
        {"data": {"session": "s", "reference": "PAY1001", "refund": [1]}},
        {"data": {"session": "s", "reference": "PAY1001", "refund": "re_1"}},
    ],
)
def test_a_signed_event_of_another_shape_is_refused(sandbox, payment, changes):
    refused(buyer.post_webhook(*signed(sandbox.webhook_secret, event(payment, **changes))))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"1e999999",
        b"9" * 6000,
        b"[" * 30_000,
        b'{"id":"\xff\xfe"}',
        b"\xef\xbb\xbf{}",
        "{}".encode("utf-16"),
        bytes(100),
    ],
)
def test_a_signed_body_that_is_no_event_is_refused(sandbox, payment, body):
    refused(buyer.post_webhook(*signed_body(sandbox.webhook_secret, body)))


@pytest.mark.parametrize("header", ["t=1,v1=\xe9", "\xff\xfe", "t=\xb2,v1=a", "=,=,=", ",", "v1", "t=1;v1=2"])
def test_a_signature_of_odd_characters_is_refused(sandbox, payment, header):
    body, _ = signed(sandbox.webhook_secret, event(payment))
    refused(buyer.post_webhook(body, {"X-Sandbox-Signature": header}))


def test_any_one_of_several_signatures_may_be_right(sandbox, payment):
    """While the company changes its secret."""
    body, headers = signed(sandbox.webhook_secret, event(payment))
    moment, right = headers["X-Sandbox-Signature"].split(",")
    for others in (f"{right},v1={'0' * 64}", f"v1={'0' * 64},{right}", f"v1=,v1=\xe9,{right},v0=1"):
        answer = buyer.post_webhook(body, {"X-Sandbox-Signature": f"{moment},{others}"})
        assert answer.status_code == 200
    assert WebhookEvent.objects.count() == 1


def test_several_wrong_signatures_are_no_right_one_and_a_second_time_is_refused(sandbox, payment):
    body, headers = signed(sandbox.webhook_secret, event(payment))
    moment, right = headers["X-Sandbox-Signature"].split(",")
    refused(buyer.post_webhook(body, {"X-Sandbox-Signature": f"{moment},v1={'0' * 64},v1={'1' * 64}"}))
    refused(buyer.post_webhook(body, {"X-Sandbox-Signature": f"t=1,{moment},{right}"}))


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
