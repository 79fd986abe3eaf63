from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from aqad.lib import redis_access
from aqad.lib.web import limits

DEAD_REDIS = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def _own_urls_and_fresh_limits(settings: Any) -> Iterator[None]:
    settings.ROOT_URLCONF = "tests.web.urls"
    limits.forget_all()
    yield
    redis_access.forget_connections()


@pytest.fixture
def client() -> Client:
    """A caller who sees a crash as the outside does: as an answer."""
    return Client(raise_request_exception=False)


@pytest.fixture
def dead_redis(settings: Any) -> None:
    settings.REDIS_URL = DEAD_REDIS
