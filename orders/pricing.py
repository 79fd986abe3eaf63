"""What an order costs: net lines, VAT by category, totals that add up to the fils."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from aqad.lib.money import ZERO, spread, to_fils
from catalog.models import Product
from catalog.pricing import unit_price


@dataclass
class PricedLine:
    """One product of an order. Amounts are AED; `subtotal` is net, `total` gross."""

    product: Product
    quantity: int
    unit_price: Decimal
    subtotal: Decimal
    vat: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        return self.subtotal + self.vat


def price_lines(wanted: Sequence[tuple[Product, int]]) -> list[PricedLine]:
    """Price one vendor's lines.

    VAT is computed once per VAT category on the summed taxable amount and spread over its lines by largest
    remainder (Cabinet Decision No. 52 of 2017, article 59: rounding to the fils), so the lines add up.
    """
    lines = []
    by_category: dict[str, list[PricedLine]] = defaultdict(list)
    for product, quantity in wanted:
        price = unit_price(product, quantity)
        line = PricedLine(product, quantity, price, to_fils(price * quantity))
        lines.append(line)
        by_category[product.vat_category].append(line)
    for group in by_category.values():
        taxable = [line.subtotal for line in group]
        vat = to_fils(sum(taxable, ZERO) * group[0].product.vat_rate / 100)
        for line, part in zip(group, spread(vat, taxable), strict=True):
            line.vat = part
    return lines
