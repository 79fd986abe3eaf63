"""Waking a worker after commit: only a hint, the row is the truth and a sweeper follows."""

from typing import Any

import structlog
from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)


def wake(task: str, *args: Any) -> None:
    """Send the task named `task` once the current transaction commits.

    A broker that is down is logged and nothing else: the work is a row that a sweeper finds.
    """
    transaction.on_commit(lambda: _send(task, args), robust=True)


def _send(task: str, args: tuple[Any, ...]) -> None:
    try:
        current_app.send_task(task, args=args)
    except (OperationalError, OSError) as error:
        log.warning("wake-up lost, the sweeper will do it", task=task, error=str(error))
