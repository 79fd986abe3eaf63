"""CSV as it is found: several encodings, several delimiters."""

import codecs
import csv
import io
import itertools
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from aqad.lib.files.clean_file import BadFile
from catalog.sheets.columns import understand

DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)  # Excel's own first line
_ARABIC = re.compile(r"[\u0621-\u064a]+")


def decode(content: bytes) -> str:
    """UTF-8 or UTF-16, else Windows-1256 where it reads as Arabic words, else Windows-1252."""
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return _decoded(content, encoding)
    if b"\0" in content[:4096]:
        start = content[:4096]
        return _decoded(content, "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(content, "cp1256" if _reads_as_arabic(content) else "cp1252")


def rows(text: str) -> Iterator[list[str]]:
    """Raises BadFile where quotes do not end."""
    given = _SEPARATOR.match(text)
    delimiter = given[1] if given else _delimiter_of(text)
    lines = io.StringIO(text[given.end() :] if given else text, newline="")
    try:
        yield from csv.reader(lines, delimiter=delimiter, strict=False)
    except csv.Error as error:
        raise BadFile(_("The CSV file is damaged: %(reason)s") % {"reason": error}) from error


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadFile(_("The letters of this file cannot be read. Save it as “CSV UTF-8”.")) from error


def _reads_as_arabic(content: bytes) -> bool:
    """Accented letters of Western words stand alone between plain ones; Arabic letters come in words."""
    runs = _ARABIC.findall(content.decode("cp1256"))
    return sum(len(run) for run in runs if len(run) > 2) * 2 > sum(len(run) for run in runs)


def _delimiter_of(text: str) -> str:
    """The one by which the first lines show most headings we know, else most columns."""
    start = text[:20_000]

    def found(delimiter: str) -> tuple[int, int]:
        best = (0, 0)
        reader = csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
        try:
            for cells in itertools.islice(reader, 10):
                best = max(best, (len(understand(cells).given), len(cells)))
        except csv.Error:
            return best
        return best

    return max(DELIMITERS, key=found)
