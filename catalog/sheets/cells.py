"""What a cell says: texts, amounts and counts, as people type them and as Excel stores them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from aqad.lib.money import FILS, to_fils
from aqad.lib.spreadsheet_formulas import unshield_formula
from aqad.lib.text.characters import INVISIBLE, NO_TEXT
from aqad.lib.text.cleaning import (
    UnreadableText,
    clean_code,
    clean_figure,
    clean_free_text,
    clean_name,
    read_digits,
)
from catalog.sheets.figures import Marks, NotAFigure, TwoReadings
from catalog.sheets.words import fold

Cell = Any  # None, str, int, float, bool, DateCell, LostCell

_FAILED = re.compile(
    r"#(N/A|NV|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|BLOCKED!|BUSY!|CONNECT!|EXTERNAL!|FIELD!|"
    r"GETTING_DATA|PYTHON!|TIMEOUT!|UNKNOWN!|[A-Z0-9/ÄÖÜÉÀÓÍ]{2,12}[!?]|#{2,})"
)
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')  # how programs write a code so that Excel leaves its zeros
_ROUNDED = re.compile(r"[+-]?[0-9]([.,٫][0-9]+E[+-]?[0-9]+|E[+-][0-9]{2,})", re.IGNORECASE)
_GTIN_LENGTHS = (8, 12, 13, 14)
_FEWEST_OF_GTIN = 5  # digits that are left of one whose zeros were lost
_EXACT_DIGITS = 15  # of a number in a spreadsheet; those behind become zeros
_NOISE = Decimal("0.000001")  # what a formula leaves behind: 45.099999999999994
_MAX_AMOUNT = Decimal("9999999999.99")


class BadCell(ValueError):
    """The sentence says what is wrong with the cell."""


@dataclass(frozen=True)
class DateCell:
    """A number that the spreadsheet shows as a date or a time; `serial` is that number, if it has one."""

    text: str
    serial: float | None

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class LostCell:
    """What is in this cell cannot be known: never the same as a cell with nothing in it."""

    why: str  # formula, error, merged
    text: str = "#VALUE!"

    def __str__(self) -> str:
        return self.text

    @property
    def sentence(self) -> str:
        if self.why == "formula":
            return _(
                "This is a formula, and its result is not in the file. Open the sheet in a spreadsheet "
                "program, save it and send it again, or write the value itself."
            )
        if self.why == "merged":
            return _("This cell is merged with others. Unmerge them and fill in each row.")
        return _("The formula in this cell has failed (%(text)s). Write the value itself.") % {
            "text": self.text
        }


def is_empty(cell: Cell) -> bool:
    """Nothing in it, or nothing that anybody could see. What cannot be read is not empty."""
    if cell is None:
        return True
    if not isinstance(cell, str) or any(map(str.isalnum, cell[:20])):
        return False
    try:
        return not clean_free_text(cell)
    except UnreadableText:
        return False


def shown(cell: Cell) -> str:
    """The cell as a text: whole numbers without a point, nothing as ''."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def heading_text(cell: Cell) -> str:
    """A heading as one line: of a cell that is broken into several, its lines one after the other."""
    if is_empty(cell):
        return ""
    return " ".join(NO_TEXT.sub("", INVISIBLE.sub("", shown(cell))).split())


def refuse_lost(cell: Cell) -> None:
    """Raise BadCell for a cell whose content was lost on the way."""
    if isinstance(cell, LostCell):
        raise BadCell(cell.sentence)
    if not isinstance(cell, str) or not ("#" in cell or "?" in cell or "\ufffd" in cell):
        return
    text = unshield_formula(cell).strip()
    if _FAILED.fullmatch(text):
        raise BadCell(LostCell("error", text).sentence)
    if _has_lost_letters(text):
        raise BadCell(
            _("The letters of this cell were lost when the file was saved. Save the sheet as “CSV UTF-8”.")
        )


def _has_lost_letters(text: str) -> bool:
    """Programs write question marks, or one sign for all, for letters that an encoding does not have."""
    marks = text.count("?")
    return "\ufffd" in text or ("??" in text and marks * 2 >= len("".join(text.split())))


def read_text(cell: Cell, *, longest: int, clean: Callable[[str], str] = clean_name) -> str:
    """The text as `clean` makes it, one of `aqad.lib.text.cleaning`."""
    refuse_lost(cell)
    if isinstance(cell, DateCell):
        raise BadCell(
            _("The spreadsheet has made a date of this (%(text)s). Format the column as text, type it again.")
            % {"text": cell.text}
        )
    if isinstance(cell, bool):
        raise BadCell(_("The spreadsheet has made “true” or “false” of this. Format the column as text."))
    try:
        text = clean(_unwrapped(shown(cell)))
    except UnreadableText as problem:
        raise BadCell(str(problem.message)) from problem
    if len(text) > longest:
        raise BadCell(
            _("This has %(length)s characters; at most %(longest)s are possible.")
            % {"length": len(text), "longest": longest}
        )
    return text


