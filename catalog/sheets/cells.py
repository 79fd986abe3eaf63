"""What a cell says: texts, amounts and counts, as people type them and as Excel stores them."""

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from aqad.lib.money import FILS, to_fils
from catalog.sheets.words import digits, fold, tidy

Cell = Any  # None, str, int, float, bool, or a date where Excel made one of it

_FAILED = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")
_SHIELDED = re.compile(r"'+[=+\-@\t\r\n＝＋－＠]")  # Excel runs the wide ones too
_CURRENCY = re.compile(r"AED|Dhs?\.?|د\.?\s?إ\.?|درهم", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_GTIN_LENGTHS = (8, 12, 13, 14)
_NOISE = Decimal("0.000001")  # what a formula leaves behind: 45.099999999999994
_MAX_AMOUNT = Decimal("9999999999.99")


class BadCell(ValueError):
    """The sentence says what is wrong with the cell."""


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not tidy(cell))


def shown(cell: Cell) -> str:
    """The cell as a text: whole numbers without a point, nothing as ''."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def unshield(text: str) -> str:
    """Take off the apostrophe that keeps a spreadsheet from running a text as a formula."""
    return text[1:] if _SHIELDED.match(text) else text


def read_text(cell: Cell, *, longest: int) -> str:
    if isinstance(cell, date | time | timedelta):
        raise BadCell(_("The spreadsheet has made a date of this. Format the column as text, type it again."))
    if isinstance(cell, bool):
        raise BadCell(_("The spreadsheet has made “true” or “false” of this. Format the column as text."))
    text = tidy(unshield(shown(cell)))
    if _FAILED.fullmatch(text):
        raise BadCell(_("The formula in this cell has failed."))
    if len(text) > longest:
        raise BadCell(
            _("This has %(length)s characters; at most %(longest)s are possible.")
            % {"length": len(text), "longest": longest}
        )
    return text


def read_barcode(cell: Cell, *, longest: int = 20) -> str:
    """Zeros that a spreadsheet took from the front of a number are put back."""
    text = digits(read_text(cell, longest=longest))
    if re.fullmatch(r"[0-9.]+E\+?[0-9]+", text, re.IGNORECASE):
        raise BadCell(_("The spreadsheet has shortened this barcode. Format the column as text."))
    if isinstance(cell, int | float) and text.isdigit():
        return text.rjust(next((n for n in _GTIN_LENGTHS if n >= len(text)), len(text)), "0")
    return text


def read_money(cell: Cell) -> Decimal:
    amount = _number(cell)
    if abs(amount - to_fils(amount)) > _NOISE:
        raise BadCell(_("A price has at most two decimal places."))
    amount = to_fils(amount)
    if amount < FILS:
        raise BadCell(_("The price must be greater than zero."))
    if amount > _MAX_AMOUNT:
        raise BadCell(_("This amount is too large."))
    return amount


def read_whole(cell: Cell, *, least: int, most: int) -> int:
    number = _number(cell)
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


def _number(cell: Cell) -> Decimal:
    if isinstance(cell, bool | date | time | timedelta):
        raise BadCell(_("This is not a number. The spreadsheet may have made a date of it."))
    text = repr(cell) if isinstance(cell, int | float) else _plain(str(cell))
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or (isinstance(cell, str) and not _NUMBER.fullmatch(text)):
        raise BadCell(_("“%(text)s” is not a number.") % {"text": shown(cell)[:60]})
    if abs(number) > 10**15:
        raise BadCell(_("This number is too large."))
    return number


def _plain(text: str) -> str:
    """`AED 1,234.50`, `1.234,50`, `٤٥٫٥٠` and `45,5` as Python writes them."""
    text = digits(tidy(unshield(text))).replace("٫", ".").replace("٬", ",")
    text = re.sub(r"[\s'’]", "", _CURRENCY.sub("", text))
    if "," in text and "." in text:
        thousands = "," if text.rfind(".") > text.rfind(",") else "."
        text = text.replace(thousands, "")
    if text.count(",") == 1 and re.search(r",[0-9]{1,2}$", text):
        return text.replace(",", ".")
    if re.fullmatch(r"-?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", text):
        return text.replace(",", "")
    return text
