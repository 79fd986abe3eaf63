"""Waking a worker after commit: only a hint, the row is the truth and a sweeper follows."""

import time
from contextlib import suppress
from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from aqad.lib import redis_access
from aqad.lib.redis_access import Breaker, RedisDown

log = structlog.get_logger(__name__)

LOST_AFTER = 5_000  # milliseconds after which a message that nobody began counts as lost
SEEN_FOR = 0.05  # seconds for which a process that saw a message on its way does not ask again
_PREFIX = "aqad:woken:"

_seen: dict[str, float] = {}  # when this process saw one on its way, by task
_broker = Breaker()  # a broker that hangs must not cost every request its time-out


def wake(task: str, *args: Any) -> None:
    """Send the task named `task` once the current transaction commits.

    A broker that is down is logged and nothing else: the work is a row that a sweeper finds.
    """
    transaction.on_commit(lambda: _send(task, args), robust=True)


def wake_once(task: str) -> None:
    """As `wake`, for a task without arguments that does all that is due: one message until a worker begins.

    Of a thousand changes in a moment the first sends it. The task calls `begun` before it looks for work, so
    whoever commits later sends another; but for those who saw the first one SEEN_FOR ago, for whom it waits.
    """
    transaction.on_commit(lambda: _send_once(task), robust=True)


def begun(task: str) -> None:
    """A worker begins `task`: whoever writes from now on wakes one again; what others rely on has come."""
    with suppress(RedisDown):
        redis_access.call(lambda redis: redis.delete(_PREFIX + task))
    time.sleep(1.2 * SEEN_FOR)


def _send_once(task: str) -> None:
    now = time.monotonic()
    if now < _seen.get(task, 0.0) + SEEN_FOR:
        return
    try:
        is_first = redis_access.call(lambda redis: redis.set(_PREFIX + task, 1, nx=True, px=LOST_AFTER))
        _seen[task] = now
    except RedisDown:
        is_first = True
    if is_first:
        _send(task, ())


def _send(task: str, args: tuple[Any, ...]) -> None:
    if not _broker.may_try():
        return
    try:
        current_app.send_task(task, args=args)
    except (OperationalError, OSError) as error:
        _broker.failed()
        log.warning("wake-up lost, the sweeper will do it", task=task, error=str(error))
    else:
        _broker.worked()


def forget_all() -> None:
    """As if nobody had been woken and the broker had never failed: between tests."""
    _broker.worked()
    _seen.clear()
    with suppress(RedisDown):
        redis_access.call(lambda redis: [redis.delete(key) for key in redis.scan_iter(f"{_PREFIX}*")])
