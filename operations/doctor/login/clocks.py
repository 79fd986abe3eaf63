"""Do AQAD, the database and Redis agree what time it is? Tokens, limits and deadlines depend on it."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from aqad.lib import redis_access
from operations.doctor.database import value
from operations.doctor.findings import Finding, Table
from operations.doctor.words import clock


def examine() -> Finding:
    offsets = {"PostgreSQL": _offset(_database), "Redis": _offset(_redis)}
    now = time.time()
    rows = [("AQAD", clock(now), "–")]
    rows += [(name, clock(now + offset), f"{offset:+.3f} s") for name, offset in offsets.items()]
    tables = [Table("", [_("clock of"), _("time"), _("ahead of AQAD")], rows)]
    name, worst = max(offsets.items(), key=lambda each: abs(each[1]))
    if abs(worst) <= settings.DOCTOR["clock_seconds"]:
        return Finding(_("Clocks"), _("All clocks agree."), tables=tables)
    sentence = _("The clock of %(name)s is %(seconds)s s off from AQAD's.")
    values = {"name": name, "seconds": f"{worst:+.1f}"}
    step = _("Set the clocks by NTP: tokens end too early or too late until then.")
    return Finding(_("Clocks"), sentence % values, wrong=True, next_step=step, tables=tables)


def _offset(ask: Callable[[], float]) -> float:
    """Seconds that the other is ahead, the way there and back taken out."""
    started = time.time()
    theirs = ask()
    return theirs - (started + time.time()) / 2


def _database() -> float:
    return float(value("SELECT extract(epoch FROM clock_timestamp())"))


def _redis() -> float:
    seconds, microseconds = _redis_time()
    return seconds + microseconds / 1e6


def _redis_time() -> Any:
    return redis_access.call(lambda redis: redis.time())
