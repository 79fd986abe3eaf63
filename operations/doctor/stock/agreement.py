"""Since when do figures not agree? A task looks every few minutes and remembers when they last did."""

import time
from collections.abc import Set

import structlog
from redis import Redis

from aqad.lib import redis_access
from operations.doctor.stock import figures

log = structlog.get_logger(__name__)

_LAST = "aqad:stock:last agreed"  # when everything did
_SINCE = "aqad:stock:disagreeing"  # product id → when it last agreed


def check() -> None:
    """Look at all products; name in the log those that began to disagree. Safe to repeat."""
    now = time.time()
    odd = {str(one.product_id): one for one in figures.disagreeing()}
    new = redis_access.call(lambda redis: _remember(redis, odd.keys(), now))
    for product_id in new:
        log.error("stock does not agree", product=odd[product_id].code)


def last_agreed(product_id: int) -> float | None:
    """When a look found the product's figures agreeing; None where nobody ever looked. Raises RedisDown."""

    def work(redis: Redis) -> float | None:
        found = redis.hget(_SINCE, str(product_id)) or redis.get(_LAST)
        return float(found) if found else None

    return redis_access.call(work)


def forget_all() -> None:
    """For tests."""
    redis_access.call(lambda redis: redis.delete(_LAST, _SINCE))


def _remember(redis: Redis, odd: Set[str], now: float) -> list[str]:
    """Returns who is new among `odd`."""
    known = {key.decode() for key in redis.hkeys(_SINCE)}  # type: ignore[union-attr]
    before = redis.get(_LAST) or b"0"
    if healed := known - odd:
        redis.hdel(_SINCE, *healed)
    new = sorted(odd - known)
    for product_id in new:
        redis.hset(_SINCE, product_id, before)
    redis.set(_LAST, now)
    return new
