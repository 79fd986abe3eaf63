"""A sheet row by row, whatever file it is in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from aqad.lib.files.clean_file import BadFile
from catalog.sheets import csv_text, text_encoding
from catalog.sheets.cells import is_empty
from catalog.sheets.columns import HEADING_WITHIN, MOST_COLUMNS, Heading, understand
from catalog.sheets.guard import XLSX
from catalog.sheets.merged import MergedCells
from catalog.sheets.survey import Survey
from catalog.sheets.xlsx.reading import Workbook, read_workbook, too_many_rows

Row = tuple[int, list[Any]]  # its number as a spreadsheet counts, its cells


@dataclass
class Sheet:
    """A CSV row has as many cells as the file gives it, a row of a workbook one for each heading."""

    content: bytes
    kind: str

    @cached_property
    def heading(self) -> Heading:
        return understand(self.titles)

    @property
    def titles(self) -> list[Any]:
        return self._titled[1]

    @property
    def hidden(self) -> Sequence[str]:
        """The names of hidden sheets with products, which are not read."""
        return self._workbook.hidden if self.kind == XLSX else ()

    @cached_property
    def survey(self) -> Survey:
        """What all rows together show. Raises BadFile as `rows` does, before the first row is used."""
        survey = Survey(self.heading, self.titles, is_csv=self.kind != XLSX)
        for number, cells in self.rows():
            survey.note(number, cells)
        return survey

    def rows(self, *, after: int = 0) -> Iterator[Row]:
        """Every filled row below the heading. Raises BadFile: damaged, dangerous, too many rows."""
        below = (row for row in self._all() if row[0] > self._titled[0])
        for count, (number, cells) in enumerate(below, start=1):
            if count > settings.IMPORT_MAX_ROWS:
                raise BadFile(too_many_rows())
            if number > after and not self._repeats_titles(cells):
                yield number, cells

    @cached_property
    def _titled(self) -> Row:
        """The heading: the first row that names a key, else the first. Raises BadFile for an empty sheet."""
        first = list(islice(self._filled(), HEADING_WITHIN))
        if not first:
            raise BadFile(_("The sheet is empty. Download the template to see what it may hold."))
        titled = next((row for row in first if understand(row[1]).has_key), first[0])
        if any(not is_empty(cell) for cell in titled[1][MOST_COLUMNS:]):
            raise BadFile(
                _("The sheet has more than %(most)s columns. Leave out those that are not needed.")
                % {"most": MOST_COLUMNS}
            )
        return titled

    def _repeats_titles(self, cells: list[Any]) -> bool:
        """Sheets that were put together, or are to be printed, have their heading again and again."""
        return cells[: len(self.titles)] == self.titles

    def _all(self) -> Iterator[Row]:
        if self.kind != XLSX:
            yield from self._filled()
            return
        width, merged = len(self.titles), MergedCells(self._workbook.merged, self.heading.names)
        for number, cells in self._filled():
            whole = [*cells, *[None] * (width - len(cells))][:width]
            yield number, merged.fill(number, whole) if number > self._titled[0] else whole

    def _filled(self) -> Iterator[Row]:
        rows = self._workbook.rows() if self.kind == XLSX else self._csv_rows()
        for number, cells in rows:
            if not all(map(is_empty, cells)):
                yield number, cells

    def _csv_rows(self) -> Iterator[Row]:
        for number, cells in enumerate(csv_text.rows(self._text), start=1):
            yield number, list(cells)

    @cached_property
    def _text(self) -> str:
        return text_encoding.decode(self.content)

    @cached_property
    def _workbook(self) -> Workbook:
        return read_workbook(self.content)
