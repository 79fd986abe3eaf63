"""What stands round every page: menus, categories, the numbers on the cart and the bell. Read when shown."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import HttpRequest

from aqad.lib.money import ZERO
from catalog.models import Category
from notifications import selectors as notifications
from orders import basket, guests
from orders.models import CartItem
from storefront import navigation


@dataclass(frozen=True)
class CartSummary:
    """Lines, and their worth in AED without VAT."""

    count: int
    total: Decimal


class Shell:
    """In templates as `shell`. Each number is asked for at most once a request, and only if it is shown."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self._user: Any = getattr(request, "user", None)

    @property
    def role(self) -> str:
        return getattr(self._user, "role", "")

    @property
    def buys(self) -> bool:
        """Whether a cart means anything to this person: retailers, and visitors who may become one."""
        return self.role in {"", "retailer"}

    @cached_property
    def menu(self) -> list[navigation.Item]:
        return navigation.menu(self._user)

    @cached_property
    def current(self) -> str:
        return navigation.current(self.menu, self._request.path)

    @cached_property
    def categories(self) -> list[Category]:
        return list(Category.objects.filter(depth=1).order_by("path"))

    @cached_property
    def unread(self) -> int:
        return notifications.inbox(self._user, unread=True).count() if self.role else 0

    @cached_property
    def cart(self) -> CartSummary:
        lines = _own_lines(self._user) if self.role == "retailer" else _guest_lines(self._request)
        products = basket.load_products(key for key, _quantity in lines)
        wanted = [(products[key], quantity) for key, quantity in lines if key in products]
        parts = basket.split_by_vendor(wanted)
        return CartSummary(len(wanted), sum((part.subtotal for part in parts), ZERO))

    @property
    def cart_count(self) -> int:
        return self.cart.count


def shell(request: HttpRequest) -> dict[str, Shell]:
    """The context processor."""
    return {"shell": Shell(request)}


def _own_lines(user: Any) -> list[tuple[int, int]]:
    rows = CartItem.objects.filter(retailer__members__user=user)
    return list(rows.values_list("product_id", "quantity"))


def _guest_lines(request: HttpRequest) -> list[tuple[int, int]]:
    return list(guests.quantities(request).items())
