import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests.sweep import world as worlds
from tests.sweep.world import World


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """A line in the log for each of thousands of requests would bury what is wrong."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def world(db: None, settings: Any) -> World:
    """Everything and everybody, and no limit in the way of asking quickly."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "100000/s")
    settings.METRICS_TOKEN = ""
    return worlds.build()
