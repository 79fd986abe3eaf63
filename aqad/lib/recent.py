"""Short memories in Redis: the newest entries of a kind, from all processes, for an operator to read.

Losing them harms nothing, so nothing waits for them: with Redis down nothing is kept.
"""

import json
from contextlib import suppress
from typing import Any

from redis import Redis

from aqad.lib import redis_access
from aqad.lib.redis_access import RedisDown

AT_MOST = 200  # entries of a kind
KEPT_SECONDS = 7 * 24 * 3600


def keep(kind: str, entry: dict[str, Any]) -> None:
    """Put `entry` first and drop what is beyond AT_MOST. Never raises for a Redis that is down."""
    key, line = _key(kind), json.dumps(entry, default=str, ensure_ascii=False)

    def work(redis: Redis) -> None:
        pipeline = redis.pipeline(transaction=False)
        pipeline.lpush(key, line)
        pipeline.ltrim(key, 0, AT_MOST - 1)
        pipeline.expire(key, KEPT_SECONDS)
        pipeline.execute()

    with suppress(RedisDown):
        redis_access.call(work)


def newest(kind: str, count: int = AT_MOST) -> list[dict[str, Any]]:
    """The newest first. Raises RedisDown."""
    lines: Any = redis_access.call(lambda redis: redis.lrange(_key(kind), 0, count - 1))
    return [json.loads(line) for line in lines]


def forget(kind: str) -> None:
    redis_access.call(lambda redis: redis.delete(_key(kind)))


def _key(kind: str) -> str:
    return f"aqad:recent:{kind}"
