"""A row of a sheet as values by field, or what is wrong with its cells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aqad.lib.text.characters import NO_TEXT
from catalog.sheets.cells import BadCell, is_empty, shown
from catalog.sheets.columns import CLEARS, KEYS, NEEDED, Heading, by_name, tier_of
from catalog.sheets.figures import Marks
from catalog.sheets.shelf import Shelf

Problems = list[tuple[str, str]]  # field, sentence


@dataclass
class Parsed:
    """`values` has only what was given; tiers are under `price_tiers`, as (quantity, price, number)."""

    number: int
    values: dict[str, Any]
    errors: Problems = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        """What no other row of the sheet may say too."""
        return [str(self.values[name]) for name in KEYS if self.values.get(name)]

    @property
    def sku(self) -> str:
        """Empty where there is none, or none that can be read."""
        unreadable = any(name == "sku" for name, _text in self.errors)
        return "" if unreadable else str(self.values.get("sku") or "")

    def as_json(self) -> dict[str, Any]:
        """For the database; `from_json` is its reverse."""
        return {
            name: [[least, str(price), n] for least, price, n in value]
            if name == "price_tiers"
            else str(value)
            if isinstance(value, Decimal)
            else value
            for name, value in self.values.items()
        }


def from_json(number: int, values: dict[str, Any]) -> Parsed:
    known = dict(values)
    if "price" in known:
        known["price"] = Decimal(known["price"])
    if "price_tiers" in known:
        known["price_tiers"] = [(least, Decimal(price), n) for least, price, n in known["price_tiers"]]
    return Parsed(number, known)


def parse(number: int, cells: Sequence[Any], heading: Heading, shelf: Shelf, marks: Marks) -> Parsed:
    """An empty cell clears a text and leaves a choice or a count as it is; elsewhere it is an error.

    A cell that cannot be read is always one. A cell that the row does not reach says nothing at all.
    """
    row = Parsed(number, {})
    tiers: dict[int, dict[str, Any]] = {}
    for position, name in enumerate(heading.names):
        if not name:
            continue
        cell = cells[position] if position < len(cells) else None
        tier = tier_of(name)
        try:
            value = _read(name, cell, shelf, marks)
        except BadCell as problem:
            row.errors.append((name, str(problem)))
            row.values.setdefault("" if tier else name, _as_it_stands(cell))
            continue
        if tier is not None:
            tiers.setdefault(tier[0], {})[tier[1]] = value
        elif value is not None and (value != "" or position < len(cells)):
            row.values[name] = value
    row.values.pop("", None)
    if any(tier_of(name) and position < len(cells) for position, name in enumerate(heading.names)):
        row.values["price_tiers"] = _tiers(tiers, row.errors)
    if not row.keys and not any(name in KEYS for name, _text in row.errors):
        row.errors.append(("sku", _("A row needs an SKU, by which its product is found again.")))
    _refuse_more_cells(row, cells, heading)
    return row


def _refuse_more_cells(row: Parsed, cells: Sequence[Any], heading: Heading) -> None:
    """A comma within a text that is not in quotes moves all that follows into the next column."""
    width = len(heading.names)
    if any(not is_empty(cell) for cell in cells[width:]):
        text = _(
            "This row has %(cells)s cells, the heading only %(titles)s. Put texts that hold a comma or "
            "another separator in quotes."
        )
        row.errors.append(("", text % {"cells": len(cells), "titles": width}))


def _as_it_stands(cell: Any) -> str:
    """For the eye, and as JSON that the database takes; never the same as what could be read."""
    return NO_TEXT.sub("\ufffd", shown(cell)).strip()[:200]


def _read(name: str, cell: Any, shelf: Shelf, marks: Marks) -> Any:
    if is_empty(cell):
        if name in NEEDED:
            raise BadCell(_("This cell is empty. Fill it in, or leave the whole column out."))
        return "" if name in CLEARS else None
    column = by_name()[name]
    value = column.read(cell, marks=marks) if column.is_figure else column.read(cell)
    if name == "category":
        return shelf.category(value).slug
    if name == "brand":
        return shelf.brand(value).slug
    if name == "id":
        return value.upper()
    return value


def _tiers(given: dict[int, dict[str, Any]], errors: Problems) -> list[tuple[int, Decimal, int]]:
    """Those that say something, in the order of their numbers. One half alone is an error."""
    whole = []
    for number, halves in sorted(given.items()):
        least, price = halves.get("min"), halves.get("price")
        wrong = any(name in (f"tier_{number}_min", f"tier_{number}_price") for name, _text in errors)
        if least is not None and price is not None:
            whole.append((least, price, number))
        elif not wrong and (least is not None or price is not None):
            missing = f"tier_{number}_{'price' if price is None else 'min'}"
            errors.append((missing, _("A price tier needs both its quantity and its price.")))
    return whole
