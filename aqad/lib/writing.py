"""How dates, amounts and lists are written in a sentence, in the reader's language."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, ngettext

WHEN = MappingProxyType(
    {
        "time": "H:i",
        "moment": "j M, H:i",
        "full": "j M Y, H:i",
        "day": "j F Y",
        "short_day": "j M",
        "weekday": "l j F",
        "short_weekday": "D j M",
        "weekday_moment": "l j F, H:i",
    }
)
BETWEEN = " · "  # stands between a sentence of AQAD and what somebody added
_LEFT_TO_RIGHT, _END = "\u2066", "\u2069"  # Unicode's isolates: what <bdi dir="ltr"> is to a page


def when(at: date | datetime, style: str = "moment") -> str:
    """A date or a time of Dubai in one of the styles of WHEN."""
    local = timezone.localtime(at) if isinstance(at, datetime) and timezone.is_aware(at) else at
    return date_format(local, WHEN[style]).replace(", ", comma())


def time_left(until: datetime) -> str:
    """How long it is until then: whole hours, or minutes in the last hour, `0 minutes` where it is past."""
    minutes = max(0, int((until - timezone.now()).total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(number)s minute", "%(number)s minutes", minutes) % {"number": minutes}
    hours = minutes // 60
    return ngettext("%(number)s hour", "%(number)s hours", hours) % {"number": hours}


def aed(amount: Decimal | str) -> str:
    """`1,234.50 AED`, which Arabic text round it neither turns about nor parts at the end of a line."""
    number = f"{Decimal(amount):,.2f}"
    return f"{_LEFT_TO_RIGHT}{number}\u00a0AED{_END}" if _is_arabic() else f"{number} AED"


def joined(parts: Iterable[object]) -> str:
    """Those of `parts` that say something, each once, with commas: a list, or the lines of an address."""
    return comma().join(distinct(parts))


def distinct(parts: Iterable[object]) -> list[str]:
    return list(dict.fromkeys(str(part) for part in parts if part))


def told(reason: str) -> str:
    """A kept reason: AQAD's own sentences, kept in English (`gettext_noop`), in the reader's language.

    What people wrote comes back as they wrote it.
    """
    return BETWEEN.join(gettext(part) if part else "" for part in reason.split(BETWEEN))


def comma() -> str:
    return "، " if _is_arabic() else ", "


def _is_arabic() -> bool:
    return (get_language() or "").startswith("ar")
