"""The sheet to begin with: headings, an example, and what each column may hold."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.sheets.columns import CLEARS, columns
from catalog.sheets.exporting import FEWEST_TIERS
from catalog.sheets.guard import XLSX
from catalog.sheets.shelf import Shelf
from catalog.sheets.writing import stream


def template_file(kind: str) -> Iterator[bytes]:
    """In the language of now. CSV has no second page, so no notes."""
    shelf = Shelf()
    pages = [(_("Products"), _example(shelf))]
    if kind == XLSX:
        pages.append((_("Notes"), _notes(shelf)))
    return stream(kind, pages, language=get_language() or "en")


def _example(shelf: Shelf) -> list[Sequence[Any]]:
    written = columns(FEWEST_TIERS)
    first = {"category": shelf.categories[-1:], "brand": shelf.brands[:1]}
    row = [
        shelf.written(first[column.name][0]) if first.get(column.name) else column.example
        for column in written
    ]
    return [[str(column.heading) for column in written], row]


def _notes(shelf: Shelf) -> list[Sequence[Any]]:
    clears = _("May be empty; an empty cell takes the text away.")
    rows: list[Sequence[Any]] = [
        [_("Column"), _("What it may hold")],
        *(
            [str(column.heading), str(column.note) or (clears if column.name in CLEARS else "")]
            for column in columns(FEWEST_TIERS)
        ),
        ["", ""],
        [_("Columns may stand in any order, and those you do not need may be left out."), ""],
        [_("A sheet of SKU and price alone changes prices and nothing else."), ""],
        ["", ""],
        [_("Categories"), _("Code")],
        *([shelf.written(row), row.slug] for row in shelf.categories),
        ["", ""],
        [_("Brands"), _("Code")],
        *([shelf.written(row), row.slug] for row in shelf.brands),
    ]
    return rows
