"""A system on which nothing is wrong; each test breaks it in one way."""

import os
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from aqad.lib import error_lines, recent, redis_access, slow_queries
from catalog.models import Product
from operations import fingerprints, health, pulse
from operations.doctor.slow import history
from operations.doctor.stock import agreement
from operations.tests import breaking
from tests.goods import list_product
from vendors.models import Vendor


@pytest.fixture(autouse=True)
def _nothing_remembered(_fresh_limits: None) -> Iterator[None]:
    _forget()
    yield
    _forget()


@pytest.fixture
def well(db: None) -> Iterator[None]:
    """Every part answers, and one process of each kind lives."""
    for number, kind in enumerate(("web", "worker")):
        breaking.process(kind, pid=os.getpid() + number)
    with patch.dict(health.PARTS, dict.fromkeys(health.PARTS, lambda: None)):
        yield


@pytest.fixture
def product(vendor: Vendor) -> Product:
    return list_product(vendor, quantity=400)


def _forget() -> None:
    fingerprints.of_settings.cache_clear()
    pulse.forget_all()
    agreement.forget_all()
    for kind in (error_lines.KIND, slow_queries.KIND, history.kind()):
        recent.forget(kind)
    redis_access.call(lambda redis: [redis.delete(key) for key in redis.scan_iter("aqad:tally:*")])
