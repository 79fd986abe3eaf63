"""Who else has a vendor open: a hint for reviewers, kept in Redis and nowhere else."""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from redis import Redis

from accounts.models import User
from aqad.lib import redis_access
from aqad.lib.redis_access import RedisDown
from vendors.models import Vendor

REMEMBERED_SECONDS = 600


@dataclass(frozen=True)
class Looking:
    name: str
    since: datetime


def enter(vendor: Vendor, user: User) -> list[Looking]:
    """Note that `user` has this vendor open, and tell who else opened it lately."""
    key, me, now = f"aqad:review:{vendor.pk}", str(user.pk), time.time()

    def look(redis: Redis) -> dict[bytes, bytes]:
        redis.hset(key, me, json.dumps([user.name, now]))
        redis.expire(key, REMEMBERED_SECONDS)
        return redis.hgetall(key)  # type: ignore[return-value]

    try:
        found = redis_access.call(look)
    except RedisDown:
        return []
    others = [json.loads(entry) for who, entry in found.items() if who.decode() != me]
    return [
        Looking(name, datetime.fromtimestamp(at, UTC)) for name, at in others if at > now - REMEMBERED_SECONDS
    ]
