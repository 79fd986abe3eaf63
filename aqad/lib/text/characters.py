"""Which characters of a text nobody can see, and which no text can hold.

Written out as ranges: Python's own tables differ between its versions, and what is stored must not.
"""

import re

# Unicode's category Cf and Default_Ignorable_Code_Point, assigned or not; then what is drawn as nothing.
_FORMAT = (
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"
)
_VARIATIONS = "\u180b-\u180d\u180f\ufe00-\ufe0f"
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufffc\U00013441\U00013442\U00016fe4\U0001d159"
INVISIBLE = re.compile(f"[{_FORMAT}{_VARIATIONS}{_FILLERS}]")

# Controls but for line breaks and tabs, halves of surrogate pairs, noncharacters.
_PLANE_ENDS = "".join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))
NO_TEXT = re.compile(
    f"[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef{_PLANE_ENDS}]"
)

BLANKS = " \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
LINE_BREAKS = "\n\r\v\f\x85\u2028\u2029"

JOINERS = "\u200c\u200d"  # ZWNJ, ZWJ: Persian words and emoji of several parts need them
EMOJI_STYLES = "\ufe0e\ufe0f"

DECIMAL_MARK, THOUSANDS_MARK = "\u066b", "\u066c"  # of numbers in Arabic
