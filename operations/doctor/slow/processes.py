"""AQAD's processes: which live, what each costs, what each was started from."""

import platform
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import psutil
from django.utils.translation import gettext as _

from operations import pulse
from operations.doctor.findings import Finding, Table
from operations.doctor.words import clock, megabytes, span

KINDS = ("web", "worker")  # of beat tells what it sends: see operations.health
PROGRAMS = {
    "aqad.beat": "beat",
    "payments.gateways.sandbox": "sandbox",
    "aqad.runner": "runner",
    "gunicorn": "web master",
    "postgres": "PostgreSQL",
    "valkey-server": "Valkey",
    "redis-server": "Redis",
}


def examine() -> Finding:
    known = pulse.processes()
    living = [each for each in known if each.lives]
    silent = [each for each in known if not each.lives]
    tables = [Table(_("Processes"), _columns(), [_row(each) for each in known])] if known else []
    if relatives := list(_relatives(living)):
        columns = [_("program"), "pid", "CPU", _("memory")]
        tables.append(Table(_("Other programs on this host"), columns, relatives))
    missing = [kind for kind in KINDS if kind not in {each.kind for each in living}]
    if missing:
        return _missing(missing, silent, tables)
    busiest = max(living, key=lambda each: each.cpu)
    sentence = _("%(count)d processes live; the busiest, %(kind)s %(pid)d, uses %(cpu)s %% of a core.") % {
        "count": len(living),
        "kind": busiest.kind,
        "pid": busiest.pid,
        "cpu": f"{busiest.cpu:.0f}",
    }
    return Finding(_("Processes"), sentence, tables=tables)


def _missing(kinds: list[str], silent: list[pulse.Process], tables: list[Table]) -> Finding:
    values = {"kinds": ", ".join(kinds)}
    last = max((each.seen for each in silent if each.kind in kinds), default=None)
    if last is None:
        sentence = _("No process of this kind has given a sign of life today: %(kinds)s.") % values
    else:
        sentence = _("No process of this kind lives: %(kinds)s; the last sign of life came at %(at)s.")
        sentence %= values | {"at": clock(last)}
    step = _("Start it, and read why it ended in its log.")
    return Finding(_("Processes"), sentence, wrong=True, next_step=step, tables=tables)


def _columns() -> list[str]:
    return [_("kind"), _("host"), "pid", "CPU", _("memory"), _("started"), _("last sign"), _("version")]


def _row(process: pulse.Process) -> tuple[Any, ...]:
    return (
        process.kind,
        process.host,
        process.pid,
        f"{process.cpu:.0f} %",
        megabytes(process.memory),
        clock(process.started),
        clock(process.seen) if process.lives else _("silent since %(at)s") % {"at": clock(process.seen)},
        " ".join(filter(None, (process.version, process.commit))) or "–",
    )


def _relatives(living: list[pulse.Process]) -> Iterator[tuple[Any, ...]]:
    """On this host alone: what was started by the same parents and does not speak for itself.

    Their CPU is the mean since they started, as nobody measured them before.
    """
    own = {each.pid for each in living if each.host == platform.node()}
    for each in _family(own):
        with suppress(psutil.Error):
            name = _program(each)
            if name and each.pid not in own and name != _program(each.parent()):
                alike = [each, *(child for child in each.children() if _program(child) == name)]
                alike = [one for one in alike if one.pid not in own]
                age = time.time() - each.create_time()
                seconds = sum(times.user + times.system for times in (one.cpu_times() for one in alike))
                memory = sum(one.memory_info().rss for one in alike)
                yield name, each.pid, f"{seconds / max(age, 1):.0%} · {span(age)}", megabytes(memory)


def _family(pids: set[int]) -> list[psutil.Process]:
    """The oldest ancestors that run AQAD, and everything below them."""
    found: dict[int, psutil.Process] = {}
    for pid in pids:
        with suppress(psutil.Error):
            top = psutil.Process(pid)
            for parent in top.parents():
                if any(part in " ".join(parent.cmdline()) for part in ("gunicorn", "aqad.runner")):
                    top = parent
            found |= {each.pid: each for each in (top, *top.children(recursive=True))}
    return sorted(found.values(), key=lambda each: each.pid)


def _program(process: psutil.Process | None) -> str:
    """What it is by its command line; PostgreSQL's own children are told with their parent."""
    words = " ".join(process.cmdline()[:6]) if process else ""
    return next((name for part, name in PROGRAMS.items() if part in words), "")
