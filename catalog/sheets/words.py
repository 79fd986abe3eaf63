"""One form of a word for all the ways a heading or a name in a sheet may be typed."""

import re
import unicodedata

_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
_APART = re.compile(r"[\W_]+")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff\ufffe\uffff]|_x000D_|[\ud800-\udfff]"
)


def fold(text: str) -> str:
    """Without case, accents, tashkeel, punctuation, one alef, Latin digits: `Price (AED)` is `price aed`."""
    kept = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    letters = "".join(digits(char) for char in kept if unicodedata.category(char) not in ("Mn", "Cf"))
    return _APART.sub(" ", letters).strip()


def digits(text: str) -> str:
    """Arabic and other decimal digits as 0 to 9."""
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def tidy(text: str) -> str:
    """What a cell can hold of a text: one kind of line end, nothing unseen, no blanks around."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("", lines).strip()
