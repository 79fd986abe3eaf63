"""Waking a worker after commit: only a hint, the row is the truth and a sweeper follows."""

from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

from aqad.lib.redis_access import Breaker

log = structlog.get_logger(__name__)

_broker = Breaker()  # a broker that hangs must not cost every request its time-out


def wake(task: str, *args: Any) -> None:
    """Send the task named `task` once the current transaction commits.

    A broker that is down is logged and nothing else: the work is a row that a sweeper finds.
    """
    transaction.on_commit(lambda: _send(task, args), robust=True)


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


def forget_failures() -> None:
    """Try the broker again at once: between tests."""
    _broker.worked()
