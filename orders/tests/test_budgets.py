"""What reading costs in statements: the same for a hundred rows as for ten, and few."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from catalog.models import Product
from orders.models import CartItem
from retailers.models import Retailer
from tests import goods
from vendors.models import Vendor

FEW, MANY = 10, 100


@pytest.fixture(autouse=True)
def _a_hundred_open_orders_are_fine(settings: Any) -> None:
    settings.MAX_OPEN_CARD_HOLDS = MANY * 2


@pytest.fixture
def shelf(vendor: Vendor) -> list[Product]:
    return [
        goods.list_product(vendor, price_tiers=[{"min_quantity": 10, "price": "40.00"}]) for _ in range(MANY)
    ]


def statements(api: APIClient, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        answer = api.get(path)
    assert answer.status_code == 200, answer.content
    return [query["sql"] for query in captured]


def costs(measure: Callable[[int], list[str]], budget: int) -> None:
    few, many = measure(FEW), measure(MANY)
    assert len(few) == len(many) <= budget, many


def test_a_cart(retailer_api: APIClient, retailer: Retailer, shelf: list[Product]) -> None:
    def measure(size: int) -> list[str]:
        CartItem.objects.all().delete()
        CartItem.objects.bulk_create(
            CartItem(retailer=retailer, product=product, quantity=10) for product in shelf[:size]
        )
        return statements(retailer_api, "/api/cart")

    costs(measure, 3)


@pytest.mark.parametrize(("path", "budget"), [("/api/orders/{order}", 9), ("/api/checkouts/{checkout}", 6)])
def test_one_order_and_its_checkout_however_many_lines(
    path: str, budget: int, retailer_api: APIClient, retailer: Retailer, shelf: list[Product]
) -> None:
    def measure(size: int) -> list[str]:
        order = goods.place_order(retailer, *[(product, 1) for product in shelf[:size]])
        return statements(retailer_api, path.format(order=order.code, checkout=order.checkout.code))

    costs(measure, budget)


@pytest.mark.parametrize("role", ["retailer", "vendor", "admin"])
def test_a_list_of_orders(
    role: str, retailer: Retailer, vendor: Vendor, request: pytest.FixtureRequest
) -> None:
    api, product = request.getfixturevalue(f"{role}_api"), goods.list_product(vendor)
    for _order in range(MANY + 1):  # so that more follow, which have to be counted
        goods.place_order(retailer, (product, 1))
    costs(lambda size: statements(api, f"/api/orders?page_size={size}"), 6)


@pytest.mark.parametrize(
    ("path", "budget"),
    [("/api/vendor/products?page_size={size}", 3), ("/api/vendor/products?page_size={size}&search=pepsi", 5)],
)
def test_a_vendors_own_products(path: str, budget: int, vendor_api: APIClient, shelf: list[Product]) -> None:
    costs(lambda size: statements(vendor_api, path.format(size=size)), budget)


def test_the_stock_of_a_product_however_often_it_moved(vendor_api: APIClient, vendor: Vendor) -> None:
    product = goods.list_product(vendor)
    for _movement in range(MANY):
        vendor_api.post(f"/api/products/{product.code}/stock", {"change": 1, "reason": "received"})
    costs(lambda size: statements(vendor_api, f"/api/products/{product.code}/stock?page_size={size}"), 6)
