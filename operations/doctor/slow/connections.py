"""How many connections the database has, and how long their transactions are open."""

from django.conf import settings
from django.utils.translation import gettext as _

from operations.doctor.database import rows, value
from operations.doctor.findings import Finding, Table
from operations.doctor.words import span

_STATES = """
SELECT coalesce(state, backend_type), count(*),
       coalesce(extract(epoch FROM max(clock_timestamp() - xact_start)), 0)::float
  FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
 GROUP BY 1 ORDER BY 2 DESC
"""
_OLDEST = """
SELECT pid, state, extract(epoch FROM clock_timestamp() - xact_start)::float AS open, left(query, 200)
  FROM pg_stat_activity
 WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
   AND backend_type = 'client backend'
 ORDER BY xact_start LIMIT 5
"""


def examine() -> Finding:
    limits = settings.DOCTOR
    states, oldest = rows(_STATES), rows(_OLDEST)
    used = value("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")
    allowed = int(value("SHOW max_connections"))
    tables = [
        Table(
            _("Connections"),
            [_("state"), _("count"), _("longest transaction")],
            [(state, count, span(open_for) if open_for else "–") for state, count, open_for in states],
        )
    ]
    if oldest:
        columns = ["pid", _("state"), _("open for"), _("statement")]
        told = [(pid, state, span(open_for), text) for pid, state, open_for, text in oldest]
        tables.append(Table(_("Oldest transactions"), columns, told))
    values = {"used": used, "allowed": allowed}
    if used * 100 >= allowed * limits["connections_percent"]:
        sentence = _("%(used)d of %(allowed)d database connections are in use.") % values
        step = _("Start fewer processes, or allow the database more connections (max_connections).")
        return Finding(_("Database connections"), sentence, wrong=True, next_step=step, tables=tables)
    if oldest and oldest[0][2] >= limits["transaction_seconds"]:
        values = {"pid": oldest[0][0], "time": span(oldest[0][2])}
        sentence = _("A transaction of database process %(pid)s is open for %(time)s.") % values
        step = _("If nobody needs it: SELECT pg_terminate_backend(%(pid)s);") % values
        return Finding(_("Database connections"), sentence, wrong=True, next_step=step, tables=tables)
    sentence = _("%(used)d of %(allowed)d database connections are in use.") % values
    return Finding(_("Database connections"), sentence, tables=tables)
