"""The rows of one worksheet as a stream. What the part says of its own size is not believed, nor needed.

Runs in a limited child and imports nothing of Django. A cell comes as null, a text, a number, true or false,
or as one of these objects:

    {"lost": "formula"}           a formula whose result is not in the file
    {"lost": "error", "text"}     a formula that failed, or a text that the file has lost
    {"date": "2026-05-12", "serial": 46154.0}    a number that the sheet shows as a date or a time
"""

import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from catalog.sheets.xlsx.parts import Costly, Damaged, feed
from catalog.sheets.xlsx.workbook import MAX_TEXT, Look, unescape

MAX_MERGED = 50_000
LAST_ROW = 1_048_576  # of Excel; what claims more is no sheet
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_WHOLE = re.compile(r"-?[0-9]{1,30}")
_1904 = 1462  # days between the two beginnings that spreadsheets count from
_LAST_DAY = 2_958_466  # 31.12.9999

Row = tuple[int, list[Any]]
Area = tuple[int, int, int, int]  # first column (from 0), first row (from 1), last column, last row


class SheetReader:
    """Reads one part; `merged` is complete once `rows` has ended."""

    def __init__(self, book: zipfile.ZipFile, part: str, look: Look, most_columns: int) -> None:
        self._book, self._part, self._look, self._most = book, part, look, most_columns
        self.merged: list[Area] = []
        self._ready: list[Row] = []
        self._cells: dict[int, Any] = {}
        self._number = 0
        self._column = -1
        self._in_data = self._in_row = self._in_cell = False
        self._attributes: dict[str, str] = {}
        self._value: list[str] | None = None
        self._inline: list[str] | None = None
        self._formula = False
        self._listening: list[str] | None = None
        self._beside = 0

    def rows(self) -> Iterator[Row]:
        """Every row that has a cell with something in it. Raises Damaged, Hostile, Costly."""
        for _pause in feed(self._book, self._part, self._start, self._end, self._text):
            yield from self._ready
            self._ready.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._in_cell:
            if name == "v":
                self._value = self._listening = []
            elif name != "t":
                self._start_in_cell(name)
            elif self._inline is not None and not self._beside:
                self._listening = self._inline
        elif name == "c" and self._in_row:
            self._in_cell, self._attributes = True, attributes
            self._value = self._inline = None
            self._formula = False
        elif name == "row" and self._in_data:
            self._start_row(attributes)
        elif name == "sheetData":
            self._in_data = True
        elif name == "mergeCell":
            self._note_merged(attributes.get("ref", ""))

    def _start_in_cell(self, name: str) -> None:
        if name == "f":
            self._formula = True
        elif name == "is":
            self._inline = []
        elif name == "rPh":
            self._beside += 1

    def _text(self, data: str) -> None:
        if self._listening is not None:
            self._listening.append(data)

    def _end(self, name: str) -> None:
        if self._in_cell:
            if name == "c":
                self._in_cell = False
                self._place_cell()
            else:
                self._listening = None
                if name == "rPh":
                    self._beside -= 1
        elif name == "row":
            self._end_row()
        elif name == "sheetData":
            self._in_data = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r")
        number = self._number + 1 if given is None else _whole(given)
        if number <= self._number:
            raise Damaged("rows that are not in their order")
        if number > LAST_ROW:
            raise Costly
        self._number, self._column, self._in_row = number, -1, True
        self._cells = {}

    def _end_row(self) -> None:
        self._in_row = False
        if self._cells:
            width = max(self._cells) + 1
            self._ready.append((self._number, [self._cells.get(column) for column in range(width)]))

    def _place_cell(self) -> None:
        given = self._attributes.get("r")
        column = self._column + 1 if given is None else _column_of(given)
        self._column = column
        if column >= self._most:
            return
        value = self._read_cell()
        if column in self._cells:
            raise Damaged("a cell that is there twice")
        if value is not None:
            self._cells[column] = value

    def _read_cell(self) -> Any:
        kind = self._attributes.get("t", "n")
        if self._formula and (self._value is None or self._is_stale("".join(self._value))):
            return {"lost": "formula"}
        pieces = self._value or ()
        if kind == "inlineStr":
            return _kept("".join(self._inline or pieces))
        text = "".join(pieces)
        if kind == "str":
            return _kept(text)
        if not text.strip():
            return {"lost": "formula"} if self._formula else None
        return self._typed(kind, text.strip())

    def _typed(self, kind: str, text: str) -> Any:
        if kind == "s":
            return self._shared(text)
        if kind == "e":
            return {"lost": "error", "text": text[:20]}
        if kind == "b":
            return text in ("1", "true")
        if kind == "d":
            return {"date": text[:30], "serial": None}
        return self._read_number(text)

    def _is_stale(self, result: str) -> bool:
        """Some writers store 0 for every formula and ask whoever opens the file to work it out."""
        return self._look.formulas_are_stale and _number(result.strip()) == 0

    def _shared(self, text: str) -> Any:
        index = _whole(text)
        if not 0 <= index < len(self._look.texts):
            return {"lost": "error", "text": "#VALUE!"}
        return self._look.texts[index] or None

    def _read_number(self, text: str) -> Any:
        style = self._attributes.get("s", "")
        number = _number(text)
        if number is None:
            return {"lost": "error", "text": "#NUM!"}
        if not style:
            return number
        place = _whole(style)
        if place in self._look.dates:
            return self._date(float(number))
        shown = self._look.zeros.get(place)
        if shown and isinstance(number, int) and number >= 0:
            return str(number).rjust(shown, "0")
        return number

    def _date(self, serial: float) -> Any:
        serial += _1904 if self._look.since_1904 else 0
        if not 0 <= serial < _LAST_DAY:
            return {"lost": "error", "text": "#NUM!"}
        moment = datetime(1899, 12, 30) + timedelta(days=serial)  # noqa: DTZ001 - spreadsheets know no zones
        day = f"{moment:%Y-%m-%d}" if serial >= 1 else ""
        clock = f"{moment:%H:%M:%S}" if serial % 1 else ""
        return {"date": f"{day} {clock}".strip(), "serial": serial}

    def _note_merged(self, ref: str) -> None:
        first, _colon, last = ref.partition(":")
        if not last:
            return
        left, top = _place_of(first)
        right, bottom = _place_of(last)
        if right < left or bottom < top:
            raise Damaged("a merged area that ends before it begins")
        if left < self._most:
            self.merged.append((left, top, min(right, self._most - 1), bottom))
        if len(self.merged) > MAX_MERGED:
            raise Costly


def _kept(text: str) -> str | None:
    return unescape(text)[:MAX_TEXT] or None


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Damaged("a number was expected") from error


def _number(text: str) -> int | float | None:
    if _WHOLE.fullmatch(text):
        return int(text)
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e300 else None  # also no NaN


@lru_cache(maxsize=4096)
def _column_of_letters(letters: str) -> int:
    return _place_of(f"{letters}1")[0]


def _column_of(place: str) -> int:
    return _column_of_letters(place.rstrip("0123456789"))


def _place_of(place: str) -> tuple[int, int]:
    match = _PLACE.fullmatch(place.upper())
    if match is None:
        raise Damaged("a cell without a place")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return column - 1, int(match[2])
