"""A cart as it is shown: priced by vendor, with what stops each line. For retailers and visitors alike."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from django.utils import timezone

from aqad.lib.money import ZERO
from catalog.models import Product
from orders.basket import VendorPart, split_by_vendor
from orders.pricing import PricedLine
from orders.selectors import line_problem


@dataclass(frozen=True)
class CartLine:
    """`problem` is what stops the line from being ordered now, code and sentence, or None."""

    priced: PricedLine
    problem: dict[str, str] | None

    @property
    def product(self) -> Product:
        return self.priced.product

    @property
    def quantity(self) -> int:
        return self.priced.quantity


@dataclass(frozen=True)
class CartGroup:
    """What goes to one vendor."""

    part: VendorPart
    lines: list[CartLine]

    @property
    def total(self) -> Decimal:
        return self.part.subtotal + self.part.vat

    @property
    def delivery_day(self) -> date:
        """When all of it can be there, by the vendor's lead times."""
        return timezone.localdate() + timedelta(days=max(line.product.lead_time_days for line in self.lines))

    @property
    def is_blocked(self) -> bool:
        return bool(self.part.short_of_minimum) or any(line.problem for line in self.lines)


@dataclass(frozen=True)
class Cart:
    """Amounts are AED."""

    groups: list[CartGroup]

    @cached_property
    def lines(self) -> list[CartLine]:
        return [line for group in self.groups for line in group.lines]

    @property
    def count(self) -> int:
        return len(self.lines)

    @cached_property
    def subtotal(self) -> Decimal:
        return sum((group.part.subtotal for group in self.groups), ZERO)

    @cached_property
    def vat(self) -> Decimal:
        return sum((group.part.vat for group in self.groups), ZERO)

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.vat

    @property
    def can_be_ordered(self) -> bool:
        return bool(self.groups) and not any(group.is_blocked for group in self.groups)


def cart_of_parts(parts: Iterable[VendorPart]) -> Cart:
    """Expects products with their stock loaded."""
    return Cart([CartGroup(part, [_line(line) for line in part.lines]) for part in parts])


def cart_with_pictures(quantities: dict[int, int]) -> Cart:
    """The cart of product keys and quantities, with all a page shows, in a constant number of statements."""
    products = (
        Product.objects.filter(pk__in=quantities)
        .select_related("vendor", "category", "stock")
        .prefetch_related("price_tiers", "images")
    )
    known = {product.pk: product for product in products}
    wanted = [(known[key], quantity) for key, quantity in quantities.items() if key in known]
    return cart_of_parts(split_by_vendor(wanted))


def _line(line: PricedLine) -> CartLine:
    return CartLine(line, line_problem(line.product, line.quantity))
