"""Redis with short patience: when it is down AQAD gets slower, never stuck."""

import os
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, cast

import structlog
from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = structlog.get_logger(__name__)

PATIENCE = 0.3  # seconds for one connection or one answer
PAUSE = 5.0  # seconds without a try after a failure

T = TypeVar("T")

_mine = threading.local()


class RedisDown(Exception):
    """Redis did not answer, or did not a moment ago."""


class Breaker:
    """After a failure everybody goes without for PAUSE seconds, then one caller tries again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._closed_until = 0.0

    def may_try(self) -> bool:
        if not self._closed_until:
            return True
        with self._lock:
            if time.monotonic() < self._closed_until:
                return False
            self._closed_until = time.monotonic() + PAUSE
            return True

    def failed(self) -> None:
        with self._lock:
            self._closed_until = time.monotonic() + PAUSE

    def worked(self) -> None:
        self._closed_until = 0.0


def call(work: Callable[[Redis], T]) -> T:
    """Do `work` with the client of settings.REDIS_URL. Raises RedisDown, at once while that is known."""
    url = settings.REDIS_URL
    breaker = _breaker(url)
    if not breaker.may_try():
        raise RedisDown
    try:
        result = work(_client(url, breaker))
    except (RedisError, OSError) as error:
        breaker.failed()
        log.warning("redis does not answer", error=type(error).__name__)
        raise RedisDown from error
    breaker.worked()
    return result


@lru_cache(maxsize=8)
def _breaker(_url: str) -> Breaker:
    """One for all threads."""
    return Breaker()


def _client(url: str, breaker: Breaker) -> Redis:
    """This thread's own connection, made anew after a fork: a pool takes a third of a call's time."""
    owner = (breaker, os.getpid())
    if getattr(_mine, "owner", None) != owner:
        _mine.client = Redis.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 0),
            single_connection_client=True,
        )
        _mine.owner = owner
    return cast(Redis, _mine.client)


def forget_connections() -> None:
    """Start anew, as if Redis had never failed: after a change of settings, and between tests."""
    _breaker.cache_clear()
