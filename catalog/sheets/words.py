"""One form of a word for all the ways a heading or a name in a sheet may be typed."""

import re
import unicodedata

from aqad.lib.text.cleaning import read_digits

_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ـ": None})
_APART = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Without case, accents, tashkeel, punctuation, one alef, Latin digits: `Price (AED)` is `price aed`."""
    kept = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    letters = read_digits("".join(char for char in kept if unicodedata.category(char) not in ("Mn", "Cf")))
    return _APART.sub(" ", letters).strip()
