"""The way to the gateway and back, on pages."""

from urllib.parse import urlsplit

import pytest
from django.test import Client

from orders.models import Checkout
from payments.links import result_url
from payments.models import Payment
from payments.tests import buyer
from payments.tests.sandbox_process import CHALLENGED, DECLINED
from tests.factories import user_of
from tests.goods import list_product, place, stock_of


@pytest.fixture
def pepsi(vendor):
    return list_product(vendor, name="Pepsi 330ml", quantity=10)


@pytest.fixture
def checkout(retailer, pepsi):
    return place(retailer, (pepsi, 4))


@pytest.fixture
def browser(retailer):
    client = Client()
    client.force_login(user_of(retailer.code))
    return client


def result(client, checkout, **headers):
    return client.get(f"/checkout/{checkout.code}", headers=headers).text


def test_a_declined_card_is_followed_by_another_and_the_order_stays_the_same(
    sandbox, browser, checkout, pepsi
):
    buyer.settle(sandbox, checkout.payments.get(), DECLINED)
    page = result(browser, checkout)
    assert page.index("Pay with another card") < page.index("Your bank declined this one.")
    assert "Pay again" in page
    assert stock_of(pepsi) == (10, 0)

    answer = browser.post(f"/checkout/{checkout.code}/pay")
    second = checkout.payments.latest("pk")
    assert answer["Location"] == second.answer["redirect_url"]
    assert stock_of(pepsi) == (10, 4)
    buyer.settle(sandbox, second)

    assert "Your order is placed" in result(browser, checkout)
    assert Checkout.objects.count() == 1
    assert checkout.orders.get().status == "pending"


def test_pressing_pay_again_twice_is_one_payment(browser, checkout):
    Payment.objects.filter(checkout=checkout).update(status="failed")
    Checkout.objects.filter(pk=checkout.pk).update(status="failed")
    checkout.orders.update(status="failed")
    checkout.orders.get().lines.update(reservation="released")

    answers = {browser.post(f"/checkout/{checkout.code}/pay")["Location"] for _ in range(2)}

    assert len(answers) == 1
    assert checkout.payments.count() == 2


def test_a_payment_the_bank_has_not_answered_looks_again_by_itself(sandbox, browser, checkout):
    payment = checkout.payments.get()
    assert "One step left: pay" in result(browser, checkout)
    buyer.open_page(payment)

    page = result(browser, checkout)
    assert "We are waiting for your bank" in page
    assert 'hx-trigger="every 3s"' in page
    part = result(browser, checkout, HX_Request="true")
    assert "<html" not in part


def test_a_refused_confirmation_says_to_confirm_it(sandbox, browser, checkout):
    payment = checkout.payments.get()
    buyer.pay(sandbox, payment, CHALLENGED)
    assert "We are waiting for your bank" in result(browser, checkout)
    Payment.objects.filter(pk=payment.pk).update(status="failed", failure_reason="authentication_refused")
    Checkout.objects.filter(pk=checkout.pk).update(status="failed")

    page = result(browser, checkout)

    assert page.index("confirm it with your bank") < page.index("3-D Secure")


def test_time_that_ran_out_is_said(browser, checkout):
    Payment.objects.filter(checkout=checkout).update(status="expired")
    Checkout.objects.filter(pk=checkout.pk).update(status="failed")
    assert "The time to pay ran out." in result(browser, checkout)


def test_goods_that_are_gone_are_said_and_nothing_is_begun(sandbox, browser, checkout, pepsi, rival_retailer):
    buyer.settle(sandbox, checkout.payments.get(), DECLINED)
    place(rival_retailer, (pepsi, 8))

    answer = browser.post(f"/checkout/{checkout.code}/pay", follow=True)

    assert "Only 2 of Pepsi 330ml are left" in answer.text
    assert checkout.payments.count() == 1


def test_the_way_back_needs_no_session_but_paying_again_does(sandbox, client, checkout):
    payment = buyer.settle(sandbox, checkout.payments.get(), DECLINED)
    back = client.get(payment_result_path(payment)).text
    assert "Sign in and pay again" in back
    assert client.post(f"/checkout/{checkout.code}/pay")["Location"].startswith("/sign-in")
    assert checkout.payments.count() == 1


def test_somebody_elses_checkout_is_not_there(checkout, rival_retailer_user, client):
    client.force_login(rival_retailer_user)
    assert client.get(f"/checkout/{checkout.code}").status_code == 404
    assert client.post(f"/checkout/{checkout.code}/pay").status_code == 404
    assert checkout.payments.count() == 1


def payment_result_path(payment):
    return urlsplit(result_url(payment)).path
