"""Cash on delivery is paid at the door, order by order."""

import pytest
from django.core.management import call_command

from orders import services as orders
from payments.models import Payment
from tests.goods import carry, list_product, place


@pytest.fixture
def checkout(retailer, vendor, rival_vendor):
    goods = [(list_product(seller), 1) for seller in (vendor, rival_vendor)]
    return place(retailer, *goods, method="cash_on_delivery")


def deliver(order):
    carry(order, "picked_up", "out_for_delivery", "delivered")


def test_it_is_paid_when_the_last_order_is_delivered(checkout):
    first, second = checkout.orders.all()
    payment = Payment.objects.get()

    deliver(first)
    payment.refresh_from_db()
    assert (payment.status, payment.amount_paid) == ("pending", first.total)

    deliver(second)
    payment.refresh_from_db()
    assert (payment.status, payment.amount_paid) == ("paid", checkout.total)


def test_what_is_rejected_is_not_collected(checkout, vendor_user):
    first, second = checkout.orders.all()
    orders.reject_order(first, reason="none left", by=vendor_user)
    deliver(second)

    payment = Payment.objects.get()
    assert (payment.status, payment.amount_paid) == ("paid", second.total)
    assert not payment.refunds.exists()
    call_command("reconcile", "--fail")


def test_where_nothing_is_delivered_it_is_cancelled(checkout, vendor_user):
    for order in checkout.orders.all():
        orders.reject_order(order, reason="none left", by=vendor_user)

    assert Payment.objects.get().status == "cancelled"


def test_a_refund_of_cash_waits_for_operations(checkout, admin_api):
    for order in checkout.orders.all():
        deliver(order)
    payment = Payment.objects.get()

    answer = admin_api.post(f"/api/payments/{payment.code}/refunds", {"amount": "5.00", "reason": "broken"})

    assert answer.status_code == 201
    assert answer.json()["status"] == "pending"
