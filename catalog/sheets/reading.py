"""A sheet row by row, whatever file it is in."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from aqad.lib.files.clean_file import BadFile
from catalog.sheets import csv_text
from catalog.sheets.cells import is_empty
from catalog.sheets.columns import MOST_COLUMNS, Heading, understand
from catalog.sheets.guard import XLSX

HEADING_WITHIN = 10  # filled rows: a sheet may begin with a title
LAST_ROW = 1_048_576  # of Excel; what claims more is no sheet

Row = tuple[int, list[Any]]  # its number as a spreadsheet counts, its cells


@dataclass
class Sheet:
    """`total` is how many rows the file says it has, None where it does not."""

    content: bytes
    kind: str
    total: int | None = None

    @cached_property
    def heading(self) -> Heading:
        return understand(self._start[0][1])

    @property
    def titles(self) -> list[Any]:
        return self._start[0][1]

    def rows(self, *, after: int = 0) -> Iterator[Row]:
        """Every filled row below the heading. Raises BadFile: damaged, dangerous, too many rows."""
        for count, (number, cells) in enumerate(chain(self._start[1:], self._rest), start=1):
            if count > settings.IMPORT_MAX_ROWS:
                limit = f"{settings.IMPORT_MAX_ROWS:,}"
                raise BadFile(
                    _("The sheet has more than %(limit)s rows. Split it into several.") % {"limit": limit}
                )
            if number > after:
                yield number, cells

    @cached_property
    def _start(self) -> list[Row]:
        """The heading and what of its rows was read to find it. Raises BadFile for an empty sheet."""
        read: list[Row] = []
        for row in self._rest:
            read.append(row)
            if understand(row[1]).has_key:
                return read[-1:]
            if len(read) == HEADING_WITHIN:
                break
        if not read:
            raise BadFile(_("The sheet is empty. Download the template to see what it may hold."))
        return read

    @cached_property
    def _rest(self) -> Iterator[Row]:
        return self._xlsx() if self.kind == XLSX else self._csv()

    def _csv(self) -> Iterator[Row]:
        text = csv_text.decode(self.content)
        self.total = max(text.count("\n") - 1, 0)
        yield from _filled(csv_text.rows(text))

    def _xlsx(self) -> Iterator[Row]:
        try:
            book = _openpyxl().load_workbook(io.BytesIO(self.content), read_only=True, data_only=True)
            sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
            if sheet is None:
                raise BadFile(_("The sheet is empty. Download the template to see what it may hold."))
            self.total = sheet.max_row - 1 if sheet.max_row else None
            yield from _filled(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True))
        except _DAMAGE as error:
            if _is_hostile(error):
                raise BadFile(_("The file declares entities, which no sheet needs. Save it anew.")) from error
            raise BadFile(_("The file is damaged. Save it again and send the new one.")) from error


def _openpyxl() -> Any:
    """Loaded when the first workbook comes: no process needs it to start."""
    import openpyxl  # noqa: PLC0415

    if not openpyxl.DEFUSEDXML:  # pragma: no cover
        raise ImproperlyConfigured("openpyxl must read with defusedxml")
    return openpyxl


# What openpyxl is known to raise on files that are not what they should be.
_DAMAGE = (
    zipfile.BadZipFile,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    EOFError,
    OSError,
    NotImplementedError,
)


def _is_hostile(error: BaseException | None) -> bool:
    """Whether it began with a declaration that defusedxml refused: openpyxl wraps what it finds."""
    while error is not None and not isinstance(error, DefusedXmlException):
        error = error.__context__
    return error is not None


def _filled(rows: Any) -> Iterator[Row]:
    for number, cells in enumerate(rows, start=1):
        if number > LAST_ROW:
            raise BadFile(_("The sheet has far too many empty rows. Copy the filled ones into a new one."))
        known = list(cells[:MOST_COLUMNS])
        if not all(map(is_empty, known)):
            yield number, known
