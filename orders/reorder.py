"""An earlier order looked at again: what of it can be had now, how much, and at which price."""

from dataclasses import dataclass
from decimal import Decimal

from catalog.models import Product
from catalog.pricing import nearest_quantities, unit_price
from orders.basket import is_sold
from orders.models import Order, OrderLine
from orders.selectors import most_that_fits

FOR_REORDER = ("lines__product__vendor", "lines__product__stock", "lines__product__price_tiers")


@dataclass(frozen=True)
class Again:
    """`quantity` is what can be ordered now, 0 where nothing can; `price` AED for one unit at it."""

    line: OrderLine
    product: Product
    quantity: int
    price: Decimal

    @property
    def price_change(self) -> Decimal:
        return self.price - self.line.unit_price

    @property
    def is_less(self) -> bool:
        return 0 < self.quantity < self.line.quantity

    @property
    def is_sold(self) -> bool:
        return is_sold(self.product)


def again(order: Order) -> list[Again]:
    """Line by line. Expects FOR_REORDER prefetched."""
    return [_again(line) for line in order.lines.all()]


def _again(line: OrderLine) -> Again:
    product = line.product
    quantity = 0
    if is_sold(product):
        wanted = max(nearest_quantities(product, line.quantity))
        quantity = most_that_fits(product, min(wanted, product.stock.available))
    return Again(line, product, quantity, unit_price(product, quantity or line.quantity))
