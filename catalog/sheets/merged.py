"""Merged cells: the value stands in the first one alone, the others look empty and are not."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from aqad.lib.files.clean_file import BadFile
from catalog.sheets.cells import Cell, LostCell, is_empty

# What a list says once for all rows of a group; a number or a text could mean each row or their sum.
SAID_FOR_ALL = frozenset({"category", "brand", "vat_category", "unit_code", "status"})

Area = tuple[int, int, int, int]  # first column (from 0), first row (from 1), last column, last row


@dataclass
class _Span:
    """The rows of one column that an area covers."""

    first: int
    last: int
    is_left: bool
    value: Cell = None


class MergedCells:
    """Goes through the rows of a sheet once, from the top."""

    def __init__(self, areas: Iterable[Area], names: Sequence[str]) -> None:
        self._names = names
        self._spans: dict[int, list[_Span]] = {}
        for left, top, right, bottom in sorted(areas, key=lambda area: area[1]):
            for column in range(left, right + 1):
                self._spans.setdefault(column, []).append(_Span(top, bottom, column == left))
        if any(_overlap(spans) for spans in self._spans.values()):
            raise BadFile(_("The file is damaged. Save it again and send the new one."))
        for spans in self._spans.values():
            spans.reverse()  # the next one is the last of the list

    def fill(self, number: int, cells: list[Any]) -> list[Any]:
        """The cells with what their areas say: the value where it counts for all rows, else LostCell."""
        for column, spans in self._spans.items():
            while spans and spans[-1].last < number:
                spans.pop()
            if spans and spans[-1].first <= number and column < len(cells):
                cells[column] = self._cell(spans[-1], number, column, cells[column])
        return cells

    def _cell(self, span: _Span, number: int, column: int, cell: Cell) -> Cell:
        if span.is_left and number == span.first:
            span.value = cell
            return cell
        if not is_empty(cell):
            return cell
        name = self._names[column] if column < len(self._names) else ""
        if span.is_left and name in SAID_FOR_ALL:
            return span.value
        return LostCell("merged")


def _overlap(spans: Collection[_Span]) -> bool:
    reached = 0
    for span in spans:
        if span.first <= reached:
            return True
        reached = span.last
    return False
