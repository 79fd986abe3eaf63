"""What is kept is never older than the last commit: races, killed writers and fillers, several processes."""

import random
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from rest_framework.test import APIClient

from aqad.lib import redis_access
from catalog import cache
from catalog.cache import Answer
from catalog.models import Product
from catalog.services import products
from catalog.tests.conftest import MakeProduct
from catalog.tests.processes import Process, Reader, web_processes
from tests import serving
from tests.racing import race

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW = "45.00", "39.00"


@pytest.fixture
def web() -> Iterator[int]:
    with web_processes() as port:
        yield port


@pytest.fixture
def start() -> Iterator[Callable[[int], list[Process]]]:
    started: list[Process] = []

    def run(number: int) -> list[Process]:
        new = [Process() for _ in range(number)]
        started.extend(new)
        for process in new:
            process.wait_until_ready()
        return new

    yield run
    for process in started:
        process.end()


def price(api: APIClient, product: Product) -> str:
    return str(api.get(f"/api/products/{product.code}").json()["price"])


def change(product: Product, to: str = NEW) -> None:
    products.update_product(product, by=None, price=Decimal(to))


def truth(path: str) -> Any:
    """What the database says: nothing is taken from the cache within a transaction."""
    with transaction.atomic():
        answer = APIClient().get(path)
    return [answer.status_code, answer.json()]


def without_request(answer: Any) -> Any:
    answer[1].pop("request_id", None)
    return answer


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whoever_changes_what_whoever_reads_next_sees_it(
    seed: int, start: Callable[[int], list[Process]], make_product: MakeProduct
) -> None:
    dice, processes = random.Random(seed), start(3)
    shelf = [make_product(name=f"Pepsi {number}", quantity=3) for number in range(4)]
    reads = ["/api/products", "/api/products?in_stock=true&ordering=price", "/api/products?search=pepsi"]
    reads += ["/api/products/facets", "/api/brands", *[f"/api/products/{each.code}" for each in shelf]]
    for _ in range(40):
        what = dice.choice(["price", "price", "description", "brand", "vendor", "stock", "stock", "stock"])
        value = {"price": f"{dice.randint(1, 99)}.00", "stock": str(dice.randint(-3, 3)), "vendor": "active"}
        how = dice.choice(["do", "do", "do", "undo"])
        dice.choice(processes).change(how, what, dice.choice(shelf), value.get(what, f"Text {dice.random()}"))
        paths = [*dice.sample(reads, 3), dice.choice(reads)]
        for path, read in zip(paths, dice.choice(processes).read(*paths), strict=True):
            assert without_request(read) == without_request(truth(path)), (what, how, path)


def test_a_writer_killed_right_after_its_commit_leaves_nothing_stale(
    start: Callable[[int], list[Process]], product: Product, anonymous_api: APIClient
) -> None:
    writer, reader = start(2)
    path = f"/api/products/{product.code}"
    (read,) = reader.read(path)
    assert read[1]["price"] == price(anonymous_api, product) == OLD
    writer.change("die", "price", product, NEW)
    read, listed = reader.read(path, "/api/products")
    assert read[1]["price"] == price(anonymous_api, product) == NEW
    assert listed[1]["results"][0]["price"] == NEW


class RisingPrice:
    """A product that costs one dirham more with each commit, and readers who say what they saw too late."""

    def __init__(self, product: Product) -> None:
        self._product, self._committed, self._over = product, 0, Event()
        change(product, "0.01")

    def rise(self, to: int, pause: float = 0) -> None:
        try:
            for number in range(1, to + 1):
                change(self._product, f"{number}.00")
                self._committed = number
                time.sleep(pause)
        finally:
            self._over.set()

    def until_it_is_there(self, do: Callable[[], Any]) -> None:
        while not self._over.is_set():
            do()

    def stale(self, ask: Callable[[], str]) -> list[str]:
        """Prices older than the one that was committed when they were asked for."""
        stale: list[str] = []
        while not self._over.is_set():
            known = self._committed
            shown = int(Decimal(ask()))
            if shown < known:
                stale.append(f"{shown} after {known}")
        return stale


