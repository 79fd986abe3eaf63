"""What only the store's pages write: `{% load store %}`."""

from django import template

from aqad.lib.files.storage import public_url
from vendors.models import Vendor

register = template.Library()


@register.filter
def logo(vendor: Vendor) -> str:
    """The address of the company's logo; "" where it has none."""
    return public_url(vendor.logo) if vendor.logo else ""
