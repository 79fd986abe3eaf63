"""Lists whose SQL is made once: what they show is what the query shows that is built anew each time."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import product as each_with_each
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from catalog import selectors
from catalog.models import Product
from catalog.plain_lists import PlainList
from catalog.selectors import ORDERINGS, Filters
from catalog.tests.conftest import MakeProduct

pytestmark = pytest.mark.django_db

PRICES = (None, "2.00", "4.00")


@pytest.fixture
def goods(make_product: MakeProduct) -> None:
    """Of each price two, one of them sold out."""
    for price, (name, quantity) in each_with_each(range(1, 6), [("Zest", 0), ("Apple", 5)]):
        make_product(price=Decimal(price), name=f"{name} {price}", quantity=quantity)


@pytest.mark.usefixtures("goods")
@pytest.mark.parametrize("ordering", ORDERINGS)
def test_each_price_and_stock_in_each_order_is_listed_as_it_is_found(
    ordering: str, anonymous_api: APIClient
) -> None:
    for low, high, in_stock in each_with_each(PRICES, PRICES, (None, True, False)):
        if low and high and low > high:
            continue
        given = {"min_price": low, "max_price": high, "in_stock": in_stock, "ordering": ordering}
        asked = {name: value for name, value in given.items() if value is not None}
        filters = Filters(min_price=low and Decimal(low), max_price=high and Decimal(high), in_stock=in_stock)
        expected = [one.code for one in selectors.listed(Product.objects.sold(), filters, ordering)]
        shown: list[str] = []
        for page in range(1, 4):
            answer = anonymous_api.get("/api/products", {**asked, "page_size": "4", "page": str(page)})
            if answer.status_code == 200:
                assert answer.json()["count"] == len(expected), asked
                shown += [row["id"] for row in answer.json()["results"]]
        assert shown == expected, asked


@pytest.mark.parametrize(
    "filters",
    [
        Filters(search="pepsi"),
        Filters(category="water"),
        Filters(brands=("pepsi",)),
        Filters(vendors=(1001,)),
        Filters(price_bands=(25,)),
        Filters(barcode="6291003800115"),
    ],
)
def test_what_is_narrowed_otherwise_is_not_plain(filters: Filters) -> None:
    assert PlainList.of(filters, "newest") is None
    assert PlainList.of(Filters(max_price=Decimal(1)), "newest")
    assert PlainList.of(Filters(max_price=Decimal(1)), "price") is None


@pytest.mark.parametrize("microsecond", [0, 120_000, 123_456])
def test_times_are_those_of_json(microsecond: int, anonymous_api: APIClient, product: Product) -> None:
    at: Any = datetime(2026, 2, 3, 4, 5, 6, microsecond, UTC)
    Product.objects.filter(pk=product.pk).update(updated_at=at)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'Asia/Dubai'")
    assert anonymous_api.get(f"/api/products/{product.code}").json()["updated_at"] == at.isoformat()
