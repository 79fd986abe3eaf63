"""What no password may be, besides too short: stolen elsewhere, or made of what everybody can know.

Nothing leaves the machine: the list is packed with AQAD (accounts/stolen/). A long passphrase is welcome, and
no mixture of kinds of characters is asked for.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.stolen.packing import is_packed

LIST = Path(__file__).resolve().parent / "stolen" / "passwords.bin"
OURS = ("aqad", "عقد", "wholesale", "marketplace")
SHORTEST_WORD = 4  # shorter words are in many good passwords by chance


class StolenPasswordValidator:
    """Not one of the passwords that attackers try first, in any case of its letters."""

    def validate(self, password: str, user: Any = None) -> None:
        if is_packed(_plain(password), _stolen()):
            raise ValidationError(
                _("This password is too common: it is in lists of stolen ones. Choose another."),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return str(_("Your password can’t be one that is in lists of stolen ones."))


class OwnWordsValidator:
    """Not made of AQAD's name, the company's, one's own and one's address alone, with digits and signs."""

    def validate(self, password: str, user: Any = None) -> None:
        letters = left = re.sub(r"[\W\d_]+", "", _plain(password))
        for word in sorted(_words_of(user), key=len, reverse=True):
            left = left.replace(word, "")
        if letters and not left:
            raise ValidationError(
                _("This password is made of names that others know. Add words of your own."),
                code="password_too_similar",
            )

    def get_help_text(self) -> str:
        return str(_("Your password can’t be made of your names or the name of your company alone."))


def _words_of(user: Any) -> set[str]:
    told = (getattr(user, name, "") or "" for name in ("email", "name", "code", "company_name"))
    parts: Iterable[str] = (part for text in told for part in re.split(r"[\W\d_]+", _plain(text)))
    return {*OURS, *(part for part in parts if len(part) >= SHORTEST_WORD)}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@cache
def _stolen() -> bytes:
    return LIST.read_bytes()
