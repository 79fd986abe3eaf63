"""Money that arrives late is never lost: it revives the orders, or goes back."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import F

from orders import services as orders
from orders.models import Checkout
from payments import tasks
from payments.models import Payment
from payments.tests import buyer
from tests.goods import list_product, place, stock_of


@pytest.fixture
def pepsi(vendor):
    return list_product(vendor, quantity=10)


@pytest.fixture
def checkout(retailer, pepsi):
    return place(retailer, (pepsi, 8))


@pytest.fixture
def payment(checkout):
    return checkout.payments.get()


def run_out(checkout):
    Checkout.objects.filter(pk=checkout.pk).update(reserved_until=F("reserved_until") - timedelta(hours=2))
    orders.expire_holds()


def statuses(checkout):
    return {order.status for order in checkout.orders.all()}


def test_it_revives_the_orders_where_the_stock_is_still_there(sandbox, checkout, payment, pepsi):
    buyer.pay(sandbox, payment)
    run_out(checkout)
    assert stock_of(pepsi) == (10, 0)

    buyer.deliver_webhooks(sandbox, payment)
    buyer.process_webhooks()

    assert statuses(checkout) == {"pending"}
    assert stock_of(pepsi) == (10, 8)
    assert Payment.objects.get().status == "paid"
    call_command("reconcile", "--fail")


def test_it_goes_back_whole_where_the_stock_went_to_others(sandbox, checkout, payment, pepsi, rival_retailer):
    buyer.pay(sandbox, payment)
    run_out(checkout)
    place(rival_retailer, (pepsi, 5))

    buyer.deliver_webhooks(sandbox, payment)
    buyer.process_webhooks()
    buyer.carry_out_refunds()

    assert statuses(checkout) == {"failed"}
    payment.refresh_from_db()
    assert payment.status == "refunded"
    assert payment.amount_refunded == checkout.total
    assert stock_of(pepsi) == (10, 5)
    call_command("reconcile", "--fail")


def test_a_cancelled_order_is_never_revived(sandbox, checkout, payment, pepsi, retailer_api):
    buyer.pay(sandbox, payment)
    retailer_api.post(f"/api/orders/{checkout.orders.get().code}/cancel", {})

    buyer.deliver_webhooks(sandbox, payment)
    buyer.process_webhooks()
    buyer.carry_out_refunds()

    assert statuses(checkout) == {"cancelled"}
    payment.refresh_from_db()
    assert payment.status == "refunded"
    assert stock_of(pepsi) == (10, 0)
    call_command("reconcile", "--fail")


def test_money_found_while_cancelling_at_the_gateway_goes_back(sandbox, checkout, payment, retailer_api):
    buyer.pay(sandbox, payment)
    retailer_api.post(f"/api/orders/{checkout.orders.get().code}/cancel", {})

    tasks.sweep_cancellations()
    buyer.carry_out_refunds()

    payment.refresh_from_db()
    assert (payment.status, payment.cancel_at) == ("refunded", None)


def test_an_expired_payment_is_cancelled_at_the_gateway(sandbox, checkout, payment, gateway):
    page = buyer.open_page(payment)
    run_out(checkout)

    tasks.sweep_cancellations()

    payment.refresh_from_db()
    assert payment.cancel_at is None
    assert gateway.fetch(payment.gateway_session).status == "cancelled"
    assert sandbox.pay(page).status_code == 409


def test_late_money_of_the_first_attempt_takes_the_place_of_the_second(
    sandbox, checkout, payment, pepsi, retailer_api
):
    buyer.pay(sandbox, payment)
    run_out(checkout)
    second = retailer_api.post("/api/payments", {"checkout": checkout.code, "method": "card"}).json()["id"]

    buyer.deliver_webhooks(sandbox, payment)
    buyer.process_webhooks()

    assert statuses(checkout) == {"pending"}
    assert Payment.objects.get(pk=second.removeprefix("PAY")).status == "cancelled"
    assert stock_of(pepsi) == (10, 8)
    call_command("reconcile", "--fail")


def test_a_checkout_paid_twice_gives_the_second_money_back(sandbox, checkout, payment, retailer_api):
    buyer.pay(sandbox, payment)
    run_out(checkout)
    second = retailer_api.post("/api/payments", {"checkout": checkout.code, "method": "card"}).json()["id"]
    second = Payment.objects.get(pk=second.removeprefix("PAY"))
    buyer.settle(sandbox, second)

    buyer.deliver_webhooks(sandbox, payment)
    buyer.process_webhooks()
    buyer.carry_out_refunds()

    payment.refresh_from_db()
    second.refresh_from_db()
    assert (payment.status, second.status) == ("refunded", "paid")
    assert statuses(checkout) == {"pending"}
    call_command("reconcile", "--fail")
