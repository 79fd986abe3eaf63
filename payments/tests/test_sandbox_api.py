"""The merchant's API of the sandbox: who may call it, what it refuses, what may be repeated."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import structlog

from payments.gateways.base import GatewayRefused, GatewayUnavailable, RefundRequest, State
from payments.tests.sandbox_process import DECLINED, REFUNDS_FAIL, REFUNDS_SLOW, http, wait_until

SESSION = {
    "reference": "PAY1001",
    "amount": "10.00",
    "currency": "AED",
    "return_url": "http://127.0.0.1:8000/",
}


def paid_session(sandbox, gateway, request, number="4242424242424242") -> str:
    redirect = gateway.start(request)
    assert sandbox.pay(redirect.url, number).status_code == 303
    return redirect.session_id


def refund_of(session_id: str, amount: str, key: str) -> RefundRequest:
    return RefundRequest("RF1", session_id, Decimal(amount), "AED", f"{session_id}-{key}", "Damaged")


def test_only_the_holder_of_the_key_may_call(sandbox):
    for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer ключ".encode()}):
        answer = http("POST", f"{sandbox.url}/v1/sessions", json=SESSION, headers=headers)
        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == "unauthorized"


def test_the_same_key_gives_the_same_session(gateway, payment_request):
    request = payment_request()

    assert gateway.start(request) == gateway.start(request)
    assert gateway.start(payment_request()) != gateway.start(request)


def test_a_key_used_for_another_amount_is_refused(gateway, payment_request):
    request = payment_request()
    redirect = gateway.start(request)

    with pytest.raises(GatewayRefused) as refusal:
        gateway.start(payment_request(idempotency_key=request.idempotency_key, amount=Decimal("1.00")))

    assert (refusal.value.code, refusal.value.transient) == ("idempotency_mismatch", False)
    assert gateway.start(request) == redirect


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": "0.00"}, "amount"),
        ({"amount": "-5.00"}, "amount"),
        ({"amount": "1.005"}, "amount"),
        ({"amount": 10}, "amount"),
        ({"amount": "1e3"}, "amount"),
        ({"currency": "USD"}, "currency"),
        ({"return_url": "javascript:alert(1)"}, "return_url"),
        ({"return_url": "http://shop.example;script-src/"}, "return_url"),
        ({"return_url": "http://shop.example/\r\nSet-Cookie: a=b"}, "return_url"),
        ({"reference": ""}, "reference"),
        ({"description": "x" * 201}, "description"),
        ({"language": "fr"}, "language"),
        ({"language": []}, "language"),
    ],
)
def test_a_malformed_session_is_refused_by_field(sandbox, change, field):
    answer = sandbox.call("POST", "/v1/sessions", {**SESSION, **change})

    assert answer.status_code == 422
    assert list(answer.json()["error"]["fields"]) == [field]


def test_what_is_no_json_object_is_refused(sandbox):
    for body in (b"{", b"[]", b"\xff", b"[" * 30_000):
        answer = http(
            "POST",
            f"{sandbox.url}/v1/sessions",
            data=body,
            headers={"Authorization": f"Bearer {sandbox.api_key}"},
        )
        assert answer.status_code == 400
        assert answer.json()["error"]["code"] == "malformed_json"


def test_errors_are_json_with_the_request_id(sandbox):
    missing = sandbox.call("GET", "/v1/nothing", **{"X-Request-ID": "trace-1"})
    method = sandbox.call("DELETE", "/v1/sessions")

    assert (missing.status_code, missing.json()["request_id"]) == (404, "trace-1")
    assert missing.headers["X-Request-ID"] == "trace-1"
    assert (method.status_code, method.json()["error"]["code"]) == (405, "method_not_allowed")


def test_an_unknown_session_or_refund_is_refused(gateway):
    for ask in (gateway.fetch, gateway.cancel, gateway.fetch_refund):
        with pytest.raises(GatewayRefused) as refusal:
            ask("cs_unknown")
        assert refusal.value.code == "not_found"


def test_a_refund_gives_money_back_and_tells_so(sandbox, gateway, payment_request):
    session_id = paid_session(sandbox, gateway, payment_request())

    refund = gateway.refund(refund_of(session_id, "725.00", "a"))

    assert refund.status == "succeeded"
    assert gateway.fetch_refund(refund.gateway_reference) == refund
    assert gateway.fetch(session_id) == State("paid", Decimal("4725.00"), Decimal("725.00"), "")
    _, webhook = sandbox.receiver.wait(session_id, 2)
    event = gateway.read_webhook(webhook.body, webhook.headers)
    assert (event.type, event.refund_reference) == ("refund.succeeded", refund.gateway_reference)


def test_the_same_key_refunds_once(sandbox, gateway, payment_request):
    session_id = paid_session(sandbox, gateway, payment_request())
    request = refund_of(session_id, "100.00", "a")

    assert gateway.refund(request) == gateway.refund(request)

    assert gateway.fetch(session_id).amount_refunded == Decimal("100.00")
    with pytest.raises(GatewayRefused) as refusal:
        gateway.refund(refund_of(session_id, "200.00", "a"))
    assert refusal.value.code == "idempotency_mismatch"


def test_no_more_is_refunded_than_was_captured(sandbox, gateway, payment_request):
    session_id = paid_session(sandbox, gateway, payment_request())
    gateway.refund(refund_of(session_id, "4725.00", "a"))

    with pytest.raises(GatewayRefused) as refusal:
        gateway.refund(refund_of(session_id, "0.01", "b"))

    assert refusal.value.code == "refund_exceeds_captured"
    assert gateway.fetch(session_id).amount_refunded == Decimal("4725.00")


def test_an_unpaid_session_has_nothing_to_refund(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())
    sandbox.pay(redirect.url, DECLINED)

    with pytest.raises(GatewayRefused) as refusal:
        gateway.refund(refund_of(redirect.session_id, "1.00", "a"))

    assert refusal.value.code == "not_captured"


def test_a_refused_refund_leaves_the_money_to_be_refunded_again(sandbox, gateway, payment_request):
    session_id = paid_session(sandbox, gateway, payment_request(), REFUNDS_FAIL)

    refund = gateway.refund(refund_of(session_id, "4725.00", "a"))

    assert (refund.status, refund.reason) == ("failed", "refused_by_bank")
    assert gateway.fetch(session_id).amount_refunded == Decimal("0.00")
    assert gateway.refund(refund_of(session_id, "4725.00", "b")).status == "failed"
    assert sandbox.receiver.wait(session_id, 2)[1].content["type"] == "refund.failed"


def test_a_slow_refund_is_pending_and_then_succeeds(sandbox, gateway, payment_request):
    session_id = paid_session(sandbox, gateway, payment_request(), REFUNDS_SLOW)

    refund = gateway.refund(refund_of(session_id, "4725.00", "a"))

    assert refund.status == "pending"
    with pytest.raises(GatewayRefused):
        gateway.refund(refund_of(session_id, "0.01", "b"))
    wait_until(
        lambda: gateway.fetch_refund(refund.gateway_reference).status == "succeeded", "it stayed pending"
    )
    assert sandbox.receiver.wait(session_id, 2)[1].content["type"] == "refund.succeeded"
    assert gateway.fetch(session_id).amount_refunded == Decimal("4725.00")


def test_a_failure_of_the_company_is_worth_another_try(sandbox, gateway, payment_request):
    sandbox.order_faults(errors=1)
    request = payment_request()

    with pytest.raises(GatewayUnavailable) as failure:
        gateway.start(request)

    assert failure.value.transient
    assert gateway.start(request).session_id


def test_a_lost_answer_is_found_again_with_the_same_key(sandbox, gateway, payment_request):
    session_id = paid_session(sandbox, gateway, payment_request())
    sandbox.order_faults(lost_answers=1)
    request = refund_of(session_id, "100.00", "a")

    with pytest.raises(GatewayUnavailable):
        gateway.refund(request)

    assert gateway.refund(request).status == "succeeded"
    assert gateway.fetch(session_id).amount_refunded == Decimal("100.00")


def test_a_company_too_slow_to_answer_is_unavailable(sandbox, gateway, payment_request, monkeypatch):
    monkeypatch.setattr("payments.gateways.sandbox_client.READ_SECONDS", 0.2)
    sandbox.order_faults(delays=1, delay_seconds=1)

    with pytest.raises(GatewayUnavailable):
        gateway.start(payment_request())


def test_a_company_that_is_down_is_unavailable(gateway, settings):
    settings.SANDBOX_URL = "http://127.0.0.1:1"

    with pytest.raises(GatewayUnavailable):
        type(gateway)().fetch("cs_1")


def test_the_request_id_goes_with_the_call_into_the_log_and_the_webhook(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())

    with structlog.contextvars.bound_contextvars(request_id="req-from-aqad"):
        gateway.cancel(redirect.session_id)

    [webhook] = sandbox.receiver.wait(redirect.session_id)
    assert webhook.headers["X-Request-ID"] == "req-from-aqad"
    assert any(
        redirect.session_id in line and "request_id=req-from-aqad" in line
        for line in sandbox.log().splitlines()
    )


def test_the_log_never_holds_a_card_number_or_a_key(sandbox, gateway, payment_request):
    session_id = paid_session(sandbox, gateway, payment_request())

    assert session_id in sandbox.log()
    for secret in ("4242424242424242", sandbox.api_key, sandbox.webhook_secret):
        assert secret not in sandbox.log()


def test_one_key_sent_many_times_at_once_opens_one_session(sandbox):
    def create(_: int) -> str:
        answer = sandbox.call("POST", "/v1/sessions", SESSION, key="at-once")
        return str(answer.json()["id"])

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(create, range(16)))) == 1


def test_racing_refunds_never_exceed_what_was_captured(sandbox, gateway, payment_request):
    session_id = paid_session(sandbox, gateway, payment_request())

    def refund(number: int) -> bool:
        try:
            return gateway.refund(refund_of(session_id, "1000.00", str(number))).status == "succeeded"
        except GatewayRefused:
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(refund, range(12))) == 4

    assert gateway.fetch(session_id).amount_refunded == Decimal("4000.00")


def test_a_card_paid_from_two_windows_at_once_is_charged_once(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())

    with ThreadPoolExecutor(8) as pool:
        answers = [answer.status_code for answer in pool.map(sandbox.pay, [redirect.url] * 8)]

    assert sorted(answers) == [303] + [409] * 7
    assert len(sandbox.receiver.wait(redirect.session_id)) == 1


def test_a_log_line_stays_one_line(sandbox):
    http("GET", f"{sandbox.url}/pay/x%0Alevel=info event=session_paid")

    assert not any(line.startswith("level=info event=session_paid") for line in sandbox.log().splitlines())