def test_web_processes_that_answer_many_together_answer_none_with_what_was(
    web: int, product: Product
) -> None:
    """A request that is sent after a commit sees it, though another asked for the same an instant before."""
    rising = RisingPrice(product)

    def reader(path: str) -> list[str]:
        asking = Reader(web, path)

        def ask() -> str:
            answer = asking.read()
            return str(answer.get("results", [answer])[0]["price"])

        try:
            return rising.stale(ask)
        finally:
            asking.end()

    writer = partial(rising.rise, to=40, pause=0.01)  # so that answers are kept meanwhile
    readers = [partial(reader, "/api/products"), partial(reader, f"/api/products/{product.code}")] * 4
    assert race([writer, *readers]) == [None] + [[]] * 8


def test_control_without_the_trigger_the_old_price_stays(product: Product, anonymous_api: APIClient) -> None:
    assert price(anonymous_api, product) == OLD
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE catalog_product DISABLE TRIGGER new_edition")
    try:
        change(product)
        assert price(anonymous_api, product) == OLD
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE catalog_product ENABLE TRIGGER new_edition")


def test_a_reader_that_read_before_the_commit_keeps_nothing_that_counts(
    product: Product, anonymous_api: APIClient
) -> None:
    def slow() -> Answer:
        old = Answer(Product.objects.get(pk=product.pk).price.to_eng_string().encode())
        race([partial(change, product)])  # the whole change while this reader holds the old row
        return old

    assert cache.fetch("product", "slow", slow).template == OLD.encode()
    assert cache.fetch("product", "slow", lambda: Answer(b"anew")).template == b"anew"


def test_while_a_change_is_open_others_see_the_old_and_it_sees_its_own(
    product: Product, anonymous_api: APIClient
) -> None:
    price(anonymous_api, product)
    with transaction.atomic():
        change(product)
        assert price(anonymous_api, product) == NEW
        assert race([partial(price, anonymous_api, product)]) == [OLD]
        transaction.set_rollback(True)
    assert price(anonymous_api, product) == OLD


def test_two_hundred_readers_at_once_cost_one_read_of_the_database(
    product: Product, few_connections: None
) -> None:
    assert read_at_once(200) == 1


def test_control_without_waiting_for_each_other_they_cost_many(
    product: Product, few_connections: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_awaited", lambda *_arguments: None)
    assert read_at_once(200) > 1


def read_at_once(readers: int) -> float:
    before = cache.misses.labels("list")._value.get()
    answers = race([lambda: serving.browser().get("/api/products").status_code] * readers)
    assert answers == [200] * readers
    return float(cache.misses.labels("list")._value.get() - before)


@pytest.fixture
def few_connections(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    connection.close()
    options = {"min_size": 1, "max_size": 20, "timeout": 30}
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "pool", options)
    yield
    connection.close()
    connection.close_pool()


def test_a_filler_that_died_holds_nobody_up_for_long(
    product: Product, anonymous_api: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "WAIT", 0.05)
    key = cache.key("/api/products?")
    redis_access.call(lambda redis: redis.set(f"{key}:lease", "one that died", px=60_000))
    assert anonymous_api.get("/api/products").json()["count"] == 1


def test_redis_emptied_over_and_over_under_load_is_never_noticed(
    product: Product, anonymous_api: APIClient
) -> None:
    rising = RisingPrice(product)

    def ask() -> str:
        return price(APIClient(REMOTE_ADDR=f"10.0.0.{random.randint(1, 250)}"), product)

    writer, reader = partial(rising.rise, to=30), partial(rising.stale, ask)
    forgetter = partial(rising.until_it_is_there, cache.forget_all)
    assert race([writer, forgetter, reader, reader, reader]) == [None, None, [], [], []]
