"""How long each endpoint takes, and whether one of the API takes too long."""

from django.conf import settings
from django.utils.translation import gettext as _

from operations.doctor.findings import Finding, Table
from operations.doctor.slow import figures, history
from operations.doctor.words import milliseconds

SHOWN = 20
FEW = 20  # requests that say nothing about a 95th percentile
API = ".api."


def examine() -> Finding:
    minutes, limit = settings.DOCTOR["recent_minutes"], settings.DOCTOR["answer_ms"]
    before = history.before(minutes * 60)
    now = figures.latencies()
    lately = {name: figures.since(buckets, before.get(name, {})) for name, buckets in now.items()}
    slow = [
        (figures.quantile(buckets, 0.95) * 1000, name)
        for name, buckets in lately.items()
        if API in name and figures.count(buckets) >= FEW
    ]
    tables = [_table(_period(bool(before), minutes), lately)]
    if before:
        tables.append(_table(_period(False, minutes), now))  # noqa: FBT003
    worst, name = max(slow, default=(0.0, ""))
    if worst <= limit:
        sentence = _("95 of 100 requests to each endpoint of the API are answered within %(limit)s.")
        return Finding(_("Answers by endpoint"), sentence % {"limit": milliseconds(limit)}, tables=tables)
    sentence = _("%(endpoint)s is slow: 5 of 100 requests take longer than %(time)s; %(limit)s is the limit.")
    values = {"endpoint": _short(name), "time": milliseconds(worst), "limit": milliseconds(limit)}
    step = _("Look below for slow statements, locks and busy processes, and at what was deployed last.")
    return Finding(_("Answers by endpoint"), sentence % values, wrong=True, next_step=step, tables=tables)


def _table(title: str, latencies: dict[str, figures.Buckets]) -> Table:
    asked = [(name, buckets) for name, buckets in latencies.items() if figures.count(buckets)]
    asked.sort(key=lambda each: figures.quantile(each[1], 0.95), reverse=True)
    rows = [
        (
            _short(name),
            figures.count(buckets),
            milliseconds(figures.quantile(buckets, 0.5) * 1000),
            milliseconds(figures.quantile(buckets, 0.95) * 1000),
        )
        for name, buckets in asked[:SHOWN]
    ]
    return Table(title, [_("endpoint"), _("requests"), "p50", "p95"], rows)


def _period(lately: bool, minutes: int) -> str:  # noqa: FBT001
    if lately:
        return _("In the last %(minutes)d minutes") % {"minutes": minutes}
    return _("Since the web processes started")


def _short(name: str) -> str:
    return name.replace(".api.views.", ".")
