"""What the pages about orders read that other pages do not: `{% load buying %}`."""

from django import template

from aqad.lib import uae
from aqad.lib.files.storage import private_url

register = template.Library()
register.filter("emirate", uae.emirate)


@register.filter
def signed_file(key: str) -> str:
    """A link to a private file that works for some minutes."""
    return private_url(key)
