"""The slowest SQL: AQAD's own record of slow statements, and pg_stat_statements where it is installed."""

import time
from collections import defaultdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from aqad.lib import recent, slow_queries
from operations.doctor.database import rows
from operations.doctor.findings import Finding, Table
from operations.doctor.words import clock, milliseconds

SHOWN = 10
OWN = "operations-doctor"  # these pages themselves are not what makes the API slow

_STATISTICS = """
SELECT calls, mean_exec_time, max_exec_time, left(query, 500) FROM pg_stat_statements
 WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
 ORDER BY mean_exec_time DESC LIMIT %s
"""


def examine() -> Finding:
    minutes, limit = settings.DOCTOR["recent_minutes"], settings.DOCTOR["statement_ms"]
    kept = [each for each in recent.newest(slow_queries.KIND) if not each["place"].startswith(OWN)]
    since = time.time() - minutes * 60
    served = [each for each in kept if each["place"] and each["ms"] >= limit]  # not a command's
    news = [each for each in served if datetime.fromisoformat(each["at"]).timestamp() >= since]
    tables = [table for table in (_own(kept), _statistics()) if table.rows]
    values = {"minutes": minutes, "limit": milliseconds(limit)}
    if not news:
        sentence = _("No statement took longer than %(limit)s in the last %(minutes)d minutes.") % values
        return Finding(_("Slow statements"), sentence, tables=tables)
    worst = max(news, key=lambda each: each["ms"])
    values |= {
        "time": milliseconds(worst["ms"]),
        "place": worst["place"],
        "statement": worst["statement"][:160],
    }
    sentence = _(
        "The slowest statement of the last %(minutes)d minutes took %(time)s (%(place)s): %(statement)s"
    )
    step = _("Run it with EXPLAIN (ANALYZE, BUFFERS); look for a missing index and for who blocked it.")
    return Finding(_("Slow statements"), sentence % values, wrong=True, next_step=step, tables=tables)


def _own(kept: list[dict[str, Any]]) -> Table:
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in kept:
        groups[each["statement"]].append(each)
    worst = sorted(groups.values(), key=lambda group: max(each["ms"] for each in group), reverse=True)
    columns = [_("statement"), _("times"), _("slowest"), _("last"), _("where"), _("request id")]
    return Table(_("Statements that were slow"), columns, [_row(group) for group in worst[:SHOWN]])


def _row(group: list[dict[str, Any]]) -> tuple[Any, ...]:
    last, slowest = group[0], max(each["ms"] for each in group)
    return (
        last["statement"][:400],
        len(group),
        milliseconds(slowest),
        clock(last["at"]),
        last["place"] or "–",
        last["request_id"] or "–",
    )


def _statistics() -> Table:
    columns = [_("times"), _("mean"), _("slowest"), _("statement")]
    title = _("By pg_stat_statements, since its statistics began")
    try:
        with transaction.atomic():
            found = rows(_STATISTICS, SHOWN)
    except DatabaseError:  # not installed, or not loaded at the server's start
        return Table(title, columns, [])
    told = [(calls, milliseconds(mean), milliseconds(most), text) for calls, mean, most, text in found]
    return Table(title, columns, told)
