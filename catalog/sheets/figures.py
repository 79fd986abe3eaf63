"""Numbers as people write them: which mark begins the decimals is judged by all figures of a file together.

`1.000` is a thousand to one and 1 to another. Where the file shows elsewhere how it is meant (`1.234,50`,
`45,5`, `1.234.567`), it is read so; where it does not, or shows both, it is refused and both readings told.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from aqad.lib.text.cleaning import UnreadableText, clean_name, read_digits

_CURRENCY = re.compile(
    r"^(?:AED|Dhs?\.?|د\.?\s?إ\.?|درهم)\s*|\s*(?:AED|Dhs?\.?|د\.?\s?إ\.?|درهم)$", re.IGNORECASE
)
# Blanks of any width, apostrophes and the Arabic mark part thousands and nothing else.
_PARTING = re.compile(r"[\s\u00a0\u2000-\u200a\u202f\u205f'’ʼ`´٬]")
_MARKS = str.maketrans({"،": ",", "，": ",", "．": ".", "−": "-", "–": "-"})

_PLAIN = r"[0-9]+|[0-9]{1,3}(?:'[0-9]{3})+"
_SURE = re.compile(rf"({_PLAIN})(?:٫([0-9]+))?")
_ARABIC = re.compile(r"([0-9]{1,3}(?:([.,])[0-9]{3})(?:\2[0-9]{3})*)٫([0-9]+)")
_ONE = re.compile(rf"({_PLAIN}|)([.,])([0-9]+)")
_GROUPS = re.compile(r"[0-9]{1,3}(?:([.,])[0-9]{3})(?:\1[0-9]{3})+")
_LAKHS = re.compile(r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}")  # 12,34,567 in India
_BOTH = re.compile(
    r"([0-9]{1,3}(?:([.,])[0-9]{3})(?:\2[0-9]{3})*|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3})([.,])([0-9]+)"
)


class NotAFigure(ValueError):
    """The text is no number."""


class TwoReadings(ValueError):
    """The sentence tells both and what to write instead."""


@dataclass(frozen=True)
class _Figure:
    """`value` is None where one mark stands before three digits; then `mark` is it. `decimal` is the mark
    that begins decimals, as far as this figure proves it."""

    value: Decimal | None
    decimal: str = ""
    thousandths: bool = False
    mark: str = ""
    text: str = ""


@dataclass
class Marks:
    """What the figures of a file have shown so far."""

    _decimal: set[str] = field(default_factory=set)
    _thousandths: bool = False

    def note(self, text: str) -> None:
        """Learn from a figure; what is none is passed over."""
        try:
            figure = _take_apart(text)
        except (NotAFigure, UnreadableText):
            return
        if figure.decimal:
            self._decimal.add(figure.decimal)
        self._thousandths |= figure.thousandths

    @staticmethod
    def is_figure(text: str) -> bool:
        try:
            _take_apart(text)
        except (NotAFigure, UnreadableText):
            return False
        return True

    def read(self, text: str, *, fits: Callable[[Decimal], bool]) -> Decimal:
        """The number. `fits` says whether a number could stand in this column.

        Raises NotAFigure, TwoReadings, UnreadableText.
        """
        figure = _take_apart(text)
        if figure.value is not None:
            return figure.value
        as_decimal = Decimal(figure.text.replace(",", "."))
        as_thousands = Decimal(figure.text.replace(figure.mark, ""))
        shown = next(iter(self._decimal)) if len(self._decimal) == 1 else ""
        if shown and shown != figure.mark:
            return as_thousands
        if shown and self._thousandths:
            return as_decimal
        if not self._decimal and figure.mark == "," and not fits(as_decimal):
            return as_thousands  # the decimals of the UAE begin with a point
        raise TwoReadings(
            _(
                "“%(text)s” can be read as %(decimal)s or as %(thousands)s. Write %(plain)s or %(whole)s, "
                "without a mark for thousands."
            )
            % {
                "text": text.strip()[:60],
                "decimal": f"{as_decimal.normalize():f}",
                "thousands": f"{as_thousands:,}",
                "plain": f"{as_decimal.normalize():f}",
                "whole": f"{as_thousands:f}",
            }
        )


def _take_apart(text: str) -> _Figure:
    body = _CURRENCY.sub("", read_digits(clean_name(text)).translate(_MARKS)).strip()
    sign, body = ("-", body[1:]) if body.startswith("-") else ("", body)
    body = _PARTING.sub("'", body.strip())
    if found := _SURE.fullmatch(body) or _ARABIC.fullmatch(body):
        return _arabic_or_plain(sign, found)
    if found := _ONE.fullmatch(body):
        return _with_one_mark(sign, found)
    if found := _GROUPS.fullmatch(body):
        return _Figure(_number(sign, body), decimal=_other(found[1]))
    if _LAKHS.fullmatch(body):
        return _Figure(_number(sign, body), decimal=".")
    found = _BOTH.fullmatch(body)
    if found and found[3] != (found[2] or ","):
        return _Figure(_number(sign, found[1], found[4]), decimal=found[3], thousandths=len(found[4]) == 3)
    raise NotAFigure


def _arabic_or_plain(sign: str, found: re.Match[str]) -> _Figure:
    groups = found.groups()
    proven = _other(groups[1]) if len(groups) == 3 else ""
    return _Figure(_number(sign, groups[0], groups[-1] or ""), decimal=proven)


def _with_one_mark(sign: str, found: re.Match[str]) -> _Figure:
    whole, mark, rest = found.groups()
    if len(rest) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0"):
        return _Figure(None, mark=mark, text=f"{sign}{whole}{mark}{rest}")
    return _Figure(_number(sign, whole or "0", rest), decimal=mark, thousandths=len(rest) == 3)


def _number(sign: str, whole: str, decimals: str = "") -> Decimal:
    return Decimal(f"{sign}{re.sub('[^0-9]', '', whole)}.{decimals or 0}")


def _other(mark: str) -> str:
    return "," if mark == "." else "."
