"""Paying on the sandbox's hosted page, and what the merchant learns of it."""

from decimal import Decimal

import pytest

from payments.gateways.base import State
from payments.gateways.sandbox_client import SandboxGateway
from payments.tests.conftest import point_at
from payments.tests.sandbox_process import (
    CARD,
    CHALLENGED,
    DECLINED,
    INSUFFICIENT,
    LATE_AND_TWICE,
    Sandbox,
    http,
)

PENDING = State("pending", Decimal("0.00"), Decimal("0.00"), "")
PAID = State("paid", Decimal("4725.00"), Decimal("0.00"), "")


def failed(reason: str) -> State:
    return State("failed", Decimal("0.00"), Decimal("0.00"), reason)


def test_a_good_card_pays_and_leads_back_to_the_merchant(sandbox, gateway, payment_request):
    request = payment_request()
    redirect = gateway.start(request)
    assert gateway.fetch(redirect.session_id) == PENDING

    answer = sandbox.pay(redirect.url, "4242 4242-4242 4242")

    assert (answer.status_code, answer.headers["Location"]) == (303, request.return_url)
    assert gateway.fetch(redirect.session_id) == PAID
    [webhook] = sandbox.receiver.wait(redirect.session_id)
    event = gateway.read_webhook(webhook.body, webhook.headers)
    assert (event.type, event.session_id, event.reference) == ("payment.paid", redirect.session_id, "PAY1001")
    assert event.occurred_at.tzinfo is not None


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (DECLINED, "card_declined"),
        (INSUFFICIENT, "insufficient_funds"),
        ("5555555555554444", "unknown_test_card"),
    ],
)
def test_a_refused_card_ends_the_session_and_says_why(sandbox, gateway, payment_request, number, reason):
    request = payment_request()
    redirect = gateway.start(request)

    answer = sandbox.pay(redirect.url, number)

    assert (answer.status_code, answer.headers["Location"]) == (303, request.return_url)
    assert gateway.fetch(redirect.session_id) == failed(reason)
    [webhook] = sandbox.receiver.wait(redirect.session_id)
    assert webhook.content["type"] == "payment.failed"


def test_a_refused_session_cannot_be_paid_with_another_card(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())
    sandbox.pay(redirect.url, DECLINED)

    again = sandbox.pay(redirect.url, CARD)

    assert again.status_code == 409
    assert gateway.fetch(redirect.session_id) == failed("card_declined")


def test_three_d_secure_pays_once_the_buyer_confirms(sandbox, gateway, payment_request):
    request = payment_request()
    redirect = gateway.start(request)

    asked = sandbox.pay(redirect.url, CHALLENGED)
    assert (asked.status_code, asked.headers["Location"]) == (
        303,
        f"/pay/{redirect.session_id}/confirm",
    )
    assert gateway.fetch(redirect.session_id) == PENDING
    page = http("GET", sandbox.url + asked.headers["Location"]).text
    assert page.count("<form") == 1
    assert page.index('value="confirm"') < page.index('value="refuse"')

    answer = sandbox.confirm(redirect.url)

    assert (answer.status_code, answer.headers["Location"]) == (303, request.return_url)
    assert gateway.fetch(redirect.session_id) == PAID


def test_three_d_secure_fails_when_the_buyer_refuses(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())
    sandbox.pay(redirect.url, CHALLENGED)

    answer = sandbox.confirm(redirect.url, "refuse")

    assert answer.status_code == 303
    assert gateway.fetch(redirect.session_id) == failed("authentication_refused")


def test_a_confirmation_nobody_asked_for_pays_nothing(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())

    answer = sandbox.confirm(redirect.url)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/pay/{redirect.session_id}")
    assert gateway.fetch(redirect.session_id) == PENDING


def test_the_late_card_pays_at_once_and_tells_twice_with_one_event(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())

    sandbox.pay(redirect.url, LATE_AND_TWICE)

    assert gateway.fetch(redirect.session_id) == PAID
    first, second = sandbox.receiver.wait(redirect.session_id, 2)
    assert first.content == second.content
    assert first.content["type"] == "payment.paid"


def test_a_double_click_pays_once(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())

    first, second = sandbox.pay(redirect.url), sandbox.pay(redirect.url)

    assert (first.status_code, second.status_code) == (303, 409)
    sandbox.receiver.wait(redirect.session_id)
    assert gateway.fetch(redirect.session_id) == PAID


def test_a_cancelled_session_cannot_be_paid(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())

    cancelled = gateway.cancel(redirect.session_id)

    assert cancelled == State("cancelled", Decimal("0.00"), Decimal("0.00"), "cancelled")
    assert sandbox.pay(redirect.url).status_code == 409
    assert gateway.cancel(redirect.session_id) == cancelled
    assert [webhook.content["type"] for webhook in sandbox.receiver.wait(redirect.session_id)] == [
        "payment.cancelled"
    ]


def test_a_session_cancelled_during_three_d_secure_cannot_be_confirmed(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())
    sandbox.pay(redirect.url, CHALLENGED)
    gateway.cancel(redirect.session_id)

    assert sandbox.confirm(redirect.url).status_code == 409
    assert gateway.fetch(redirect.session_id).status == "cancelled"


def test_cancelling_a_paid_session_answers_that_it_is_paid(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())
    sandbox.pay(redirect.url)

    assert gateway.cancel(redirect.session_id) == PAID


def test_a_session_left_too_long_expires_and_cannot_be_paid(tmp_path, settings, payment_request):
    with Sandbox(tmp_path, session_seconds=0) as sandbox:
        point_at(sandbox, settings)
        gateway = SandboxGateway()
        redirect = gateway.start(payment_request())

        expired = gateway.fetch(redirect.session_id)

        assert expired == State("expired", Decimal("0.00"), Decimal("0.00"), "expired")
        assert sandbox.pay(redirect.url).status_code == 409
        assert "Time has run out" in http("GET", redirect.url).text
        assert gateway.cancel(redirect.session_id) == expired
