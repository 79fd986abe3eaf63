"""In which letters a CSV file is written, judged by all of it. A damaged file is refused, its line named."""

import codecs
import re

from django.utils.translation import gettext as _

from aqad.lib.files.clean_file import BadFile

_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before that of UTF-16, which it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ARABIC = re.compile(r"[\u0621-\u064a]+")
# In Windows-1256 a letter and the closing quote behind it look like UTF-8: less than one in so many letters.
_BY_CHANCE = 10


def decode(content: bytes) -> str:
    """UTF-8, UTF-16 or UTF-32, else Windows-1256 where it reads as Arabic words, else Windows-1252.

    Raises BadFile, naming the first line that cannot be read.
    """
    if encoding := marked_encoding(content):
        return _without_nul(_decoded(content, encoding))
    if b"\0" in content and (order := utf16_order(content)):
        return _without_nul(_decoded(content, order))
    try:
        return _without_nul(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _without_nul(_in_one_byte(content, error))


def marked_encoding(content: bytes) -> str:
    """The encoding that a byte order mark in front tells; empty without one."""
    return next((encoding for mark, encoding in _ORDER_MARKS if content.startswith(mark)), "")


def utf16_order(content: bytes) -> str:
    """The byte order of UTF-16 that came without its mark; empty where it is something else.

    Separators, line ends, digits and Latin letters have a zero in every other byte, and text has no zero in
    the places between.
    """
    even, odd = content[::2].count(0), content[1::2].count(0)
    if max(even, odd) * 20 < len(content) or min(even, odd) * 50 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _in_one_byte(content: bytes, error: UnicodeDecodeError) -> str:
    """Windows-1256 or -1252, unless it is UTF-8 with a few bytes that were broken on the way."""
    read = content.decode("utf-8", "surrogateescape")
    wrong = sum("\udc80" <= char <= "\udcff" for char in read)
    right = sum(char > "\x7f" for char in read) - wrong
    if right and right * _BY_CHANCE >= wrong:
        raise BadFile(_unreadable_line(content, error.start))
    return _decoded(content, "cp1256" if _reads_as_arabic(content) else "cp1252")


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadFile(_unreadable_line(content, error.start, encoding)) from error


def _unreadable_line(content: bytes, start: int, encoding: str = "utf-8") -> str:
    before = content[:start].decode(encoding, "ignore")
    return _(
        "Line %(line)s has letters that cannot be read: the file was damaged, or put together from files "
        "with different encodings. Save it as “CSV UTF-8” and send it again."
    ) % {"line": line_of(before, len(before))}


def _without_nul(text: str) -> str:
    place = text.find("\0")
    if place >= 0:
        raise BadFile(
            _("Line %(line)s has a character that no text has (NUL). Save the sheet again as “CSV UTF-8”.")
            % {"line": line_of(text, place)}
        )
    return text


def line_of(text: str, place: int) -> int:
    """The number of the line that a character stands in, whatever ends the lines."""
    before = text[:place]
    return before.count("\n") + before.count("\r") - before.count("\r\n") + 1


def _reads_as_arabic(content: bytes) -> bool:
    """Accented letters of Western words stand alone between plain ones; Arabic letters come in words."""
    runs = _ARABIC.findall(content.decode("cp1256"))
    return sum(len(run) for run in runs if len(run) > 2) * 2 > sum(len(run) for run in runs)
