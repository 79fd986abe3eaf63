"""Finance gives money back from a payment's page in the admin: once, with a reason, after the password."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from audit.models import Entry
from orders.models import Checkout
from payments.models import Payment, Refund
from payments.tests import buyer
from tests import goods
from tests.factories import PASSWORD, make_staff
from tests.racing import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def checkout(retailer, vendor, rival_vendor) -> Checkout:
    """Two orders: 94.50 and 10.50."""
    parts = (
        (goods.list_product(vendor, price="90.00"), 1),
        (goods.list_product(rival_vendor, price="10.00"), 1),
    )
    return goods.place(retailer, *parts)


@pytest.fixture
def payment(sandbox, checkout) -> Payment:
    return buyer.settle(sandbox, checkout.payments.get())


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_staff("Finance"))
    return client


@pytest.fixture
def open_desk(desk: Client, payment: Payment) -> Client:
    """With the password given."""
    desk.post(page_of(payment), {"opened": "1", "password_again": PASSWORD})
    return desk


def page_of(payment: Payment) -> str:
    return reverse("admin:payments_payment_refund", args=[payment.pk])


def token_on(desk: Client, payment: Payment) -> str:
    return re.findall(r'name="token" value="([0-9a-f]{32})"', desk.get(page_of(payment)).text)[0]


def refund(desk: Client, payment: Payment, amount: str, **more: str) -> Any:
    body = {"amount": amount, "reason": "A dent.", "order": "", "token": "a" * 32, **more}
    return desk.post(page_of(payment), body)


def test_from_the_payments_page_by_the_password_to_the_money_on_its_way(desk: Client, payment: Payment):
    thing = reverse("admin:payments_payment_change", args=[payment.pk])
    assert page_of(payment) in desk.get(thing).text
    asks = refund(desk, payment, "10.00")
    assert 'name="password_again"' in asks.text
    assert not Refund.objects.exists()

    done = refund(desk, payment, "10.00", password_again=PASSWORD)

    assert done["Location"] == thing
    assert "The refund of 10.00 AED is noted." in desk.get(thing).text
    made = Refund.objects.get()
    assert (made.amount, made.reason, made.requested_by.groups.get().name) == (
        *(Decimal("10.00"), "A dent.", "Finance"),
    )
    assert [part.amount for part in made.allocations.order_by("order")] == [Decimal("9.00"), Decimal("1.00")]
    entry = Entry.objects.get(object_code=made.code, verb="requested")
    assert (entry.actor_id, entry.reason) == (made.requested_by_id, "A dent.")
    buyer.carry_out_refunds()
    payment.refresh_from_db()
    assert (payment.status, payment.amount_refunded) == ("partially_refunded", Decimal("10.00"))
    call_command("reconcile", "--fail")


def test_the_page_says_what_is_left_of_each_order(open_desk: Client, payment: Payment, checkout: Checkout):
    first, second = checkout.orders.order_by("pk")
    refund(open_desk, payment, "4.50", order=first.code)
    text = open_desk.get(page_of(payment)).text
    assert f'value="{first.code}">{first.code} · 90.00 AED' in text
    assert f'value="{second.code}">{second.code} · 10.50 AED' in text
    assert "100.50 AED" in text
    assert Refund.objects.get().allocations.get().order == first


def test_the_same_form_twice_is_one_refund(open_desk: Client, payment: Payment):
    token = token_on(open_desk, payment)
    answers = [refund(open_desk, payment, "10.00", token=token) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Refund.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_twice_at_once_is_one_refund(payment: Payment):
    person = make_staff("Finance")

    def send() -> int:
        client = Client()
        client.force_login(person)
        return refund(client, payment, "10.00", password_again=PASSWORD).status_code

    assert race([send, send]) == [302, 302]
    assert Refund.objects.count() == 1


def test_the_same_form_with_other_figures_asks_whether_that_is_wanted_too(
    open_desk: Client, payment: Payment
):
    token = token_on(open_desk, payment)
    refund(open_desk, payment, "10.00", token=token)
    asks = refund(open_desk, payment, "20.00", token=token)
    assert asks.status_code == 400
    assert "This form was sent before, and that refund was made." in asks.text
    assert 'value="20.00"' in asks.text
    assert Refund.objects.count() == 1
    fresh = re.findall(r'name="token" value="([0-9a-f]{32})"', asks.text)[0]
    assert refund(open_desk, payment, "20.00", token=fresh).status_code == 302
    assert Refund.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "where", "sentence"),
    [
        ({"amount": "105.01"}, "amount", "This is more than what was paid and not yet refunded."),
        ({"amount": "0"}, "amount", "This must be at least 0.01."),
        ({"amount": "1.001"}, "amount", "Enter an amount with at most two decimal places."),
        ({"amount": "1e3"}, "amount", "Enter an amount with at most two decimal places."),
        ({"amount": ""}, "amount", "This field is required."),
        ({"reason": " "}, "reason", "This field is required."),
        ({"reason": "x" * 301}, "reason", "at most 300 are allowed"),
        ({"order": "ORD999999"}, "order", "Choose one from the list."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_which_takes_the_focus(
    open_desk: Client, payment: Payment, wrong: dict[str, str], where: str, sentence: str
):
    page = refund(open_desk, payment, **{"amount": "10.00", **wrong})
    assert page.status_code == 400
    beside = re.search(rf'id="id_{where}_error"[^>]*>([^<]*)<', page.text)
    assert beside is not None
    assert sentence in beside[1]
    field = re.search(rf'<(?:input|select|textarea)[^>]*name="{where}"[^>]*>', page.text)
    assert field is not None
    assert "autofocus" in field[0]
    assert 'aria-invalid="true"' in field[0]
    assert not Refund.objects.exists()


def test_of_one_order_no_more_than_it_cost(open_desk: Client, payment: Payment, checkout: Checkout):
    page = refund(open_desk, payment, "10.51", order=checkout.orders.order_by("pk")[1].code)
    assert "This is more than what was paid" in page.text
    assert not Refund.objects.exists()


def test_where_nothing_is_left_there_is_no_form(open_desk: Client, payment: Payment, retailer, vendor):
    refund(open_desk, payment, "105.00")
    assert "Nothing of this payment is left to give back." in open_desk.get(page_of(payment)).text
    assert "<textarea" not in open_desk.get(page_of(payment)).text
    unpaid = goods.place(retailer, (goods.list_product(vendor), 1)).payments.get()
    assert "Nothing of this payment is left to give back." in open_desk.get(page_of(unpaid)).text
    assert refund(open_desk, unpaid, "1.00").status_code in (400, 409)
    assert Refund.objects.count() == 1


@pytest.mark.parametrize("role", ["Operations", "Support", "Reviewer"])
def test_nobody_else_refunds_or_is_offered_it(client: Client, payment: Payment, role: str):
    client.force_login(make_staff(role))
    assert client.get(page_of(payment)).status_code == 403
    assert refund(client, payment, "1.00", password_again=PASSWORD).status_code == 403
    assert (
        page_of(payment) not in client.get(reverse("admin:payments_payment_change", args=[payment.pk])).text
    )
    assert not Refund.objects.exists()
