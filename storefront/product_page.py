"""What a buyer weighs on a product's page: the offer at a quantity, its rivals, its facts."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Case, Q, When
from django.utils import timezone

from aqad.lib import codes, uae
from aqad.lib.errors import NotFound
from aqad.lib.text.cleaning import read_digits, readable_search
from catalog import selectors
from catalog.models import Product, ProductQuerySet
from catalog.pricing import nearest_quantities, quantity_problem, unit_price
from catalog.selectors import Filters
from orders.basket import MAX_QUANTITY, is_sold
from orders.pricing import PricedLine, price_lines
from retailers.models import Address
from storefront import finding
from storefront.templatetags.aqad import piece_price

RELATED = 6
RIVALS = 10
LOW = 20  # units left from which the page says how many


@dataclass(frozen=True)
class TierRow:
    """`price` holds from `start` to `end` units, for ever where `end` is None. `saving` is in per cent."""

    start: int
    end: int | None
    price: Decimal
    saving: int
    is_reached: bool


class Offer:
    """What `quantity` of a product costs, and whether it can be had. Reads tiers and stock."""

    def __init__(self, product: Product, quantity: int) -> None:
        self.product = product
        self.quantity = quantity
        self.smallest = nearest_quantities(product, 0)[0]
        self.left = product.stock.available

    @property
    def line(self) -> PricedLine:
        return price_lines([(self.product, self.quantity)])[0]

    @property
    def nearest(self) -> list[int]:
        """The quantities to take instead; empty where this one fits the minimum and the multiple."""
        is_wrong = quantity_problem(self.product, self.quantity)
        return nearest_quantities(self.product, self.quantity) if is_wrong else []

    @property
    def is_sold_out(self) -> bool:
        return self.left < self.smallest

    @property
    def is_low(self) -> bool:
        return self.left <= LOW

    @property
    def piece(self) -> Decimal | None:
        """What one piece costs at this quantity, where the pack says how many there are."""
        whole = piece_price(self.product)
        return whole * self.line.unit_price / self.product.price if whole else None

    @property
    def largest(self) -> int:
        """The most that can be ordered now."""
        return self.left // self.product.order_multiple * self.product.order_multiple

    @property
    def is_too_much(self) -> bool:
        return not self.is_sold_out and self.quantity > self.left

    @property
    def tiers(self) -> list[TierRow]:
        """The price of the first carton, then each tier; empty where there is one price only."""
        tiers = list(self.product.price_tiers.all())
        starts = [self.smallest, *(tier.min_quantity for tier in tiers if tier.min_quantity > self.smallest)]
        ends = [*(start - 1 for start in starts[1:]), None]
        now = max((start for start in starts if start <= self.quantity), default=self.smallest)
        rows = []
        for start, end in zip(starts, ends, strict=True):
            price = unit_price(self.product, start)
            rows.append(TierRow(start, end, price, self._saving(price), start == now))
        return rows if len(rows) > 1 else []

    @property
    def next_tier(self) -> TierRow | None:
        return next((row for row in self.tiers if row.start > self.quantity), None)

    @property
    def missing(self) -> int:
        """How many more reach the next tier."""
        return self.next_tier.start - self.quantity if self.next_tier else 0

    @property
    def expected(self) -> date:
        return expected(self.product)

    def _saving(self, price: Decimal) -> int:
        return int((self.product.price - price) * 100 / self.product.price)


def find(code: str, user: Any) -> Product:
    """The product with all its page shows; its vendor and staff see it in every state. Raises NotFound."""
    seen = selectors.with_details(Product.objects.visible_to(user))
    product = seen.filter(pk=codes.parse(code, Product.CODE_PREFIX) or 0).first()
    if product is None:
        raise NotFound()
    return product


def offer(product: Product, asked: str) -> Offer:
    """The offer at the quantity `asked` in the address, or at the smallest that is sold."""
    smallest = nearest_quantities(product, 0)[0]
    asked = read_digits(readable_search(asked, longest=20))
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 10
    return Offer(product, min(max(int(asked), 1), MAX_QUANTITY) if is_number else smallest)


def page(product: Product, user: Any) -> dict[str, Any]:
    """What stands round the offer."""
    return {
        "product": product,
        "is_sold": is_sold(product),
        "above": finding.way_to(product.category),
        "rivals": rivals(product),
        "related": related(product),
        "emirate": emirate_of(user),
    }


def rivals(product: Product) -> list[Offer]:
    """This product and those of other vendors with the same barcode, the cheapest first; empty if alone."""
    if not product.barcode:
        return []
    same = _sold().exclude(vendor=product.vendor_id)
    found = selectors.filtered(same, Filters(barcode=product.barcode)).order_by("price", "id")
    offers = [offer(each, "") for each in [product, *selectors.with_details(found)[:RIVALS]]]
    return sorted(offers, key=lambda each: each.product.price) if len(offers) > 1 else []


def related(product: Product) -> ProductQuerySet:
    """Others of the category, then of the brand, then of the shelves beside it; no rival's same article."""
    top = product.category.path[: product.category.steplen]
    is_same = Q(category=product.category_id)
    is_brand = Q(brand=product.brand_id)
    near = _sold().filter(is_same | is_brand | Q(category__path__startswith=top)).exclude(pk=product.pk)
    if product.barcode:
        near = near.exclude(barcode=product.barcode)
    distance = Case(When(is_same, then=0), When(is_brand, then=1), default=2)
    return selectors.with_details(near.order_by(distance, "-pk"))[:RELATED]


def expected(product: Product) -> date:
    """When an order of today arrives: the vendor's lead time is all that is known of it."""
    return timezone.localdate() + timedelta(days=product.lead_time_days)


def _sold() -> ProductQuerySet:
    return Product.objects.sold()


def emirate_of(user: Any) -> Any:
    """The name of the emirate a retailer has goods delivered to first; "" for anyone else."""
    if getattr(user, "role", "") != "retailer":
        return ""
    own = Address.objects.filter(retailer__members__user=user).values_list("emirate", flat=True)
    return dict(uae.EMIRATES).get(own.first() or "", "")
