"""How much of something there was day by day, against the days before. Days are those of Dubai."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from time import monotonic
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

PERIODS = (7, 30, 90)
KEPT = 600.0  # seconds; of a million orders in ninety days, counting all of them takes some

Amount = int | Decimal
ByDay = Mapping[date, Amount]

_older: dict[tuple[str, int, datetime], tuple[float, list[Any]]] = {}


@dataclass(frozen=True)
class Step:
    """One column of a plot: a day, or a week of a long period, and the same of the period before."""

    start: date
    now: Amount
    before: Amount


@dataclass(frozen=True)
class Flow:
    steps: list[Step]

    @property
    def total(self) -> Amount:
        return sum((step.now for step in self.steps), 0)

    @property
    def before(self) -> Amount:
        return sum((step.before for step in self.steps), 0)

    @property
    def is_empty(self) -> bool:
        return not any(step.now or step.before for step in self.steps)


def first_day(days: int) -> date:
    """The first of the last `days` days, today included."""
    return timezone.localdate() - timedelta(days=days - 1)


def beginning(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.get_default_timezone())


def daily(rows: QuerySet[Any], field: str, days: int, *, name: str, **measures: Any) -> list[Any]:
    """(day, measure, …) of the last `days` days and as many before; without a measure, how many rows.

    Only today and yesterday are counted each time. The days before, which are most of the rows and hardly
    change, are kept as `name` for KEPT seconds.
    """
    yesterday = beginning(first_day(2))
    since = rows.filter(**{f"{field}__gte": beginning(first_day(2 * days))})
    recent = _counted(since.filter(**{f"{field}__gte": yesterday}), field, measures)
    made_at, older = _older.get((name, days, yesterday), (0.0, []))
    if not made_at or monotonic() - made_at > KEPT:
        older = _counted(since.filter(**{f"{field}__lt": yesterday}), field, measures)
        _older[name, days, yesterday] = monotonic(), older
    return [*older, *recent]


def forget() -> None:
    """Count every day anew."""
    _older.clear()


def _counted(rows: QuerySet[Any], field: str, measures: Mapping[str, Any]) -> list[Any]:
    by_day = rows.annotate(day=TruncDate(field)).order_by().values("day")
    counted: Iterable[Any] = by_day.annotate(**(measures or {"number": Count("pk")}))
    return [tuple(row.values()) for row in counted]


def flow(by_day: ByDay, days: int) -> Flow:
    """The last `days` days in days, or weeks where they are many."""
    first, today, width = first_day(days), timezone.localdate(), 7 if days > 31 else 1
    steps = []
    for offset in range(0, days, width):
        start = first + timedelta(days=offset)
        dates = [start + timedelta(days=n) for n in range(min(width, (today - start).days + 1))]
        now = sum((by_day.get(day, 0) for day in dates), 0)
        before = sum((by_day.get(day - timedelta(days=days), 0) for day in dates), 0)
        steps.append(Step(start, now, before))
    return Flow(steps)
