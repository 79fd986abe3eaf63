"""Redis killed and started again while people read and a vendor changes prices: nobody is told what was."""

import random
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from threading import Condition
from typing import Any

import pytest

from aqad.lib import redis_access
from aqad.runner.services.valkey import Valkey
from catalog import cache
from catalog.models import Product
from tests import factories, goods, serving
from tests.racing import race
from tests.runner.installation import eventually
from vendors.models import Vendor

pytestmark = pytest.mark.django_db(transaction=True)

DEATHS = 4
READS = 12  # between a death and a start, and between a start and a death


class OwnRedis:
    """A server of this test alone, which keeps what it was told, so that it comes back with what is old."""

    def __init__(self, folder: Path) -> None:
        self._server = Valkey.at(folder, sockets=folder, log=folder / "log")
        self._process: subprocess.Popen[bytes] | None = None
        self.url = Valkey.cache_url(folder)

    def start(self) -> None:
        program = self._server.program()
        self._process = subprocess.Popen(
            program.command, env=dict(program.environment), stdout=subprocess.DEVNULL
        )
        eventually(self._server.is_ready, "Redis to answer")

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def redis(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnRedis]:
    with tempfile.TemporaryDirectory(prefix="aqad-") as folder:  # short, as the path of a socket must be
        server = OwnRedis(Path(folder))
        server.start()
        settings.REDIS_URL = server.url
        settings.CACHES = {name: {**each, "LOCATION": server.url} for name, each in settings.CACHES.items()}
        monkeypatch.setattr(redis_access, "PAUSE", 0.02)  # it is tried again while the test lasts
        yield server
        server.kill()
    redis_access.forget_connections()


class Progress:
    """What was committed last, how often was read since the start, and whether all is over."""

    def __init__(self) -> None:
        self.committed = 0
        self.is_over = False
        self._reads = 0
        self._more = Condition()

    def read(self) -> None:
        with self._more:
            self._reads += 1
            self._more.notify_all()

    def wait_for_reads(self, number: int) -> None:
        with self._more:
            wanted = self._reads + number
            assert self._more.wait_for(lambda: self._reads >= wanted, timeout=50)


def test_every_answer_is_right_whatever_becomes_of_redis(redis: OwnRedis, vendor: Vendor) -> None:
    product, progress = goods.list_product(vendor, price="0.01", quantity=5), Progress()
    hits = cache.hits.labels("product")._value.get()
    outcomes = race(
        [
            lambda: _die_and_live(redis, progress),
            lambda: _change(product, progress),
            *[lambda: _read(f"/api/products/{product.code}", lambda body: body, progress)] * 2,
            lambda: _read("/api/products", lambda body: body["results"][0], progress),
        ]
    )
    assert outcomes == [None, None, [], [], []]
    assert cache.hits.labels("product")._value.get() > hits


def _die_and_live(redis: OwnRedis, progress: Progress) -> None:
    try:
        for _death in range(DEATHS):
            progress.wait_for_reads(READS)
            redis.kill()
            progress.wait_for_reads(READS)
            redis.start()
        progress.wait_for_reads(READS)
    finally:
        progress.is_over = True


def _change(product: Product, progress: Progress) -> None:
    """Every change is accepted, too."""
    api = factories.api_client(factories.user_of(product.vendor.code))
    while not progress.is_over:
        price = progress.committed + 1
        answer = api.patch(f"/api/products/{product.code}", {"price": f"{price}.00"})
        assert answer.status_code == 200, answer.content
        progress.committed = price
        progress.wait_for_reads(1)


def _read(path: str, shown: Callable[[Any], Any], progress: Progress) -> list[str]:
    """What was wrong: an error, or a price older than the one that was committed when it was asked for."""
    wrong: list[str] = []
    browser = serving.browser()
    while not progress.is_over:
        known = progress.committed
        address = {"REMOTE_ADDR": f"10.0.{random.randrange(250)}.{random.randrange(1, 250)}"}
        answer = browser.get(path, environ_overrides=address)
        if answer.status_code != 200:
            wrong.append(f"{answer.status_code}: {answer.text[:200]}")
        elif Decimal(shown(answer.json)["price"]) < known:
            wrong.append(f"{shown(answer.json)['price']} after {known}")
        progress.read()
    return wrong
