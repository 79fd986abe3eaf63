"""Texts that a spreadsheet would run as formulas, in every file that AQAD gives out for one.

Excel, LibreOffice and Google Sheets run what begins with =, +, - or @, in their wide forms too, and what
follows a tab or a line break in front (OWASP, CSV injection). An apostrophe keeps it a text.
"""

import re
from typing import Any

_IN_FRONT = r"[\s\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*"  # blanks and what nobody sees
_RUNS = re.compile(rf"'*{_IN_FRONT}[=+\-@＝＋－＠﹢﹣﹦﹫]|'*[\t\r\n]")


def shield_formula(value: Any) -> Any:
    """The text with an apostrophe in front where it would run; all else as it is."""
    return f"'{value}" if isinstance(value, str) and _RUNS.match(value) else value


def unshield_formula(text: str) -> str:
    """Take the apostrophe of `shield_formula` off again."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text
