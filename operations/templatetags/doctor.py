"""How the operations console writes sentences in which codes, times and SQL stand."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi

register = template.Library()

_LATIN = re.compile(r"[A-Za-z0-9\"'(%+<-][\x20-\x7e]*[A-Za-z0-9\"')%>;]|[A-Za-z0-9]")


@register.filter
def isolated(text: str) -> SafeString:
    """Each stretch of Latin letters and numbers by itself, so that Arabic does not turn it round."""
    if not get_language_bidi():
        return conditional_escape(text)
    pieces: list[str] = []
    end = 0
    for found in _LATIN.finditer(text):
        pieces.append(conditional_escape(text[end : found.start()]))
        pieces.append(f'<bdi dir="ltr">{conditional_escape(found[0])}</bdi>')
        end = found.end()
    pieces.append(conditional_escape(text[end:]))
    return mark_safe("".join(pieces))  # noqa: S308 - every piece is escaped


@register.filter
def is_short(cell: object) -> bool:
    """Whether a cell is better not broken over lines: a time, a code, a number."""
    return len(str(cell)) <= 24
