"""What all rows of a sheet show together, before the first of them is used."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from aqad.lib.files.clean_file import BadFile
from catalog.sheets.cells import is_empty, shown
from catalog.sheets.columns import Heading, by_name, understand
from catalog.sheets.figures import Marks
from catalog.sheets.similar_skus import SkuKeys
from catalog.sheets.torn_rows import TornRows


@dataclass
class Survey:
    """`total` rows, which mark begins decimals, which SKUs look alike, which rows of a CSV file are torn."""

    heading: Heading
    titles: Sequence[Any]
    is_csv: bool
    total: int = 0
    marks: Marks = field(default_factory=Marks)
    skus: SkuKeys = field(default_factory=SkuKeys)

    def __post_init__(self) -> None:
        names = self.heading.names
        self._figures = [place for place, name in enumerate(names) if name and by_name()[name].is_figure]
        self._sku = names.index("sku") if "sku" in names else None
        self._torn = TornRows(self.titles, self._has_figures)

    def note(self, number: int, cells: Sequence[Any]) -> None:
        """Raises BadFile for a second heading, and for rows that a quote has drawn into a cell."""
        self.total += 1
        for place in self._figures:
            if place < len(cells) and isinstance(cells[place], str):
                self.marks.note(cells[place])
        if self._sku is not None and self._sku < len(cells):
            self.skus.note(number, cells[self._sku])
        self._refuse_second_heading(number, cells)
        if self.is_csv:
            self._refuse_drawn_in(number, cells)
            self._torn.note(number, cells)

    def problem(self, number: int) -> str:
        """What is wrong with a row as a whole, known once all are noted; empty where nothing is."""
        return self._torn.problem(number)

    def _refuse_second_heading(self, number: int, cells: Sequence[Any]) -> None:
        """Below it the columns would be other ones."""
        key = shown(cells[self._sku]) if self._sku is not None and self._sku < len(cells) else ""
        first = next((shown(cell) for cell in cells if not is_empty(cell)), "")
        if not (understand([key]).given or understand([first]).given):
            return
        again = understand(cells)
        if again.has_key and len(again.given) > 1:
            raise BadFile(
                _(
                    "Row %(row)s is a second heading with other columns. Send what is below it as a file of "
                    "its "
                    "own."
                )
                % {"row": number}
            )

    def _refuse_drawn_in(self, number: int, cells: Sequence[Any]) -> None:
        for place, cell in enumerate(cells):
            if "\n" in cell or "\r" in cell:
                self._refuse_rows_within(number, cells, place)

    def _refuse_rows_within(self, number: int, cells: Sequence[str], place: int) -> None:
        """A quote that stays open ends at the next one, rows below: then its cell is made of whole rows."""
        width, lines = len(self.heading.names), cells[place].splitlines()
        for delimiter in (",", ";", "\t", "|"):
            first, *between, last = [line.split(delimiter) for line in lines] if len(lines) > 1 else [[], []]
            rows = [[*cells[:place], *first], *between, [*last, *cells[place + 1 :]]]
            if all(len(row) == width and self._has_figures(row) for row in rows):
                raise BadFile(
                    _(
                        "In row %(row)s a quote is opened that is not closed where its cell ends: the rows "
                        "below "
                        "it are within that cell. Close it, or write the quote twice."
                    )
                    % {"row": number}
                )

    def _has_figures(self, row: Sequence[str]) -> bool:
        given = [row[place] for place in self._figures if place < len(row) and row[place].strip()]
        return bool(given) and all(Marks.is_figure(text) for text in given)
