"""The last lines of level ERROR."""

import time
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aqad.lib import error_lines, recent
from operations.doctor.findings import Finding, Table
from operations.doctor.words import clock

SHOWN = 20


def examine() -> Finding:
    lines = recent.newest(error_lines.KIND)
    minutes = settings.DOCTOR["recent_minutes"]
    since = time.time() - minutes * 60
    news = [line for line in lines if datetime.fromisoformat(line["at"]).timestamp() >= since]
    tables = [_table(lines[:SHOWN])] if lines else []
    if not news:
        sentence = _("No error was logged in the last %(minutes)d minutes.") % {"minutes": minutes}
        return Finding(_("Error lines"), sentence, tables=tables)
    sentence = ngettext(
        "%(count)d error was logged in the last %(minutes)d minutes, the last one: %(event)s",
        "%(count)d errors were logged in the last %(minutes)d minutes, the last one: %(event)s",
        len(news),
    ) % {"count": len(news), "minutes": minutes, "event": news[0]["event"].splitlines()[0][:200]}
    step = _("Search the log and the audit entries for the request id %(id)s.") % {
        "id": news[0]["request_id"] or "–"
    }
    return Finding(_("Error lines"), sentence, wrong=True, next_step=step, tables=tables)


def _table(lines: list[dict[str, str]]) -> Table:
    rows = [
        (clock(line["at"]), _said(line), line["place"] or line["logger"], line["request_id"])
        for line in lines
    ]
    return Table(_("Last error lines"), [_("at"), _("line"), _("where"), _("request id")], rows)


def _said(line: dict[str, str]) -> str:
    last = line["exception"].strip().rpartition("\n")[2]
    return f"{line['event'][:300]} · {last[:300]}" if last else line["event"][:300]