def _unwrapped(text: str) -> str:
    """Without what was put around it so that no spreadsheet makes a formula or a number of it."""
    kept = _KEPT_AS_TEXT.fullmatch(text.strip())
    return kept[1] if kept else unshield_formula(text)


def read_code(cell: Cell, *, longest: int, clean: Callable[[str], str] = clean_code) -> str:
    """What stands for a thing. Raises BadCell where a spreadsheet has made a number of it and lost digits."""
    if isinstance(cell, int | float) and not isinstance(cell, bool) and _is_inexact(cell):
        raise BadCell(
            _(
                "The spreadsheet has made a number of this and keeps only 15 of its digits. Format the "
                "column "
                "as text and type it again."
            )
        )
    text = read_text(cell, longest=longest, clean=clean)
    if _ROUNDED.fullmatch(read_digits(text)):
        raise BadCell(
            _(
                "The spreadsheet has shortened this to %(text)s, its other digits are lost. Format the "
                "column "
                "as text and type it again."
            )
            % {"text": text}
        )
    return text


def read_barcode(cell: Cell, *, longest: int = 20) -> str:
    """Zeros that a spreadsheet took from the front of a number are put back, in CSV as in XLSX."""
    text = re.sub(r"\.0+$", "", read_code(cell, longest=longest, clean=clean_figure))
    if re.fullmatch(r"[0-9.,]+E\+?[0-9]+", text, re.IGNORECASE):
        raise BadCell(_("The spreadsheet has shortened this barcode. Format the column as text."))
    if text.isdigit() and text.isascii() and len(text) >= _FEWEST_OF_GTIN:
        return text.rjust(next((n for n in _GTIN_LENGTHS if n >= len(text)), len(text)), "0")
    return text


def _is_inexact(number: int | float) -> bool:
    shortest = repr(number) if isinstance(number, float) else str(number)
    significant = shortest.lower().partition("e")[0].replace(".", "").lstrip("-0")
    return abs(number) >= 10**_EXACT_DIGITS or len(significant) > _EXACT_DIGITS


def read_money(cell: Cell, *, marks: Marks | None = None) -> Decimal:
    amount = _number(cell, marks, fits=lambda number: number == to_fils(number))
    if abs(amount - to_fils(amount)) > _NOISE:
        raise BadCell(_("A price has at most two decimal places."))
    amount = to_fils(amount)
    if amount < FILS:
        raise BadCell(_("The price must be greater than zero."))
    if amount > _MAX_AMOUNT:
        raise BadCell(_("This amount is too large."))
    return amount


def read_whole(cell: Cell, *, least: int, most: int, marks: Marks | None = None) -> int:
    number = _number(cell, marks, fits=lambda number: number == number.to_integral_value())
    if abs(number - round(number)) > _NOISE:
        raise BadCell(_("Enter a whole number."))
    if not least <= number <= most:
        raise BadCell(
            _("This must be between %(least)s and %(most)s.") % {"least": f"{least:,}", "most": f"{most:,}"}
        )
    return round(number)


def read_choice(cell: Cell, words: Mapping[str, str]) -> str:
    """The value that one of `words`, in their folded form, stands for."""
    if isinstance(cell, float) and 0 < cell < 1:  # Excel keeps 5 % as 0.05
        cell = round(cell * 100, 6)
    found = words.get(fold(read_text(cell, longest=60)))
    if found is None:
        raise BadCell(
            _("“%(text)s” is not one of the possible values; see the notes of the template.")
            % {"text": shown(cell)[:60]}
        )
    return found


def _number(cell: Cell, marks: Marks | None, *, fits: Callable[[Decimal], bool]) -> Decimal:
    refuse_lost(cell)
    if isinstance(cell, bool | DateCell):
        raise BadCell(_("This is not a number. The spreadsheet may have made a date of it."))
    number = Decimal(repr(cell)) if isinstance(cell, int | float) else _read_figure(cell, marks, fits)
    if abs(number) > 10**15:
        raise BadCell(_("This number is too large."))
    return number


def _read_figure(text: str, marks: Marks | None, fits: Callable[[Decimal], bool]) -> Decimal:
    text = _unwrapped(text)
    try:
        return (marks or Marks()).read(text, fits=fits)
    except NotAFigure:
        raise BadCell(_("“%(text)s” is not a number.") % {"text": text.strip()[:60]}) from None
    except TwoReadings as both:
        raise BadCell(str(both)) from None
    except UnreadableText as problem:
        raise BadCell(str(problem.message)) from None
