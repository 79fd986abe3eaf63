"""The sandbox's webhooks: sent until taken, also after a sudden death."""

from payments.gateways.sandbox_client import SandboxGateway
from payments.tests.sandbox_process import DECLINED, http


def test_a_webhook_the_merchant_failed_to_take_comes_again(sandbox, gateway, payment_request):
    redirect = gateway.start(payment_request())
    sandbox.receiver.refuse(redirect.session_id, 1)

    answer = sandbox.pay(redirect.url)

    assert answer.status_code == 303
    first, second = sandbox.receiver.wait(redirect.session_id, 2)
    assert (first.answered, second.answered) == (500, 200)
    assert first.body == second.body
    for webhook in (first, second):
        assert gateway.read_webhook(webhook.body, webhook.headers).type == "payment.paid"


def test_webhooks_held_back_leave_the_truth_with_the_status_query(sandbox, gateway, payment_request):
    sandbox.order_faults(hold_webhooks=True)
    redirect = gateway.start(payment_request())

    sandbox.pay(redirect.url)

    assert gateway.fetch(redirect.session_id).status == "paid"
    assert sandbox.receiver.of(redirect.session_id) == []
    sandbox.order_faults()
    assert sandbox.receiver.wait(redirect.session_id)


def test_nothing_is_lost_when_the_program_is_killed(own_sandbox, payment_request):
    gateway = SandboxGateway()
    paid, declined, open_one = (gateway.start(payment_request()) for _ in range(3))
    own_sandbox.order_faults(hold_webhooks=True)
    own_sandbox.pay(paid.url)
    own_sandbox.pay(declined.url, DECLINED)
    assert own_sandbox.receiver.of(paid.session_id) == []

    own_sandbox.kill()
    own_sandbox.start()

    states = [gateway.fetch(redirect.session_id).status for redirect in (paid, declined, open_one)]
    assert states == ["paid", "failed", "pending"]
    assert own_sandbox.receiver.wait(paid.session_id)[0].content["type"] == "payment.paid"
    assert own_sandbox.receiver.wait(declined.session_id)[0].content["type"] == "payment.failed"
    assert http("GET", open_one.url).status_code == 200
    assert own_sandbox.pay(open_one.url).status_code == 303
