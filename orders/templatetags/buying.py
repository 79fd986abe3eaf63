"""What the pages about orders read that other pages do not: `{% load buying %}`."""

from django import template

from aqad.lib import uae
from aqad.lib.files.storage import private_url

register = template.Library()

_EMIRATES = dict(uae.EMIRATES)


@register.filter
def emirate(code: str) -> str:
    """The name of an emirate that an order kept by its code."""
    return str(_EMIRATES.get(code, code))


@register.filter
def signed_file(key: str) -> str:
    """A link to a private file that works for some minutes."""
    return private_url(key)
