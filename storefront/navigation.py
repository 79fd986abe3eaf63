"""Where each kind of person can go: the rail of the portals and the account menu."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Item:
    """`path` is empty where the page does not exist; `counter` names a number of `Shell`.

    What is `desk_only` has no room in a phone's bar; it is in the account menu there, too.
    The pages that `leads_to` names are reached from this one and stand under it, wherever their paths are.
    """

    name: str
    icon: str
    label: Any
    counter: str = ""
    leads_to: tuple[str, ...] = ()
    desk_only: bool = False

    @property
    def path(self) -> str:
        try:
            return reverse(self.name)
        except NoReverseMatch:
            return ""

    def covers(self, path: str) -> bool:
        starts = (self.path, *map(reverse, self.leads_to))
        return any(path == start or path.startswith(f"{start}/") for start in starts)


_NOTIFICATIONS = Item("notifications", "bell", _("Notifications"), counter="unread", desk_only=True)
_PROFILE = Item("profile", "user", _("Profile"), leads_to=("own-second-factor", "own-sessions"))

MENUS: dict[str, tuple[Item, ...]] = {
    "retailer": (
        Item("orders", "box", _("Orders")),
        Item("cart", "cart", _("Cart"), counter="cart_count"),
        Item("addresses", "map", _("Addresses")),
        _NOTIFICATIONS,
        _PROFILE,
    ),
    "vendor": (
        Item("sell-dashboard", "chart", _("Dashboard")),
        Item("sell-orders", "box", _("Orders")),
        Item("sell-products", "tag", _("Products")),
        Item("sell-stock-overview", "stock", _("Stock")),
        _NOTIFICATIONS,
        Item("sell-company", "store", _("Company")),
        replace(_PROFILE, desk_only=True),
    ),
    "driver": (
        Item("drive", "truck", _("Today")),
        Item("drive-history", "clock", _("History")),
        _NOTIFICATIONS,
        _PROFILE,
    ),
    "admin": (_NOTIFICATIONS, Item("admin:index", "chart", _("Operations")), _PROFILE),
}


def menu(user: Any) -> list[Item]:
    """The items that exist for this person's role; none for a visitor."""
    return [item for item in MENUS.get(getattr(user, "role", ""), ()) if item.path]


def current(items: list[Item], path: str) -> str:
    """The name of the item that `path` stands under: the longest that fits, "" if none does."""
    under = [item for item in items if item.covers(path)]
    return max(under, key=lambda item: len(item.path)).name if under else ""
