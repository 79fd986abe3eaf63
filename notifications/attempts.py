"""Working off rows that are due: one worker at a time, again after a failure or a kill, never for ever.

A claim is a lease: it pushes `due_at` into the future before the work begins, so a killed worker's row
simply becomes due again. Deadlines are judged by the database clock.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

import structlog
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from notifications.models import Delivery, Mail, OutboxEvent

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 12
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
SWEEP_BUDGET = 3.0  # seconds one sweep may go on before other tasks have their turn
ABANDONED = "the worker ended before it could say what happened"

Row = TypeVar("Row", OutboxEvent, Mail)


def claim(model: type[Row], at_most: int = 1) -> list[Row]:
    """Take rows that are due, the longest due first, for LEASE; none that another worker has.

    A row that was tried before is taken alone: what kills its worker takes no other row with it.
    """
    due = _due(model).filter(attempts__lt=MAX_ATTEMPTS).order_by("due_at")
    with transaction.atomic():
        rows = list(due.select_for_update(skip_locked=True)[:at_most])
        rows = rows[:1] if rows and rows[0].attempts else [row for row in rows if not row.attempts]
        if rows:
            taken = model.objects.filter(pk__in=[row.pk for row in rows])
            taken.update(attempts=F("attempts") + 1, due_at=Now() + LEASE)
    for row in rows:
        row.attempts += 1
    return rows


def postpone(row: Row, error: BaseException) -> None:
    """Note why it failed and when it is tried again; after MAX_ATTEMPTS it is dead, for a person to see."""
    _note(row, error, Delivery.PENDING if row.attempts < MAX_ATTEMPTS else Delivery.DEAD)


def give_up(row: Row, error: BaseException) -> None:
    """Note why it failed where no other attempt can help: it is dead, for a person to see."""
    _note(row, error, Delivery.DEAD)


def _note(row: Row, error: BaseException, status: str) -> None:
    delay = min(FIRST_DELAY * 2 ** (row.attempts - 1), LONGEST_DELAY)
    # Only while the claim is still ours: after a lapsed lease another worker speaks for the row.
    mine = type(row).objects.filter(pk=row.pk, status=Delivery.PENDING, attempts=row.attempts)
    mine.update(status=status, due_at=Now() + delay, last_error=f"{type(error).__name__}: {error}"[:2000])


def sweep(model: type[Row], work: Callable[[list[Row]], None], *, at_once: int) -> bool:
    """Do what is due, `at_once` rows at a time, for SWEEP_BUDGET. Return whether more may be due."""
    abandoned = _due(model).filter(attempts__gte=MAX_ATTEMPTS)
    abandoned.update(status=Delivery.DEAD, last_error=ABANDONED)
    until = time.monotonic() + SWEEP_BUDGET
    while rows := claim(model, at_once):
        work(rows)
        if time.monotonic() > until:
            return True
    return False


@contextmanager
def logged_as(event: OutboxEvent) -> Iterator[None]:
    """Log under the id of the request that caused the event, so that one search finds cause and mail."""
    known = {"request_id": event.request_id} if event.request_id else {}
    with structlog.contextvars.bound_contextvars(**known):
        yield


@transaction.atomic
def revive(rows: "QuerySet[Row]") -> "list[Row]":
    """Give the dead among these rows a new series of attempts, from now; returns them. Safe to repeat."""
    dead = list(rows.filter(status=Delivery.DEAD).order_by("pk").select_for_update(of=("self",)))
    again = rows.model.objects.filter(pk__in=[row.pk for row in dead])
    again.update(status=Delivery.PENDING, attempts=0, due_at=Now())
    return dead


def _due(model: type[Row]) -> "QuerySet[Row]":
    return model.objects.filter(status=Delivery.PENDING, due_at__lte=Now())
