"""When the database says "not now": who may simply try again, and who gets a 503."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from django.db import InterfaceError, OperationalError, connection

log = structlog.get_logger(__name__)

LOCK_TIMEOUT = "55P03"
CONFLICTS = {LOCK_TIMEOUT: "lock timeout", "40P01": "deadlock", "40001": "serialization failure"}
RETRIES = 3

T = TypeVar("T")


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's five-character code behind a Django database error; empty when there is none."""
    return str(getattr(error.__cause__, "sqlstate", None) or "")


def is_conflict(error: BaseException) -> bool:
    """Whether two transactions met: the loser did nothing and may start again."""
    return isinstance(error, OperationalError) and sqlstate(error) in CONFLICTS


def is_unavailable(error: BaseException) -> bool:
    """Whether the database is down, too busy, or refused for a reason that passes."""
    return isinstance(error, OperationalError | InterfaceError)


def retry_on_conflict(work: Callable[[], T]) -> T:
    """Do `work`, again at most three times after a deadlock, lock timeout or serialization failure.

    `work` runs whole transactions of its own. Within an outer transaction nothing is repeated: only the
    whole of it could be. The last conflict is raised as it came.
    """
    for attempt in range(RETRIES):
        try:
            return work()
        except OperationalError as error:
            if not is_conflict(error) or connection.in_atomic_block:
                raise
            log.warning(
                "conflict in the database, trying again",
                reason=CONFLICTS[sqlstate(error)],
                attempt=attempt + 1,
            )
        time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311 - jitter, no secret
    return work()
