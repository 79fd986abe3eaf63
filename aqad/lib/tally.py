"""What happened how often, by the hour, counted in Redis over all processes; kept for a week."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from redis import Redis

from aqad.lib import redis_access
from aqad.lib.redis_access import RedisDown

DAYS = 7


def count(kind: str, what: str) -> None:
    """One more `what`. Never raises for a Redis that is down."""
    key = _key(kind, datetime.now(UTC))

    def work(redis: Redis) -> None:
        pipeline = redis.pipeline(transaction=False)
        pipeline.hincrby(key, what, 1)
        pipeline.expire(key, DAYS * 24 * 3600)
        pipeline.execute()

    with suppress(RedisDown):
        redis_access.call(work)


def by_hour(kind: str, hours: int) -> list[tuple[datetime, Counter[str]]]:
    """The counts of the last `hours` hours that began, this one first. Raises RedisDown."""
    this = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    began = [this - timedelta(hours=back) for back in range(hours)]

    def work(redis: Redis) -> list[dict[bytes, bytes]]:
        pipeline = redis.pipeline(transaction=False)
        for hour in began:
            pipeline.hgetall(_key(kind, hour))
        return list(pipeline.execute())

    return [
        (hour, Counter({what.decode(): int(times) for what, times in counts.items()}))
        for hour, counts in zip(began, redis_access.call(work), strict=True)
    ]


def _key(kind: str, hour: datetime) -> str:
    return f"aqad:tally:{kind}:{hour:%Y%m%d%H}"
