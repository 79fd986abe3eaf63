"""Nobody holds for nothing what others would buy: caps by number, value and share of a product's stock."""

import time
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models.functions import Now
from rest_framework.test import APIClient

from accounts.models import User
from aqad.lib.errors import InvalidTransition
from catalog.models import Product
from orders import services
from orders.errors import TooManyOpenOrders
from orders.models import Checkout, Order
from orders.services import placing
from payments import services as payments
from payments.models import Payment
from retailers.models import Retailer
from tests.factories import ADDRESS, user_of
from tests.goods import list_product, place, stock_of
from tests.racing import race
from vendors.models import Vendor


@pytest.fixture
def gold(vendor: Vendor) -> Product:
    """100 units of 1,050.00 AED with VAT."""
    return list_product(vendor, price="1000.00", quantity=100, name="Saffron 1kg")


def _ask(api: APIClient, product: Product, quantity: int, method: str = "card") -> Any:
    items = [{"product": product.code, "quantity": quantity}]
    return api.post("/api/orders", {"items": items, "address": ADDRESS, "payment_method": method})


def _verify(retailer: Retailer) -> None:
    assert User.objects.filter(code=retailer.code).update(email_verified_at=Now())


def _has_paid(retailer: Retailer, product: Product) -> None:
    """Something was paid, and nothing of it is open any more."""
    order = place(retailer, (product, 1), method="cash_on_delivery").orders.get()
    services.cancel_order(order, reason="Not needed.", by=user_of(retailer.code))
    Payment.objects.filter(checkout=order.checkout).update(amount_paid="10.00")


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["card", "cash_on_delivery"])
def test_a_new_retailer_holds_no_more_than_its_cap_however_many_orders(
    method: str, retailer_api: APIClient, gold: Product
) -> None:
    assert _ask(retailer_api, gold, 20, method).status_code == 201  # 21,000.00
    assert _ask(retailer_api, gold, 20, method).status_code == 201
    answer = _ask(retailer_api, gold, 8, method)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (409, "too_many_open_orders")
    assert (body["cap"], body["limit"]) == ("open_value", "50000.00")
    assert "would come to 50,400.00 AED, and 50,000.00 AED is the most until your e-mail" in body["message"]
    assert "Verify your e-mail address by the link we sent you" in body["message"]
    assert stock_of(gold) == (100, 40)
    assert Order.objects.count() == 2
    assert _ask(retailer_api, gold, 7, method).status_code == 201


@pytest.mark.django_db
def test_one_order_for_all_there_is_is_refused_and_holds_nothing(
    retailer_api: APIClient, gold: Product
) -> None:
    assert _ask(retailer_api, gold, 100).json()["cap"] == "open_value"
    assert stock_of(gold) == (100, 0)
    assert not Checkout.objects.exists()


@pytest.mark.django_db
def test_a_new_retailer_leaves_others_a_part_of_what_is_dear(
    retailer_api: APIClient, rival_retailer_api: APIClient, vendor: Vendor
) -> None:
    scarce = list_product(vendor, price="1000.00", quantity=40, name="Saffron 1kg")
    answer = _ask(retailer_api, scarce, 24)
    body = answer.json()
    assert (answer.status_code, body["code"]) == (409, "too_many_open_orders")
    assert (body["cap"], body["limit"], body["product"]) == ("stock_share", 20, scarce.code)
    assert "You would hold 24 of Saffron 1kg unpaid, and 20 is the most until" in body["message"]
    assert stock_of(scarce) == (40, 0)
    assert _ask(retailer_api, scarce, 20).status_code == 201
    assert _ask(retailer_api, scarce, 4).json()["cap"] == "stock_share"  # with what is held already
    assert _ask(rival_retailer_api, scarce, 20).status_code == 201


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["card", "cash_on_delivery"])
def test_all_of_what_is_worth_little_may_be_ordered_by_anybody(
    method: str, retailer_api: APIClient, vendor: Vendor
) -> None:
    ten, many = list_product(vendor, quantity=10), list_product(vendor, quantity=500)
    assert _ask(retailer_api, ten, 10, method).status_code == 201
    assert _ask(retailer_api, many, 500, method).status_code == 201  # 23,625.00
    assert (stock_of(ten), stock_of(many)) == ((10, 10), (500, 500))


@pytest.mark.django_db
def test_who_is_verified_and_has_paid_may_hold_more(
    retailer: Retailer, retailer_api: APIClient, gold: Product, settings: Any
) -> None:
    _has_paid(retailer, gold)
    assert _ask(retailer_api, gold, 60).status_code == 409
    _verify(retailer)
    assert _ask(retailer_api, gold, 60).status_code == 201
    settings.MAX_OPEN_CARD_VALUE = 100_000
    body = _ask(retailer_api, gold, 40).json()
    assert (body["code"], body["limit"]) == ("too_many_open_orders", "100000.00")
    assert "105,000.00 AED, and 100,000.00 AED is the most at once" in body["message"]


