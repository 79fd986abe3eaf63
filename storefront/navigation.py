"""Where each kind of person can go: the rail of the portals and the account menu."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Item:
    """`path` is empty where the page does not exist; `counter` names a number of `Shell`."""

    name: str
    icon: str
    label: Any
    counter: str = ""

    @property
    def path(self) -> str:
        try:
            return reverse(self.name)
        except NoReverseMatch:
            return ""


_NOTIFICATIONS = Item("notifications", "bell", _("Notifications"), counter="unread")

MENUS: dict[str, tuple[Item, ...]] = {
    "retailer": (
        Item("orders", "box", _("Orders")),
        Item("cart", "cart", _("Cart"), counter="cart_count"),
        Item("addresses", "map", _("Addresses")),
        _NOTIFICATIONS,
        Item("profile", "user", _("Profile")),
    ),
    "vendor": (
        Item("sell-dashboard", "chart", _("Dashboard")),
        Item("sell-orders", "box", _("Orders")),
        Item("sell-products", "tag", _("Products")),
        Item("sell-stock-overview", "stock", _("Stock")),
        _NOTIFICATIONS,
        Item("sell-company", "store", _("Company")),
    ),
    "driver": (
        Item("drive", "truck", _("Today")),
        Item("drive-history", "clock", _("History")),
        _NOTIFICATIONS,
        Item("profile", "user", _("Profile")),
    ),
    "admin": (_NOTIFICATIONS, Item("admin:index", "chart", _("Operations"))),
}


def menu(user: Any) -> list[Item]:
    """The items that exist for this person's role; none for a visitor."""
    return [item for item in MENUS.get(getattr(user, "role", ""), ()) if item.path]


def current(items: list[Item], path: str) -> str:
    """The name of the item that `path` stands under: the longest that fits, "" if none does."""
    under = [item for item in items if path == item.path or path.startswith(f"{item.path}/")]
    return max(under, key=lambda item: len(item.path)).name if under else ""
