"""Money when everything comes at once: real threads on PostgreSQL."""

from decimal import Decimal
from functools import partial

import pytest
from django.core.management import call_command

from aqad.lib.money import ZERO
from orders import services as orders
from orders.models import Checkout
from payments import services
from payments.errors import RefundExceedsPaid
from payments.gateways.base import State
from payments.models import Payment, Refund
from tests.factories import user_of
from tests.goods import list_product, place, stock_of
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pepsi(vendor):
    return list_product(vendor, quantity=10)


@pytest.fixture
def checkout(retailer, pepsi):
    return place(retailer, (pepsi, 4))


@pytest.fixture
def payment(checkout):
    return checkout.payments.get()


def paid(checkout):
    return State("paid", checkout.total, ZERO)


def test_racing_refunds_never_give_back_more_than_was_paid(checkout, payment, admin):
    services.apply_state(payment, paid(checkout))
    half = Decimal("100.00")  # of 189.00: one fits, two do not

    outcomes = race(
        [partial(services.request_refund, payment, half, reason="broken", by=admin) for _ in range(6)]
    )

    assert sum(isinstance(outcome, Refund) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, RefundExceedsPaid) for outcome in outcomes) == 5
    payment.refresh_from_db()
    assert payment.amount_refund_pending == half
    call_command("reconcile", "--fail")


def test_the_same_news_from_webhook_and_poller_counts_once(checkout, payment, pepsi):
    race([partial(services.apply_state, payment, paid(checkout)) for _ in range(6)])

    payment.refresh_from_db()
    assert (payment.status, payment.amount_paid) == ("paid", checkout.total)
    assert stock_of(pepsi) == (10, 4)
    call_command("reconcile", "--fail")


def test_money_that_races_the_end_of_the_hold_is_kept_or_given_back(checkout, payment, pepsi):
    Checkout.objects.update(reserved_until="2020-01-01T00:00:00Z")

    race([orders.expire_holds, partial(services.apply_state, payment, paid(checkout))])

    assert checkout.orders.get().status == "pending"
    assert stock_of(pepsi) == (10, 4)
    assert Payment.objects.get().status == "paid"
    call_command("reconcile", "--fail")


def test_money_that_races_a_cancellation_is_given_back(checkout, payment, pepsi, retailer):
    order = checkout.orders.get()

    race(
        [
            partial(orders.cancel_order, order, reason="", by=user_of(retailer.code)),
            partial(services.apply_state, payment, paid(checkout)),
        ]
    )

    assert checkout.orders.get().status == "cancelled"
    assert stock_of(pepsi) == (10, 0)
    assert Refund.objects.get().amount == checkout.total
    call_command("reconcile", "--fail")


def test_two_workers_carry_out_a_refund_once(sandbox, checkout, payment, admin, gateway):
    services.open_session(payment)
    payment.refresh_from_db()
    sandbox.pay(payment.gateway_url)
    services.ask_gateway(payment)
    refund = services.request_refund(payment, Decimal("10.00"), reason="broken", by=admin)

    race([partial(services.carry_out_refund, Refund.objects.get(pk=refund.pk)) for _ in range(4)])

    assert Refund.objects.get().status == "succeeded"
    assert gateway.fetch(payment.gateway_session).amount_refunded == Decimal("10.00")
    call_command("reconcile", "--fail")


def test_paying_again_twice_at_once_makes_one_payment(checkout, payment, retailer):
    services.apply_state(payment, State("failed", ZERO, ZERO, "card_declined"))
    again = partial(services.pay_again, Checkout.objects.get(), "card", by=user_of(retailer.code))

    outcomes = race([again] * 5)

    assert len({payment.pk for payment, _new in outcomes}) == 1
    assert sum(new for _payment, new in outcomes) == 1
    call_command("reconcile", "--fail")
