"""A row of a sheet as values by field, or what is wrong with its cells."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.sheets.cells import BadCell, is_empty, shown
from catalog.sheets.columns import CLEARS, KEYS, NEEDED, Heading, by_name, tier_of
from catalog.sheets.shelf import Shelf
from catalog.sheets.words import tidy

Problems = list[tuple[str, str]]  # field, sentence


@dataclass
class Parsed:
    """`values` has only what was given; tiers are under `price_tiers`, as (quantity, price, number)."""

    number: int
    values: dict[str, Any]
    errors: Problems = field(default_factory=list)

    @property
    def keys(self) -> list[str]:
        """What no other row of the sheet may say too."""
        return [str(self.values[name]) for name in KEYS if self.values.get(name)]

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


def parse(number: int, cells: Sequence[Any], heading: Heading, shelf: Shelf) -> Parsed:
    """An empty cell clears a text and leaves a choice or a count as it is; elsewhere it is an error."""
    row = Parsed(number, {})
    tiers: dict[int, dict[str, Any]] = {}
    for position, name in enumerate(heading.names):
        if not name:
            continue
        cell = cells[position] if position < len(cells) else None
        tier = tier_of(name)
        try:
            value = _read(name, cell, shelf)
        except BadCell as problem:
            row.errors.append((name, str(problem)))
            row.values.setdefault("" if tier else name, tidy(shown(cell))[:200])
            continue
        if tier is not None:
            tiers.setdefault(tier[0], {})[tier[1]] = value
        elif value is not None:
            row.values[name] = value
    row.values.pop("", None)
    if any(map(tier_of, heading.names)):
        row.values["price_tiers"] = _tiers(tiers, row.errors)
    if not row.keys and not any(name in KEYS for name, _text in row.errors):
        row.errors.append(("sku", _("A row needs an SKU, by which its product is found again.")))
    return row


def _read(name: str, cell: Any, shelf: Shelf) -> Any:
    if is_empty(cell):
        if name in NEEDED:
            raise BadCell(_("This cell is empty. Fill it in, or leave the whole column out."))
        return "" if name in CLEARS else None
    value = by_name()[name].read(cell)
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


TEXTS = frozenset(
    each.name for each in Product._meta.get_fields() if each.get_internal_type() in ("CharField", "TextField")
)
