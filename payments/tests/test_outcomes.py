"""What becomes of a checkout when its card is paid, declined, challenged or forgotten."""

import logging

import pytest
from django.core.management import call_command
from django.test import Client

from audit.models import Entry
from orders.models import Checkout, Order
from payments import services, tasks
from payments.gateways.base import State
from payments.models import Payment, WebhookEvent
from payments.tests import buyer
from payments.tests.sandbox_process import CHALLENGED, DECLINED, INSUFFICIENT, LATE_AND_TWICE
from tests.goods import list_product, place, stock_of
from vendors import services as vendors


@pytest.fixture
def pepsi(vendor):
    return list_product(vendor, quantity=10)


@pytest.fixture
def checkout(retailer, pepsi):
    return place(retailer, (pepsi, 4))


@pytest.fixture
def payment(checkout):
    return checkout.payments.get()


def now_of(checkout):
    checkout = Checkout.objects.get(pk=checkout.pk)
    return checkout.status, {order.status for order in checkout.orders.all()}, checkout.payments.last().status


def test_a_paid_card_brings_the_order_to_its_vendor(sandbox, checkout, payment, pepsi, vendor_api):
    order = checkout.orders.get()
    assert vendor_api.get(f"/api/orders/{order.code}").status_code == 404

    buyer.settle(sandbox, payment)

    assert now_of(checkout) == ("placed", {"pending"}, "paid")
    assert Payment.objects.get().amount_paid == checkout.total
    assert stock_of(pepsi) == (10, 4)
    assert vendor_api.get(f"/api/orders/{order.code}").json()["payment"]["status"] == "paid"
    call_command("reconcile", "--fail")


@pytest.mark.parametrize(
    ("card", "reason"), [(DECLINED, "card_declined"), (INSUFFICIENT, "insufficient_funds")]
)
def test_a_declined_card_gives_the_stock_back(sandbox, checkout, payment, pepsi, card, reason):
    buyer.settle(sandbox, payment, card)

    assert now_of(checkout) == ("failed", {"failed"}, "failed")
    assert Payment.objects.get().failure_reason == reason
    assert stock_of(pepsi) == (10, 0)
    call_command("reconcile", "--fail")


def test_a_failed_payment_leaves_an_error_line_that_is_found_by_the_order(sandbox, checkout, payment, caplog):
    with caplog.at_level(logging.ERROR):
        buyer.settle(sandbox, payment, DECLINED)

    (line,) = [record for record in caplog.records if "payment failed" in record.getMessage()]
    assert line.levelno == logging.ERROR
    assert checkout.orders.get().code in line.getMessage()


def test_three_d_secure_pays_only_after_it_is_confirmed(sandbox, checkout, payment):
    page = buyer.open_page(payment)
    sandbox.pay(page, CHALLENGED)
    assert now_of(checkout) == ("pending_payment", {"pending_payment"}, "pending")

    sandbox.confirm(page)
    payment.refresh_from_db()
    buyer.deliver_webhooks(sandbox, payment)
    buyer.process_webhooks()

    assert now_of(checkout) == ("placed", {"pending"}, "paid")


def test_a_webhook_that_comes_late_and_twice_counts_once(sandbox, checkout, payment, pepsi):
    buyer.pay(sandbox, payment, LATE_AND_TWICE)

    buyer.deliver_webhooks(sandbox, payment, 2)
    buyer.process_webhooks()
    buyer.process_webhooks()

    assert now_of(checkout) == ("placed", {"pending"}, "paid")
    assert WebhookEvent.objects.count() == 1
    assert Entry.objects.filter(object_code=payment.code, verb="paid").count() == 1
    assert stock_of(pepsi) == (10, 4)


def test_the_poller_asks_when_no_webhook_ever_comes(sandbox, checkout, payment):
    buyer.pay(sandbox, payment)
    Payment.objects.update(poll_at="2020-01-01T00:00:00Z")

    tasks.poll_gateway()

    assert now_of(checkout) == ("placed", {"pending"}, "paid")
    assert not WebhookEvent.objects.exists()


