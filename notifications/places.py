"""Where a reader finds what a notification is about."""

import re
from typing import Any

from django.urls import NoReverseMatch, reverse

# By role and kind of code: the page's name. Staff find everything in the admin site, by primary key.
_PAGES = {
    ("retailer", "ORD"): "order",
    ("retailer", "CHK"): "checkout-result",
    ("vendor", "ORD"): "sell-order",
    ("vendor", "IMP"): "sell-import",
    ("driver", "DEL"): "drive-delivery",
    ("admin", "ORD"): "admin:orders_order_change",
    ("admin", "CHK"): "admin:orders_checkout_change",
    ("admin", "PR"): "admin:orders_problemreport_change",
    ("admin", "PAY"): "admin:payments_payment_change",
    ("admin", "DEL"): "admin:delivery_delivery_change",
    ("admin", "V"): "admin:vendors_review",
    ("admin", "R"): "admin:retailers_retailer_change",
}
_ALONE = {("vendor", "V"): "sell-company", ("retailer", "R"): "profile"}
_CODE = re.compile(r"([A-Z]+)([0-9]+)")


def place_of(about: str, reader: Any) -> str:
    """The address of what a code names, for this reader; the inbox itself where there is none."""
    code = _CODE.match(about)
    kind = (reader.role, code[1]) if code else None
    try:
        if code and kind in _PAGES:
            return reverse(_PAGES[kind], args=[code[2] if reader.role == "admin" else code[0]])
        if kind in _ALONE:
            return reverse(_ALONE[kind])
    except NoReverseMatch:
        pass
    return reverse("notifications")
