"""What is kept is never older than the last change: races, a killed writer, a Redis forgetting or down."""

from decimal import Decimal
from functools import partial
from threading import Event
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from aqad.lib import redis_access
from catalog import cache
from catalog.api import public
from catalog.models import Product
from catalog.services import products
from catalog.services.stock import StockLine, reserve_stock
from catalog.tests.conftest import MakeProduct
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW = "45.00", "39.00"


def price(api: APIClient, product: Product) -> str:
    one = api.get(f"/api/products/{product.code}").json()
    listed = api.get("/api/products", {"brand": "pepsi"}).json()["results"]
    assert one in listed
    return str(one["price"])


def change(product: Product, to: str = NEW) -> None:
    products.update_product(product, by=None, price=Decimal(to))


def statements(api: APIClient, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert api.get(path).status_code == 200
    return len(captured)


def redis(work: Any) -> Any:
    return redis_access.call(work)


@pytest.fixture
def killed_after_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The writer dies between its commit and what it would do afterwards."""
    monkeypatch.setattr(cache, "_committed", lambda *_arguments: None)


@pytest.mark.parametrize(
    "path",
    ["/api/products", "/api/products/{code}", "/api/products/facets", "/api/categories", "/api/brands"],
)
def test_a_second_read_costs_no_statement(path: str, anonymous_api: APIClient, product: Product) -> None:
    path = path.format(code=product.code)
    assert statements(anonymous_api, path) > 0
    assert statements(anonymous_api, path) == 0


def test_a_product_that_is_kept_costs_one_round_trip(
    product: Product, anonymous_api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    public.products([product.pk])
    trips: list[Any] = []
    real = redis_access.call
    monkeypatch.setattr(cache.redis_access, "call", lambda work: trips.append(1) or real(work))
    assert len(public.products([product.pk])) == 1
    assert len(trips) == 1


def test_control_without_telling_of_the_change_the_old_price_stays(
    product: Product, anonymous_api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert price(anonymous_api, product) == OLD
    monkeypatch.setattr(cache, "_changed", lambda _tags: None)
    change(product)
    assert price(anonymous_api, product) == OLD


def test_the_next_read_after_a_change_shows_it(product: Product, anonymous_api: APIClient) -> None:
    for number in range(5):
        change(product, f"{number + 1}.00")
        assert price(anonymous_api, product) == f"{number + 1}.00"


def test_a_reader_that_read_before_the_commit_stores_nothing_that_counts(
    product: Product, anonymous_api: APIClient
) -> None:
    def slow_reader(_names: list[str]) -> dict[str, bytes]:
        read = public._load([f"product:{product.pk}"])
        race([partial(change, product)])  # the whole change while this reader holds the old row
        return read

    name = f"product:{product.pk}"
    old = cache.fetch({name: [cache.product_tag(product.pk)]}, slow_reader)
    assert OLD.encode() in old[name]
    assert price(anonymous_api, product) == NEW


def test_a_reader_while_the_transaction_is_open_stores_nothing(
    product: Product, anonymous_api: APIClient
) -> None:
    written, may_commit = Event(), Event()

    def writer() -> None:
        with transaction.atomic():
            change(product)
            written.set()
            assert may_commit.wait(10)

    def reader() -> list[str]:
        assert written.wait(10)
        seen = [price(anonymous_api, product), price(anonymous_api, product)]
        may_commit.set()
        return seen

    assert race([writer, reader]) == [None, [OLD, OLD]]
    assert price(anonymous_api, product) == NEW


def test_a_writer_killed_right_after_its_commit_leaves_nothing_stale(
    product: Product, anonymous_api: APIClient, killed_after_commit: None
) -> None:
    assert price(anonymous_api, product) == OLD
    with transaction.atomic():
        change(product)
        assert race([partial(price, anonymous_api, product)]) == [OLD]
    assert price(anonymous_api, product) == NEW
    assert statements(anonymous_api, f"/api/products/{product.code}") > 0  # still marked: nothing is kept
    redis(lambda client: [client.delete(key) for key in client.scan_iter("aqad:catalog:w:*")])  # it ends
    assert price(anonymous_api, product) == NEW
    assert statements(anonymous_api, f"/api/products/{product.code}") == 0


def test_the_first_of_two_writers_does_not_lift_the_mark_of_the_other(
    product: Product, anonymous_api: APIClient, make_product: MakeProduct, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, committed = make_product(name="Pepsi Max"), cache._committed

    def all_but_the_first(mark: str, tags: list[str]) -> None:
        if cache.product_tag(product.pk) not in tags:
            committed(mark, tags)

    monkeypatch.setattr(cache, "_committed", all_but_the_first)  # which is killed right after its commit
    with transaction.atomic():
        change(product)
        race([partial(change, other)])
        assert race([partial(price, anonymous_api, product)]) == [OLD]
    redis(lambda client: [client.delete(key) for key in client.scan_iter("aqad:catalog:w:*")])
    assert price(anonymous_api, product) == NEW


def test_a_change_that_is_rolled_back_is_never_shown(product: Product, anonymous_api: APIClient) -> None:
    def refused() -> None:
        with transaction.atomic():
            change(product)
            assert price(anonymous_api, product) == NEW  # by the writer itself: it reads its own change
            raise RuntimeError

    assert isinstance(race([refused])[0], RuntimeError)
    assert price(anonymous_api, product) == OLD


def test_stock_that_an_order_holds_is_not_shown_by_the_next_read(
    product: Product, anonymous_api: APIClient
) -> None:
    assert anonymous_api.get("/api/products").json()["results"][0]["available"] == 500
    reserve_stock([StockLine(product.pk, 100, "ORD1001")], by=None)
    assert anonymous_api.get("/api/products").json()["results"][0]["available"] == 400
    assert anonymous_api.get(f"/api/products/{product.code}").json()["available"] == 400


def test_an_order_leaves_the_other_products_of_a_list_where_they_are(
    product: Product, anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    other = make_product(name="Pepsi Max")
    anonymous_api.get("/api/products")
    reserve_stock([StockLine(product.pk, 1, "ORD1001")], by=None)
    assert statements(anonymous_api, f"/api/products/{other.code}") == 0
    assert 0 < statements(anonymous_api, "/api/products") <= 3  # that one product, not the list


def test_a_redis_that_came_back_with_old_data_serves_none_of_it(
    product: Product, anonymous_api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Scripts belong to the whole server, so a test process beside this one would load them again.
    monkeypatch.setattr(cache, "_READ", f"{cache._READ}\n-- {uuid4()}")
    monkeypatch.setattr(cache, "_CHANGE", f"{cache._CHANGE}\n-- {uuid4()}")
    price(anonymous_api, product)
    snapshot = redis(lambda client: {key: client.dump(key) for key in client.scan_iter("aqad:catalog:*")})
    change(product)

    def restart(client: Any) -> None:
        for key, value in snapshot.items():
            client.restore(key, 60_000, value, replace=True)
        client.script_flush()

    redis(restart)
    assert price(anonymous_api, product) == NEW


def test_with_redis_down_reads_and_writes_go_on(
    product: Product, anonymous_api: APIClient, vendor_api: APIClient, settings: Any
) -> None:
    assert price(anonymous_api, product) == OLD
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    path = f"/api/products/{product.code}"
    assert vendor_api.patch(path, {"price": NEW}).status_code == 200
    assert vendor_api.post(f"{path}/stock", {"change": 1, "reason": "received"}).status_code == 200
    assert price(anonymous_api, product) == NEW
    assert anonymous_api.get("/api/products/facets").status_code == 200


def test_what_could_not_be_told_is_told_when_redis_is_back(
    product: Product, anonymous_api: APIClient, settings: Any
) -> None:
    assert price(anonymous_api, product) == OLD
    alive, settings.REDIS_URL = settings.REDIS_URL, "unix:///nowhere/valkey.sock"
    change(product)
    settings.REDIS_URL = alive
    assert price(anonymous_api, product) == NEW


def test_nobody_ever_reads_less_than_what_was_committed_before(
    product: Product, anonymous_api: APIClient
) -> None:
    committed, done = [0], Event()

    def writer() -> None:
        try:
            for number in range(1, 31):
                change(product, f"{number}.00")
                committed[0] = number
        finally:
            done.set()

    def reader() -> list[str]:
        stale: list[str] = []
        while not done.is_set():
            known = committed[0]
            seen = public.products([product.pk])[0]
            shown = int(seen.partition(b'"price":"')[2].partition(b".")[0])
            if shown < known:
                stale.append(f"{shown} after {known}")
        return stale

    change(product, "0.01")
    assert race([writer, reader, reader, reader]) == [None, [], [], []]
