"""The rows of a CSV text, whatever parts its cells. What is not well-formed is refused, never guessed."""

import csv
import io
import itertools
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from aqad.lib.files.clean_file import BadFile
from catalog.sheets.columns import understand

DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR = re.compile(r"sep=(.)(?:\r\n|\r|\n)", re.IGNORECASE)  # Excel's own first line
LONGEST_CELL = 131_072  # characters; of Python's reader


def rows(text: str) -> Iterator[list[str]]:
    """Raises BadFile, naming the row, where quotes do not end or more text follows them."""
    given = _SEPARATOR.match(text)
    lines = io.StringIO(text[given.end() :] if given else text, newline="")
    reader = csv.reader(
        lines, delimiter=given[1] if given else _delimiter_of(text), strict=True, skipinitialspace=True
    )
    for number in itertools.count(1):
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise BadFile(_told(str(error), number)) from error
        if row is None:
            return
        yield row


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