@pytest.mark.django_db
def test_who_is_verified_but_never_paid_is_told_to_pay(
    retailer: Retailer, retailer_api: APIClient, gold: Product
) -> None:
    _verify(retailer)
    body = _ask(retailer_api, gold, 60).json()
    assert body["message"].endswith("Pay an open order, or choose fewer goods.")
    assert "Verify" not in body["message"]


@pytest.mark.django_db
def test_money_that_all_went_back_counts_for_nothing(
    retailer: Retailer, retailer_api: APIClient, gold: Product
) -> None:
    _verify(retailer)
    _has_paid(retailer, gold)
    Payment.objects.update(amount_refunded="10.00")
    assert _ask(retailer_api, gold, 60).status_code == 409


@pytest.mark.django_db
def test_the_number_of_open_orders_is_named(retailer_api: APIClient, vendor: Vendor, settings: Any) -> None:
    settings.MAX_OPEN_CARD_HOLDS = 1
    cheap = list_product(vendor)
    assert _ask(retailer_api, cheap, 1).status_code == 201
    body = _ask(retailer_api, cheap, 1).json()
    assert (body["cap"], body["limit"]) == ("open_orders", 1)
    assert body["message"].startswith("1 of your orders wait for payment, and 1 is the most at once.")


@pytest.mark.django_db
def test_paying_again_holds_no_more_than_placing_would(
    retailer: Retailer, retailer_api: APIClient, gold: Product
) -> None:
    failed = place(retailer, (gold, 20))
    _decline(failed)
    place(retailer, (gold, 30))
    answer = retailer_api.post("/api/payments", {"checkout": failed.code, "method": "card"})
    assert (answer.status_code, answer.json()["cap"]) == (409, "open_value")
    failed.refresh_from_db()
    assert (failed.status, stock_of(gold)) == ("failed", (100, 30))
    call_command("reconcile", "--fail")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["card", "cash_on_delivery"])
def test_orders_at_once_hold_no_more_than_one_after_the_other(
    method: str, retailer: Retailer, gold: Product, vendor: Vendor
) -> None:
    goods = [list_product(vendor, price="1000.00", quantity=100) for _ in range(6)]
    outcomes = race([partial(place, retailer, (product, 20), method=method) for product in goods])
    assert sum(isinstance(outcome, Checkout) for outcome in outcomes) == 2
    assert sum(isinstance(outcome, TooManyOpenOrders) for outcome in outcomes) == 4
    assert sum(checkout.total for checkout in Checkout.objects.all()) == Decimal("42000.00")
    call_command("reconcile", "--fail")


@pytest.mark.django_db(transaction=True)
def test_paying_again_and_ordering_at_once_hold_no_more(retailer: Retailer, gold: Product) -> None:
    failed = []
    for _ in range(3):
        checkout = place(retailer, (gold, 20))
        _decline(checkout)
        failed.append(checkout)
    again = [partial(payments.pay_again, each, "card", by=user_of(retailer.code)) for each in failed]
    outcomes = race([*again, partial(place, retailer, (gold, 20))])
    assert not [each for each in outcomes if isinstance(each, InvalidTransition)]
    assert sum(isinstance(outcome, TooManyOpenOrders) for outcome in outcomes) == 2
    assert stock_of(gold) == (100, 40)
    call_command("reconcile", "--fail")


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_on_the_buyer_all_pass(
    retailer: Retailer, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = placing.check_caps

    def unlocked(*keys: int) -> list[Any]:
        rows = placing._buyer(*keys)
        rows.query.select_for_update = False
        return list(rows)

    def check_and_wait(*args: Any, **kwargs: Any) -> None:
        check(*args, **kwargs)
        time.sleep(0.3)

    monkeypatch.setattr(placing, "_buyers", unlocked)
    monkeypatch.setattr(placing, "check_caps", check_and_wait)
    goods = [list_product(vendor, price="1000.00", quantity=100) for _ in range(4)]
    outcomes = race([partial(place, retailer, (product, 20)) for product in goods])
    assert sum(isinstance(outcome, Checkout) for outcome in outcomes) > 2


def _decline(checkout: Checkout) -> None:
    with transaction.atomic():
        locked = services.lock_checkout(checkout.pk)
        assert locked is not None
        services.fail_checkout(locked, reason="card_declined", attempt=checkout.code)
    Payment.objects.filter(checkout=checkout).update(status="failed")
