"""Many buyers at the same moment: nothing oversold, nobody deadlocked; with what happens unguarded."""

from collections.abc import Iterator
from functools import partial
from threading import Barrier

import pytest
from django.db import OperationalError, connection, transaction

from aqad.lib.database import sqlstate
from catalog.errors import OutOfStock
from catalog.models import Product, Stock, StockMovement
from catalog.services.stock import StockLine, reserve_stock
from catalog.tests.conftest import MakeProduct
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

BUYERS = 8
UNITS = 3
ROUNDS = 15


def test_the_last_units_are_sold_once_each(make_product: MakeProduct) -> None:
    product, together = make_product(quantity=UNITS), Barrier(BUYERS)

    def buy(number: int) -> bool:
        together.wait(10)
        reserve_stock([StockLine(product.pk, 1, f"ORD{number}")], by=None)
        return True

    outcomes = race([partial(buy, number) for number in range(BUYERS)])
    assert outcomes.count(True) == UNITS
    assert sum(isinstance(outcome, OutOfStock) for outcome in outcomes) == BUYERS - UNITS
    assert StockMovement.objects.filter(kind="reserved").count() == UNITS
    assert Stock.objects.get(pk=product.pk).available == 0


@pytest.fixture
def naive_table() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE naive_stock (available integer)")
        cursor.execute("INSERT INTO naive_stock VALUES (%s)", [UNITS])
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE naive_stock")


def test_control_reading_and_then_saving_sells_more_than_there_is(naive_table: None) -> None:
    all_have_read = Barrier(BUYERS)

    def buy() -> bool:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT available FROM naive_stock")
            available = cursor.fetchone()[0]
            all_have_read.wait(10)
            if available >= 1:
                cursor.execute("UPDATE naive_stock SET available = %s", [available - 1])
            return available >= 1

    assert race([buy] * BUYERS).count(True) > UNITS


def test_two_orders_of_the_same_products_in_opposite_order_never_deadlock(make_product: MakeProduct) -> None:
    products = [make_product(quantity=1000) for _number in range(4)]
    together = Barrier(2)

    def buy(wanted: list[Product]) -> bool:
        for number in range(ROUNDS):
            together.wait(10)
            reserve_stock([StockLine(product.pk, 1, f"ORD{number}") for product in wanted], by=None)
        return True

    assert race([partial(buy, products), partial(buy, products[::-1])]) == [True, True]
    assert set(Stock.objects.values_list("reserved", flat=True)) == {2 * ROUNDS}


def test_control_locking_in_the_buyers_order_deadlocks(make_product: MakeProduct) -> None:
    products = [make_product(), make_product()]
    first_is_locked = Barrier(2)

    def lock(wanted: list[Product]) -> bool:
        with transaction.atomic():
            Stock.objects.select_for_update().get(pk=wanted[0].pk)
            first_is_locked.wait(10)
            Stock.objects.select_for_update().get(pk=wanted[1].pk)
        return True

    outcomes = race([partial(lock, products), partial(lock, products[::-1])])
    assert outcomes.count(True) == 1
    victim = next(outcome for outcome in outcomes if outcome is not True)
    assert isinstance(victim, OperationalError)
    assert sqlstate(victim) == "40P01"
