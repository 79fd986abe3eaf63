"""Refunds: never more than was paid, for an order or spread over all, carried out by a worker."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import F

from payments.models import Payment, Refund
from payments.tests import buyer
from payments.tests.sandbox_process import REFUNDS_FAIL, REFUNDS_SLOW
from tests.goods import list_product, place


@pytest.fixture
def checkout(retailer, vendor, rival_vendor):
    """Two orders: 94.50 and 10.50."""
    return place(
        retailer, (list_product(vendor, price="90.00"), 1), (list_product(rival_vendor, price="10.00"), 1)
    )


@pytest.fixture
def payment(sandbox, checkout):
    return buyer.settle(sandbox, checkout.payments.get())


def ask(api, payment, amount, **more):
    return api.post(f"/api/payments/{payment.code}/refunds", {"amount": amount, "reason": "broken", **more})


def test_a_refund_is_promised_at_once_and_carried_out_by_the_worker(sandbox, admin_api, payment, checkout):
    answer = ask(admin_api, payment, "10.00")

    assert answer.status_code == 201
    assert (answer.json()["amount"], answer.json()["status"]) == ("10.00", "pending")
    buyer.carry_out_refunds()

    now = admin_api.get(f"/api/payments/{payment.code}").json()
    assert (now["status"], now["amount_paid"], now["amount_refunded"]) == (
        "partially_refunded",
        "105.00",
        "10.00",
    )
    assert now["refunds"][0]["status"] == "succeeded"
    call_command("reconcile", "--fail")


def test_without_an_order_it_is_spread_by_what_each_order_paid(admin_api, payment, checkout):
    parts = ask(admin_api, payment, "0.11").json()["orders"]

    assert [part["amount"] for part in parts] == ["0.10", "0.01"]


def test_with_an_order_it_is_for_that_order_alone(admin_api, payment, checkout):
    order = checkout.orders.last()

    answer = ask(admin_api, payment, "10.50", order=order.code)
    beyond = ask(admin_api, payment, "0.01", order=order.code)

    assert answer.json()["orders"] == [{"order": order.code, "amount": "10.50"}]
    assert beyond.status_code == 409
    assert beyond.json()["code"] == "refund_exceeds_paid"


def test_the_whole_in_parts_and_not_a_fils_more(sandbox, admin_api, payment):
    assert ask(admin_api, payment, "100.00").status_code == 201
    assert ask(admin_api, payment, "5.01").json()["code"] == "refund_exceeds_paid"
    assert ask(admin_api, payment, "5.00").status_code == 201
    buyer.carry_out_refunds()

    payment.refresh_from_db()
    assert (payment.status, payment.amount_refunded) == ("refunded", Decimal("105.00"))
    assert ask(admin_api, payment, "0.01").json()["code"] == "refund_exceeds_paid"
    call_command("reconcile", "--fail")


@pytest.mark.parametrize("amount", ["0", "-1", "1.001", "a lot", "", None, 2**60, "NaN", [], "1e3"])
def test_malformed_amounts_are_refused_beside_the_field(admin_api, payment, amount):
    answer = ask(admin_api, payment, amount)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["amount"]
    assert not Refund.objects.exists()


def test_where_nothing_was_paid_nothing_can_be_refunded(admin_api, retailer, vendor):
    unpaid = place(retailer, (list_product(vendor), 1)).payments.get()

    answer = ask(admin_api, unpaid, "1.00")

    assert answer.status_code == 409
    assert answer.json()["code"] == "invalid_transition"


def test_an_order_of_another_checkout_is_refused(admin_api, payment, retailer, vendor):
    other = place(retailer, (list_product(vendor), 1)).orders.get()

    answer = ask(admin_api, payment, "1.00", order=other.code)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["order"]


def test_a_repeated_request_refunds_once(admin_api, payment):
    key = {"HTTP_IDEMPOTENCY_KEY": "refund-of-tuesday"}
    body = {"amount": "10.00", "reason": "broken"}

    first, again = (admin_api.post(f"/api/payments/{payment.code}/refunds", body, **key) for _ in range(2))

    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert Refund.objects.count() == 1


def test_a_lost_answer_of_the_gateway_refunds_once(sandbox, admin_api, payment, gateway):
    ask(admin_api, payment, "10.00")
    sandbox.order_faults(lost_answers=1)
    buyer.carry_out_refunds()
    assert Refund.objects.get().status == "pending"

    buyer.carry_out_refunds()

    assert Refund.objects.get().status == "succeeded"
    assert gateway.fetch(payment.gateway_session).amount_refunded == Decimal("10.00")


def test_a_refund_the_bank_refuses_frees_its_amount_and_is_shown_to_operations(
    sandbox, admin_api, retailer, vendor
):
    payment = buyer.settle(sandbox, place(retailer, (list_product(vendor), 1)).payments.get(), REFUNDS_FAIL)
    ask(admin_api, payment, "10.00")

    buyer.carry_out_refunds()

    assert Refund.objects.get().status == "failed"
    payment.refresh_from_db()
    assert (payment.status, payment.amount_refund_pending) == ("paid", 0)
    assert ask(admin_api, payment, "47.25").status_code == 201
    call_command("reconcile", "--fail")


def test_a_refund_that_takes_its_time_is_asked_for_again(sandbox, admin_api, retailer, vendor):
    payment = buyer.settle(sandbox, place(retailer, (list_product(vendor), 1)).payments.get(), REFUNDS_SLOW)
    ask(admin_api, payment, "10.00")
    buyer.carry_out_refunds()
    refund = Refund.objects.get()
    assert (refund.status, bool(refund.gateway_reference)) == ("pending", True)

    sent = sandbox.receiver.wait(payment.gateway_session, 2)
    buyer.post_webhook(sent[-1].body, sent[-1].headers)
    buyer.process_webhooks()

    assert Refund.objects.get().status == "succeeded"


def test_a_rejected_order_gets_its_money_back_and_the_other_one_stays_paid(
    sandbox, payment, checkout, vendor_api
):
    order = checkout.orders.first()

    vendor_api.post(f"/api/orders/{order.code}/reject", {"reason": "none left"})
    buyer.carry_out_refunds()

    payment.refresh_from_db()
    assert (payment.status, payment.amount_refunded) == ("partially_refunded", order.total)
    call_command("reconcile", "--fail")


def test_a_rejected_order_gets_only_what_was_not_refunded_before(
    sandbox, payment, checkout, admin_api, vendor_api
):
    order = checkout.orders.first()
    ask(admin_api, payment, "4.50", order=order.code)

    vendor_api.post(f"/api/orders/{order.code}/reject", {"reason": "none left"})
    buyer.carry_out_refunds()

    payment.refresh_from_db()
    assert payment.amount_refunded == order.total
    assert Refund.objects.count() == 2
    call_command("reconcile", "--fail")


def test_only_admins_refund(payment, retailer_api, vendor_api, anonymous_api):
    assert ask(retailer_api, payment, "1.00").status_code == 403
    assert ask(vendor_api, payment, "1.00").status_code == 403
    assert ask(anonymous_api, payment, "1.00").status_code == 401
    assert not Refund.objects.exists()


def test_the_database_itself_refuses_more_than_was_paid(payment):
    with pytest.raises(Exception, match="payment_refund_within_paid"):
        Payment.objects.update(amount_refunded=F("amount_paid") + 1)
