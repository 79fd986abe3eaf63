"""Seal the audit log: batch by batch into a chain of hashes, without a lock on those who write to it."""

import time

import structlog
from django.db import connection, transaction
from django.db.models import Max

from audit import digests
from audit.models import Entry, Seal, SealHead

log = structlog.get_logger(__name__)

BATCH = 1000
BUDGET = 30.0  # seconds one run may go on; the next one continues


def seal_entries() -> int:
    """Seal all that can no longer change, within BUDGET; return how many entries that were.

    Entries written while an older transaction is still open wait for a later run. Safe to run twice at once.
    """
    until, sealed = time.monotonic() + BUDGET, 0
    SealHead.objects.get_or_create(pk=1)
    while time.monotonic() < until:
        if not (count := _seal_next()):
            break
        sealed += count
    return sealed


@transaction.atomic
def _seal_next() -> int:
    head = SealHead.objects.select_for_update().get(pk=1)
    marked = head.mark_id > head.last_id
    if marked and not _all_ended_before(head.mark_xid):
        # A mark that waits is kept, or transactions that overlap without end would move it for ever; unless
        # it is of another server's counting, as after a restore.
        if head.mark_xid > _own_xid():
            _mark(head)
        return 0
    waiting = Entry.objects.filter(id__gt=head.last_id, id__lte=head.mark_id)
    lines = digests.lines_of(waiting, BATCH) if marked else []
    if lines:
        _add_seal(head, lines)
    else:
        _mark(head)
    return len(lines)


def _add_seal(head: SealHead, lines: list[digests.Line]) -> None:
    seal = Seal(
        number=head.number + 1,
        first_id=head.last_id + 1,
        last_id=lines[-1][0],
        count=len(lines),
        digests=digests.pack(lines),
    )
    seal.hash = digests.chained(head.hash, seal)
    seal.save(force_insert=True)
    head.number, head.last_id, head.hash = seal.number, seal.last_id, seal.hash
    head.save()
    log.info("audit log sealed", seal=seal.number, last_id=seal.last_id, hash=seal.hash)


def _mark(head: SealHead) -> None:
    """Mark the newest entry. The order matters: first its id, then an own transaction id above all others."""
    head.mark_id = Entry.objects.aggregate(newest=Max("id"))["newest"] or 0
    head.mark_xid = _own_xid()
    head.save()


def _own_xid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


def _all_ended_before(xid: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint >= %s", [xid])
        return bool(cursor.fetchone()[0])