def test_a_gateway_that_does_not_answer_leaves_the_payment_pending(sandbox, checkout, payment):
    buyer.pay(sandbox, payment)
    sandbox.order_faults(errors=10)
    Payment.objects.update(poll_at="2020-01-01T00:00:00Z")

    tasks.poll_gateway()

    assert now_of(checkout) == ("pending_payment", {"pending_payment"}, "pending")
    assert Payment.objects.get().poll_at.year > 2020


def test_visiting_the_link_again_opens_the_same_session(sandbox, payment):
    first = buyer.open_page(payment)

    assert buyer.open_page(payment) == first


def test_an_answer_lost_on_the_way_does_not_make_a_second_session(sandbox, payment):
    sandbox.order_faults(lost_answers=1)
    assert Client().get(f"/pay/{payment.answer['redirect_url'].rsplit('/', 1)[1]}").status_code == 503

    page = buyer.open_page(payment)

    payment.refresh_from_db()
    assert payment.gateway_session in page
    assert Payment.objects.count() == 1


def test_a_link_that_is_not_ours_is_not_found(db):
    assert Client().get("/pay/1001:forged").status_code == 404
    assert Client().get("/pay/1001:forged/result").status_code == 404


def test_the_result_page_tells_what_became_of_it(sandbox, payment):
    path = payment.answer["redirect_url"].removeprefix("http://127.0.0.1:8000")
    buyer.settle(sandbox, payment, DECLINED)

    page = Client().get(f"{path}/result")

    assert page.status_code == 200
    assert "nothing was taken" in page.content.decode()
    assert Client().get(path)["Location"].endswith("/result")


def test_paying_again_after_a_decline_succeeds_with_a_new_payment(
    sandbox, retailer_api, checkout, payment, pepsi
):
    buyer.settle(sandbox, payment, DECLINED)

    answer = retailer_api.post("/api/payments", {"checkout": checkout.code, "method": "card"})
    second = Payment.objects.get(pk=answer.json()["id"].removeprefix("PAY"))
    buyer.settle(sandbox, second)

    assert second.pk != payment.pk
    assert now_of(checkout) == ("placed", {"pending"}, "paid")
    assert stock_of(pepsi) == (10, 4)
    call_command("reconcile", "--fail")


def test_a_captured_amount_that_is_not_what_was_asked_goes_back_whole(checkout, payment, pepsi):
    services.apply_state(payment, State("paid", checkout.total - 1, checkout.total * 0))

    assert now_of(checkout) == ("failed", {"failed"}, "paid")
    assert payment.refunds.get().amount == checkout.total - 1
    assert stock_of(pepsi) == (10, 0)


def test_only_the_payer_and_admins_read_a_payment(
    payment, retailer_api, admin_api, rival_retailer_api, vendor_api, anonymous_api
):
    path = f"/api/payments/{payment.code}"
    assert retailer_api.get(path).json()["id"] == payment.code
    assert admin_api.get(path).status_code == 200
    assert rival_retailer_api.get(path).status_code == 404
    assert vendor_api.get(path).status_code == 403
    assert anonymous_api.get(path).status_code == 401


def test_a_vendor_suspended_before_the_money_came_gets_no_order_and_the_money_goes_back(
    sandbox, checkout, payment, vendor, admin, pepsi
):
    buyer.pay(sandbox, payment)
    vendors.suspend_vendor(vendor, reason="licence withdrawn", by=admin)

    buyer.deliver_webhooks(sandbox, payment)
    buyer.process_webhooks()
    buyer.carry_out_refunds()

    assert checkout.orders.get().status == Order.Status.REJECTED
    assert Payment.objects.get().status == Payment.Status.REFUNDED
    assert stock_of(pepsi) == (10, 0)
    call_command("reconcile", "--fail")
