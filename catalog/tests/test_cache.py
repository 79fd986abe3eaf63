"""What is kept: how little a hit costs, what it shows of stock, what an order leaves in place."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from aqad.lib import redis_access
from catalog import cache
from catalog.models import Product
from catalog.services import products
from catalog.services.stock import StockLine, release_stock, reserve_stock
from catalog.tests.conftest import MakeProduct

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW = "45.00", "39.00"
PATHS = ["/api/products", "/api/products/{code}", "/api/products/facets", "/api/categories", "/api/brands"]


def price(api: APIClient, product: Product) -> str:
    one = api.get(f"/api/products/{product.code}").json()
    listed = api.get("/api/products", {"brand": "pepsi"}).json()["results"]
    assert one in listed
    return str(one["price"])


def change(product: Product, to: str = NEW) -> None:
    products.update_product(product, by=None, price=Decimal(to))


def statements(api: APIClient, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        api.get(path)
    return [query["sql"] for query in captured]


def is_kept(api: APIClient, path: str) -> bool:
    asked = statements(api, path)
    return len(asked) == 1 and "catalog_current" in asked[0]


@pytest.mark.parametrize("path", PATHS)
def test_a_second_read_costs_one_small_statement(
    path: str, anonymous_api: APIClient, product: Product
) -> None:
    path = path.format(code=product.code)
    assert not is_kept(anonymous_api, path)
    assert is_kept(anonymous_api, path)


@pytest.mark.parametrize("path", PATHS)
def test_a_signed_in_retailer_gets_the_same_bytes(
    path: str, anonymous_api: APIClient, retailer_api: APIClient, product: Product
) -> None:
    path = path.format(code=product.code)
    kept, own = anonymous_api.get(path), retailer_api.get(path)
    assert (kept.content, kept["ETag"]) == (own.content, own["ETag"])


@pytest.mark.parametrize("path", PATHS)
def test_what_is_kept_is_what_the_database_says_byte_by_byte(
    path: str, anonymous_api: APIClient, product: Product
) -> None:
    path = path.format(code=product.code)
    made, kept = anonymous_api.get(path), anonymous_api.get(path)
    assert (made.content, made["ETag"]) == (kept.content, kept["ETag"])
    assert b"\0" not in kept.content


def test_a_change_is_seen_by_the_next_read(product: Product, anonymous_api: APIClient) -> None:
    for number in range(5):
        change(product, f"{number + 1}.00")
        assert price(anonymous_api, product) == f"{number + 1}.00"


def test_a_change_that_changes_nothing_leaves_everything_kept(
    product: Product, anonymous_api: APIClient
) -> None:
    anonymous_api.get("/api/products")
    Product.objects.filter(pk=product.pk).update(name=product.name)
    assert is_kept(anonymous_api, "/api/products")


def test_an_order_is_seen_at_once_and_leaves_everything_kept(
    product: Product, anonymous_api: APIClient
) -> None:
    for path in ("/api/products", f"/api/products/{product.code}", "/api/products?in_stock=true"):
        first = anonymous_api.get(path)
        reserve_stock([StockLine(product.pk, 100, "ORD1001")], by=None)
        assert is_kept(anonymous_api, path)
        second = anonymous_api.get(path, HTTP_IF_NONE_MATCH=first["ETag"])
        shown = second.json().get("results", [second.json()])[0]
        assert (second.status_code, shown["available"]) == (200, product.stock.available - 100)
        product.stock.refresh_from_db()


def test_lists_that_go_by_stock_follow_when_something_sells_out(
    anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    product, other = make_product(quantity=5), make_product(quantity=5, name="Pepsi Max")
    line = [StockLine(product.pk, 5, "ORD1001")]

    def found() -> list[str]:
        rows = anonymous_api.get("/api/products?in_stock=true").json()["results"]
        return [each["id"] for each in rows]

    assert found() == [other.code, product.code]
    reserve_stock(line, by=None)
    assert found() == [other.code]
    assert is_kept(anonymous_api, f"/api/products/{product.code}") is False
    assert anonymous_api.get(f"/api/products/{product.code}").json()["in_stock"] is False
    release_stock(line, by=None)
    assert found() == [other.code, product.code]
    assert is_kept(anonymous_api, f"/api/products/{product.code}")


def test_what_is_not_there_is_kept_too_until_it_comes(
    anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    draft = make_product(status="draft")
    missing, empty = f"/api/products/{draft.code}", "/api/products?search=mirinda"
    assert anonymous_api.get(missing).status_code == 404
    assert anonymous_api.get(empty).json()["count"] == 0
    assert is_kept(anonymous_api, missing)
    assert is_kept(anonymous_api, empty)
    products.update_product(draft, by=None, name="Mirinda", status="active")
    assert anonymous_api.get(missing).status_code == 200
    assert anonymous_api.get(empty).json()["count"] == 1


def test_a_refusal_is_not_kept(anonymous_api: APIClient, product: Product) -> None:
    for _ in range(2):
        assert anonymous_api.get("/api/products?ordering=random").status_code == 400
        assert anonymous_api.get("/api/products?page=7").status_code == 404
    assert not redis_access.call(lambda redis: list(redis.scan_iter("aqad:catalog:*")))


def test_hits_and_misses_are_counted_by_kind(anonymous_api: APIClient, product: Product) -> None:
    def counted() -> tuple[float, float]:
        return cache.hits.labels("list")._value.get(), cache.misses.labels("list")._value.get()

    before = counted()
    for _ in range(3):
        anonymous_api.get("/api/products")
    assert counted() == (before[0] + 2, before[1] + 1)


def test_with_redis_down_the_same_answers_come_from_the_database(
    product: Product, anonymous_api: APIClient, vendor_api: APIClient, settings: Any
) -> None:
    before = [anonymous_api.get(path.format(code=product.code)) for path in PATHS]
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    after = [anonymous_api.get(path.format(code=product.code)) for path in PATHS]
    assert [(one.content, one["ETag"]) for one in before] == [(one.content, one["ETag"]) for one in after]
    assert vendor_api.patch(f"/api/products/{product.code}", {"price": NEW}).status_code == 200
    assert price(anonymous_api, product) == NEW


def test_a_redis_that_came_back_with_old_data_serves_none_of_it(
    product: Product, anonymous_api: APIClient
) -> None:
    def snapshot(redis: Any) -> dict[bytes, bytes]:
        return {key: redis.dump(key) for key in redis.scan_iter("aqad:catalog:*")}

    def restore(redis: Any) -> None:
        for key, value in old.items():
            redis.restore(key, 60_000, value, replace=True)

    assert price(anonymous_api, product) == OLD
    old = redis_access.call(snapshot)
    change(product)
    redis_access.call(restore)
    assert old
    assert price(anonymous_api, product) == NEW


def test_what_is_kept_under_another_public_address_is_not_served(
    product: Product, anonymous_api: APIClient, settings: Any
) -> None:
    anonymous_api.get("/api/products?page_size=1")
    settings.PUBLIC_URL = "https://aqad.example"
    assert not is_kept(anonymous_api, "/api/products?page_size=1")
