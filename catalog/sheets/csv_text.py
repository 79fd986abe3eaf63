"""The rows of a CSV text, whatever parts its cells. What is not well-formed is refused, never guessed."""

import csv
import io
import itertools
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from aqad.lib.files.clean_file import BadFile
from catalog.sheets.columns import MOST_COLUMNS, understand

DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR = re.compile(r"sep=(.)(?:\r\n|\r|\n)", re.IGNORECASE)  # Excel's own first line
LAST_ROW = 1_048_576  # of Excel; what has more is no sheet
MOST_CELLS = 10_000  # of one line


def rows(text: str) -> Iterator[list[str]]:
    """Raises BadFile: too many rows or cells, and, the row named, quotes that do not end as they should."""
    given = _SEPARATOR.match(text)
    delimiter = given[1] if given else _delimiter_of(text)
    lines = io.StringIO(text[given.end() :] if given else text, newline="")
    narrow = (line for line in lines if _is_narrow(line, delimiter))
    reader = csv.reader(narrow, delimiter=delimiter, strict=True, skipinitialspace=True)
    for number in itertools.count(1):
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise BadFile(_told(str(error), number)) from error
        if row is None:
            return
        if number > LAST_ROW:
            raise BadFile(_("The sheet has far too many empty rows. Copy the filled ones into a new one."))
        yield row


def _is_narrow(line: str, delimiter: str) -> bool:
    """True. Raises BadFile before a line of millions of cells becomes a list of them."""
    if line.count(delimiter) > MOST_CELLS:
        raise BadFile(
            _("The sheet has more than %(most)s columns. Leave out those that are not needed.")
            % {"most": MOST_COLUMNS}
        )
    return True


def _told(reason: str, row: int) -> str:
    if "expected after" in reason:
        return _(
            "Row %(row)s has a text in quotes that goes on behind its closing quote. A quote within such a "
            "text is written twice, and each quote that is opened must be closed."
        ) % {"row": row}
    return _(
        "In row %(row)s a quote is opened that is never closed, so the rows below it cannot be told apart. "
        "Close it, or write the quote twice."
    ) % {"row": row}


def _delimiter_of(text: str) -> str:
    """The one by which the first lines show most headings we know, else most columns."""
    start = text[:20_000]

    def found(delimiter: str) -> tuple[int, int]:
        best = (0, 0)
        reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter, skipinitialspace=True)
        try:
            for cells in itertools.islice(reader, 10):
                best = max(best, (len(understand(cells).given), len(cells)))
        except csv.Error:
            return best
        return best

    return max(DELIMITERS, key=found)
