"""What happens when everybody wants it at once: real threads, and controls that show the bug."""

import time
from functools import partial

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from aqad.lib.errors import InvalidTransition
from catalog.errors import OutOfStock
from catalog.models import Stock, StockMovement
from orders import services
from orders.models import Checkout, Order, OrderLine
from tests.factories import ADDRESS, api_client, make_retailer, user_of
from tests.goods import list_product, place, place_order, stock_of
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def buyers():
    return [make_retailer() for _ in range(8)]


def test_the_last_carton_is_sold_once(vendor, buyers):
    last = list_product(vendor, quantity=1)

    outcomes = race([partial(place, buyer, (last, 1)) for buyer in buyers])

    assert sum(isinstance(outcome, Checkout) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, OutOfStock) for outcome in outcomes) == 7
    assert OrderLine.objects.count() == Order.objects.count() == 1
    assert stock_of(last) == (1, 1)
    call_command("reconcile", "--fail")


def test_control_check_then_save_sells_the_last_carton_many_times(vendor, buyers):
    """The same race with the ordinary read, check, save: what the guards are for."""
    last = list_product(vendor, quantity=1)
    sold = {"on_hand": 1, "reserved": 0}

    def naive():
        seen = sold["on_hand"] - sold["reserved"]
        time.sleep(0.05)
        if seen >= 1:
            sold["reserved"] += 1
            return True
        return False

    assert sum(race([naive] * 8)) > 1
    with pytest.raises(IntegrityError, match="never_oversold"), transaction.atomic():
        StockMovement.objects.create(stock_id=last.pk, kind="reserved", reserved_change=2, actor_label="Test")


def test_a_hot_product_sells_exactly_what_there_is(vendor, buyers):
    hot = list_product(vendor, quantity=10)

    outcomes = race([partial(place, buyer, (hot, 1)) for buyer in buyers for _ in range(3)])

    assert sum(isinstance(outcome, Checkout) for outcome in outcomes) == 10
    assert OrderLine.objects.filter(reservation="active").count() == 10
    assert stock_of(hot) == (10, 10)
    call_command("reconcile", "--fail")


def test_orders_that_touch_the_same_products_in_opposite_order_do_not_deadlock(vendor, buyers):
    goods = [list_product(vendor) for _ in range(4)]
    wanted = [(product, 1) for product in goods]

    outcomes = race(
        [partial(place, buyer, *(wanted if lane % 2 else wanted[::-1])) for lane, buyer in enumerate(buyers)]
    )

    assert all(isinstance(outcome, Checkout) for outcome in outcomes), outcomes
    assert {stock_of(product) for product in goods} == {(500, 8)}


def test_control_locks_in_opposite_order_deadlock(vendor):
    first, second = list_product(vendor), list_product(vendor)

    def lock(*products):
        with transaction.atomic():
            for product in products:
                Stock.objects.select_for_update().get(pk=product.pk)
                time.sleep(0.2)

    outcomes = race([partial(lock, first, second), partial(lock, second, first)])

    assert any("deadlock" in str(outcome) for outcome in outcomes)


def test_the_same_product_twice_in_parallel_orders_sells_no_more_than_there_is(vendor, buyers):
    scarce = list_product(vendor, quantity=10)

    outcomes = race([partial(place, buyer, (scarce, 2), (scarce, 2)) for buyer in buyers])

    assert sum(isinstance(outcome, Checkout) for outcome in outcomes) == 2
    assert stock_of(scarce) == (10, 8)
    call_command("reconcile", "--fail")


def test_the_same_key_sent_at_once_places_one_order(vendor, retailer):
    pepsi = list_product(vendor)
    api = api_client(user_of(retailer.code))
    body = {
        "items": [{"product": pepsi.code, "quantity": 1}],
        "address": ADDRESS,
        "payment_method": "card",
    }

    answers = race([lambda: api.post("/api/orders", body, HTTP_IDEMPOTENCY_KEY="double-click")] * 6)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["checkout"]["id"] for answer in answers}) == 1
    assert sum("Idempotent-Replayed" in answer for answer in answers) == 5
    assert Checkout.objects.count() == 1
    assert stock_of(pepsi) == (500, 1)


def test_control_without_a_key_a_double_click_places_two(vendor, retailer):
    pepsi = list_product(vendor)
    api = api_client(user_of(retailer.code))
    body = {
        "items": [{"product": pepsi.code, "quantity": 1}],
        "address": ADDRESS,
        "payment_method": "card",
    }

    race([lambda: api.post("/api/orders", body)] * 2)

    assert Checkout.objects.count() == 2


def test_a_second_request_gives_up_after_its_patience_while_the_first_still_runs(vendor, retailer):
    pepsi = list_product(vendor)
    api = api_client(user_of(retailer.code))
    body = {
        "items": [{"product": pepsi.code, "quantity": 1}],
        "address": ADDRESS,
        "payment_method": "card",
    }

    def hold_the_stock():
        with transaction.atomic():
            Stock.objects.select_for_update().get(pk=pepsi.pk)
            time.sleep(5)

    def order():
        time.sleep(0.3)
        return api.post("/api/orders", body, HTTP_IDEMPOTENCY_KEY="slow")

    def order_again():
        time.sleep(0.6)
        return api.post("/api/orders", body, HTTP_IDEMPOTENCY_KEY="slow")

    _, first, second = race([hold_the_stock, order, order_again])

    codes = {first.status_code, second.status_code}
    assert codes <= {201, 409, 503}, codes
    assert Checkout.objects.count() <= 1
    if 409 in codes:
        refused = first if first.status_code == 409 else second
        assert refused.json()["code"] == "idempotency_in_progress"


def test_cancelling_against_accepting_has_one_winner(vendor, retailer):
    pepsi = list_product(vendor)
    for _ in range(5):
        order = place_order(retailer, (pepsi, 1))
        outcomes = race(
            [
                partial(services.accept_order, order, by=user_of(vendor.code)),
                partial(services.cancel_order, order, reason="", by=user_of(retailer.code)),
            ]
        )

        assert sum(isinstance(outcome, InvalidTransition) for outcome in outcomes) == 1, outcomes
        order.refresh_from_db()
        held = 1 if order.status == "processing" else 0
        assert order.lines.get().reservation == ("active" if held else "released")
    call_command("reconcile", "--fail")


def test_several_workers_expire_each_hold_once(vendor, buyers):
    pepsi = list_product(vendor)
    for buyer in buyers:
        place(buyer, (pepsi, 1))
    Checkout.objects.update(reserved_until="2020-01-01T00:00:00Z")

    counts = race([services.expire_holds] * 4)

    assert sum(counts) == 8, counts
    assert stock_of(pepsi) == (500, 0)
    call_command("reconcile", "--fail")
