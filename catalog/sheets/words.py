"""One form of a word for all the ways a heading or a name in a sheet may be typed."""

import re
import unicodedata

from aqad.lib.text.cleaning import read_digits

_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
_APART = re.compile(r"[\W_]+")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u2060\ufeff\ufffe\uffff]|_x000D_|[\ud800-\udfff]"
)


def fold(text: str) -> str:
    """Without case, accents, tashkeel, punctuation, one alef, Latin digits: `Price (AED)` is `price aed`."""
    kept = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    letters = read_digits("".join(char for char in kept if unicodedata.category(char) not in ("Mn", "Cf")))
    return _APART.sub(" ", letters).strip()


def tidy(text: str) -> str:
    """What a cell of a file can hold of a text: one kind of line end, no controls, no blanks around."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSEEN.sub("", lines).strip()
