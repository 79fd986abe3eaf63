"""Who waits for a lock, and who holds it."""

from django.conf import settings
from django.utils.translation import gettext as _

from operations.doctor.database import rows
from operations.doctor.findings import Finding, Table
from operations.doctor.words import span

_WAITING = """
SELECT waiting.pid, extract(epoch FROM clock_timestamp() - waiting.query_start)::float,
       left(waiting.query, 200), blocking.pid, coalesce(blocking.state, ''), left(blocking.query, 200),
       coalesce((SELECT min(relation::regclass::text) FROM pg_locks
                  WHERE pid = waiting.pid AND relation IS NOT NULL AND locktype = 'tuple'), '')
  FROM pg_stat_activity waiting
 CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS blocker(pid)
  JOIN pg_stat_activity blocking ON blocking.pid = blocker.pid
 WHERE waiting.datname = current_database() AND waiting.wait_event_type = 'Lock'
 ORDER BY 2 DESC
"""


def examine() -> Finding:
    waiting = rows(_WAITING)
    if not waiting:
        return Finding(_("Locks"), _("Nobody waits for a lock."))
    columns = ["pid", _("waits for"), _("statement"), _("blocked by"), _("state"), _("last statement of it")]
    told = [
        (pid, f"{span(waits)} {table}".strip(), text, blocker, state, last)
        for pid, waits, text, blocker, state, last, table in waiting
    ]
    tables = [Table("", columns, told)]
    pid, longest, _text, blocker, *_rest = waiting[0]
    values = {"pid": pid, "blocker": blocker, "time": span(longest)}
    sentence = _("Database process %(blocker)s blocks %(pid)s, for %(time)s now.") % values
    if longest < settings.DOCTOR["blocked_seconds"]:
        return Finding(_("Locks"), sentence, tables=tables)
    step = _("Let it finish, or end it: SELECT pg_terminate_backend(%(blocker)s);") % values
    return Finding(_("Locks"), sentence, wrong=True, next_step=step, tables=tables)
