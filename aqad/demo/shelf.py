"""What came in so that what went out was there: the receipts of a product, told backwards from now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from aqad.demo.plans import HERE


@dataclass(frozen=True)
class Receipt:
    """`kind` is one of the ledger: `opening`, `received` or `correction`; `change` in units of sale."""

    at: datetime
    kind: str
    change: int


def receipts(
    changes: Iterable[tuple[datetime, int]], *, available: int, usual: int, opened: datetime, now: datetime
) -> list[Receipt]:
    """What to add to `changes` of the available stock: it ends as `available` and never falls below 0.

    Going back in time, stock grows by what was sold; where it would exceed the `usual` filling, goods must
    have come in since. What is left at the beginning was the opening stock.
    """
    found: list[Receipt] = []
    level, later = available, now
    for at, change in sorted(changes, reverse=True):
        if level > usual:
            came = (level - usual // 5) // 10 * 10
            found.append(Receipt(_between(at, later), "received", came))
            level -= came
        if level < change:  # what came back was missing when it was counted
            found.append(Receipt(_between(at, later), "correction", level - change))
            level = change
        level -= change
        later = at
    if level:
        found.append(Receipt(opened, "opening", level))
    return found


def _between(earlier: datetime, later: datetime) -> datetime:
    """The early morning of the later day, when lorries come, or else the middle between the two."""
    morning = later.astimezone(HERE).replace(hour=6, minute=40)
    return morning if earlier < morning < later else earlier + (later - earlier) / 2
