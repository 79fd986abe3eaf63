"""Unpaid stock comes back: when the payment fails, and when the time to pay runs out."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db.models import F

from notifications.models import OutboxEvent
from orders import services
from orders.models import Checkout, Order
from payments.models import Payment
from tests.goods import list_product, place, place_order, stock_of


@pytest.fixture
def pepsi(vendor):
    return list_product(vendor, quantity=10)


def let_time_run_out(checkout):
    """Deadlines are judged by the database's clock, so the deadline is moved, not the clock."""
    Checkout.objects.filter(pk=checkout.pk).update(reserved_until=F("reserved_until") - timedelta(hours=1))


def test_a_hold_that_ran_out_gives_the_stock_back_and_both_sides_are_told(retailer, vendor, pepsi):
    checkout = place(retailer, (pepsi, 4))
    let_time_run_out(checkout)

    assert services.expire_holds() == 1

    order = checkout.orders.get()
    assert order.status == Order.Status.FAILED
    assert order.lines.get().reservation == "expired"
    assert Checkout.objects.get(pk=checkout.pk).status == Checkout.Status.FAILED
    assert Payment.objects.get(checkout=checkout).status == Payment.Status.EXPIRED
    assert stock_of(pepsi) == (10, 0)
    told = {
        event.recipients[0] for event in OutboxEvent.objects.filter(about=order.code, kind__contains="failed")
    }
    assert told == {retailer.code, vendor.code}
    call_command("reconcile", "--fail")


def test_sweeping_twice_changes_nothing_the_second_time(retailer, pepsi):
    let_time_run_out(place(retailer, (pepsi, 4)))
    services.expire_holds()

    assert services.expire_holds() == 0
    assert stock_of(pepsi) == (10, 0)


def test_a_hold_within_its_time_stays(retailer, pepsi):
    place(retailer, (pepsi, 4))

    assert services.expire_holds() == 0
    assert stock_of(pepsi) == (10, 4)


def test_cash_orders_never_run_out(retailer, pepsi):
    place(retailer, (pepsi, 4), method="cash_on_delivery")

    assert services.expire_holds() == 0
    assert stock_of(pepsi) == (10, 4)


def test_somebody_who_orders_gets_what_an_overdue_hold_still_blocks(retailer, rival_retailer, pepsi):
    overdue = place(retailer, (pepsi, 10))
    let_time_run_out(overdue)

    order = place_order(rival_retailer, (pepsi, 8))

    assert order.status == Order.Status.PENDING
    assert overdue.orders.get().status == Order.Status.FAILED
    assert stock_of(pepsi) == (10, 8)
    call_command("reconcile", "--fail")


def test_a_failed_checkout_can_be_paid_again_which_holds_the_stock_again(retailer_api, retailer, pepsi):
    checkout = place(retailer, (pepsi, 4))
    let_time_run_out(checkout)
    services.expire_holds()

    answer = retailer_api.post("/api/payments", {"checkout": checkout.code, "method": "card"})

    assert answer.status_code == 201
    assert answer.json()["status"] == "pending"
    assert checkout.orders.get().status == Order.Status.PENDING_PAYMENT
    assert stock_of(pepsi) == (10, 4)
    call_command("reconcile", "--fail")


def test_paying_again_while_a_payment_is_pending_gives_that_payment(retailer_api, retailer, pepsi):
    checkout = place(retailer, (pepsi, 4))

    answer = retailer_api.post("/api/payments", {"checkout": checkout.code, "method": "card"})

    assert answer.status_code == 200
    assert answer.json()["id"] == checkout.payments.get().code
    assert stock_of(pepsi) == (10, 4)


def test_paying_again_is_refused_when_the_stock_went_to_others(retailer_api, retailer, rival_retailer, pepsi):
    checkout = place(retailer, (pepsi, 8))
    let_time_run_out(checkout)
    services.expire_holds()
    place(rival_retailer, (pepsi, 5))

    answer = retailer_api.post("/api/payments", {"checkout": checkout.code, "method": "card"})

    assert answer.status_code == 409
    assert answer.json()["items"] == [{"product": pepsi.code, "requested": 8, "available": 5}]
    assert checkout.orders.get().status == Order.Status.FAILED
    assert stock_of(pepsi) == (10, 5)
    call_command("reconcile", "--fail")


def test_after_a_day_a_failed_checkout_is_too_old_to_be_paid(retailer_api, retailer, pepsi):
    checkout = place(retailer, (pepsi, 4))
    let_time_run_out(checkout)
    services.expire_holds()
    Checkout.objects.filter(pk=checkout.pk).update(created_at=F("created_at") - timedelta(hours=25))

    answer = retailer_api.post("/api/payments", {"checkout": checkout.code, "method": "card"})

    assert answer.status_code == 409
    assert answer.json()["code"] == "invalid_transition"
    assert stock_of(pepsi) == (10, 0)


def test_a_cancelled_checkout_cannot_be_paid(retailer_api, retailer, pepsi):
    checkout = place(retailer, (pepsi, 4))
    retailer_api.post(f"/api/orders/{checkout.orders.get().code}/cancel", {"reason": "changed my mind"})

    answer = retailer_api.post("/api/payments", {"checkout": checkout.code, "method": "card"})

    assert answer.status_code == 409
    assert answer.json()["code"] == "invalid_transition"


def test_another_retailers_checkout_does_not_exist(rival_retailer_api, retailer, pepsi):
    checkout = place(retailer, (pepsi, 4))

    answer = rival_retailer_api.post("/api/payments", {"checkout": checkout.code, "method": "card"})

    assert answer.status_code == 404
