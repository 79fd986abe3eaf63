"""How each state looks and what it is called: colour, icon and word, the same on every page."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Look:
    """`colour` is palm, saffron, coral, sea or quiet; `icon` a name in static/img/icons.svg."""

    colour: str
    icon: str
    word: Any


_ORDER = {
    "pending_payment": Look("saffron", "card", _("Waiting for payment")),
    "pending": Look("saffron", "clock", _("Waiting for the vendor")),
    "processing": Look("sea", "box", _("Being prepared")),
    "ready": Look("sea", "check", _("Ready for pick-up")),
    "shipped": Look("sea", "truck", _("On the way")),
    "completed": Look("palm", "check", _("Delivered")),
    "failed": Look("coral", "x", _("Payment failed")),
    "rejected": Look("coral", "x", _("Rejected by the vendor")),
    "cancelled": Look("quiet", "x", _("Cancelled")),
    "returned": Look("coral", "reorder", _("Returned")),
}
_CHECKOUT = {
    "pending_payment": _ORDER["pending_payment"],
    "placed": Look("palm", "check", _("Placed")),
    "failed": _ORDER["failed"],
    "cancelled": _ORDER["cancelled"],
}
_PAYMENT = {
    "pending": Look("saffron", "clock", _("Not paid yet")),
    "paid": Look("palm", "check", _("Paid")),
    "failed": Look("coral", "x", _("Declined")),
    "expired": Look("coral", "clock", _("Time ran out")),
    "cancelled": Look("quiet", "x", pgettext_lazy("payment", "Cancelled")),
    "partially_refunded": Look("sea", "reorder", _("Partly refunded")),
    "refunded": Look("sea", "reorder", _("Refunded")),
}
_REFUND = {
    "pending": Look("saffron", "clock", _("On its way")),
    "succeeded": Look("palm", "check", _("Refunded")),
    "failed": Look("coral", "x", _("Refund failed")),
}
_DELIVERY = {
    "unassigned": Look("saffron", "clock", _("Looking for a driver")),
    "assigned": Look("sea", "user", _("Driver assigned")),
    "picked_up": Look("sea", "box", _("Picked up")),
    "out_for_delivery": Look("sea", "truck", _("Out for delivery")),
    "delivered": Look("palm", "check", _("Delivered")),
    "failed": Look("coral", "warning", _("Attempt failed")),
    "returned": Look("coral", "reorder", _("Returned to the vendor")),
    "cancelled": _ORDER["cancelled"],
}
_PRODUCT = {
    "draft": Look("quiet", "edit", _("Draft")),
    "active": Look("palm", "check", _("On sale")),
    "hidden": Look("saffron", "eye", _("Hidden")),
    "archived": Look("quiet", "box", _("Archived")),
}
_IMPORT = {
    "waiting": Look("saffron", "clock", _("Waiting its turn")),
    "checking": Look("sea", "search", _("Being checked")),
    "checked": Look("saffron", "eye", _("Waits for your word")),
    "applying": Look("sea", "upload", _("Being taken over")),
    "done": Look("palm", "check", pgettext_lazy("import", "Done")),
    "refused": Look("coral", "warning", _("Needs mending")),
    "failed": Look("coral", "warning", pgettext_lazy("import", "Failed")),
    "cancelled": Look("quiet", "x", pgettext_lazy("import", "Cancelled")),
}
_COMPANY = {
    "pending_approval": Look("saffron", "clock", _("Waiting for approval")),
    "active": Look("palm", "check", _("Active")),
    "rejected": Look("coral", "x", _("Not approved")),
    "suspended": Look("coral", "warning", _("Suspended")),
}
_DOCUMENT = {
    "pending": Look("saffron", "clock", _("Being checked")),
    "accepted": Look("palm", "check", _("Accepted")),
    "rejected": Look("coral", "x", _("Not accepted")),
    "replaced": Look("quiet", "reorder", _("Replaced")),
}
_LOOKS = {
    "order": _ORDER,
    "checkout": _CHECKOUT,
    "payment": _PAYMENT,
    "refund": _REFUND,
    "delivery": _DELIVERY,
    "product": _PRODUCT,
    "import": _IMPORT,
    "vendor": _COMPANY,
    "retailer": _COMPANY,
    "document": _DOCUMENT,
}


def look(kind: str, state: str) -> Look:
    """Raises KeyError for a state nobody gave a look: a page must not guess."""
    return _LOOKS[kind][state]
