"""What the doctor finds: a sentence, what to do about it, and the evidence as tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import DatabaseError
from django.utils.translation import gettext as _

from aqad.lib.redis_access import RedisDown

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Table:
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Finding:
    """`sentence` says how it is; where it is `wrong`, `next_step` says what to do."""

    name: str
    sentence: str
    wrong: bool = False
    next_step: str = ""
    tables: Sequence[Table] = ()


@dataclass(frozen=True)
class Report:
    question: str
    findings: Sequence[Finding]

    @property
    def wrong(self) -> Sequence[Finding]:
        return [finding for finding in self.findings if finding.wrong]

    @property
    def verdict(self) -> str:
        """One sentence, the gravest first; findings are asked in the order of their gravity."""
        if not self.wrong:
            return _("Nothing is wrong.")
        return self.wrong[0].sentence

    @property
    def next_step(self) -> str:
        return self.wrong[0].next_step if self.wrong else ""


Examination = Callable[[], Finding]


def examine(question: str, examinations: Sequence[tuple[str, Examination]]) -> Report:
    """Make every examination. One that cannot be made is a finding too."""
    return Report(question, [_made(name, examination) for name, examination in examinations])


def _made(name: str, examination: Examination) -> Finding:
    try:
        return examination()
    except RedisDown:
        sentence = _("Redis does not answer, so this could not be examined.")
        return Finding(name, sentence, wrong=True, next_step=_("Start Redis, or mend the way to it."))
    except DatabaseError as error:
        log.warning("an examination failed", examination=name, error=str(error))
        sentence = _("The database refuses this: %(error)s") % {"error": str(error).splitlines()[0]}
        return Finding(name, sentence, wrong=True, next_step=_("Look at the database's own log."))
