"""From what a retailer asks for to priced lines by vendor, or every reason why not."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, TextField
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext as _

from aqad.lib import codes
from aqad.lib.compiled import Compiled
from aqad.lib.errors import Invalid
from aqad.lib.money import ZERO
from aqad.lib.prefetch import preload
from aqad.lib.writing import aed
from catalog.models import PriceTier, Product
from catalog.pricing import quantity_problem
from orders.open_orders import open_figures
from orders.pricing import PricedLine, price_lines
from vendors.models import Vendor

MAX_LINES = 200
MAX_QUANTITY = 1_000_000
NOT_FOR_ORDERS = ("description", "description_ar", "search_vector")


@dataclass(frozen=True)
class Item:
    """`quantity` units of the product with a public code."""

    product: str
    quantity: int


@dataclass(frozen=True)
class VendorPart:
    """What goes into one vendor's order. Amounts are AED."""

    vendor: Vendor
    lines: list[PricedLine]

    @property
    def subtotal(self) -> Decimal:
        return sum((line.subtotal for line in self.lines), ZERO)

    @property
    def vat(self) -> Decimal:
        return sum((line.vat for line in self.lines), ZERO)

    @property
    def short_of_minimum(self) -> Decimal:
        return max(self.vendor.min_order_value - self.subtotal, ZERO)


def load_products(keys: Iterable[int]) -> dict[int, Product]:
    """Products by primary key with vendor and tiers, in one statement whatever their number."""
    return _by_key(_products_with_tiers, keys)


def _by_key(read: Callable[..., list[Any]], keys: Iterable[int]) -> dict[int, Product]:
    wanted = sorted(set(keys))
    products = read(*wanted) if wanted else []
    for product in products:
        know_tiers(product, product.tiers)
    return {product.pk: product for product in products}


def tiers_of(product: str) -> ArraySubquery:
    """What `know_tiers` takes, of the product that a row names by the field `product`."""
    tiers = PriceTier.objects.filter(product=OuterRef(product)).order_by("min_quantity")
    pairs = tiers.values(pair=JSONObject(min_quantity="min_quantity", price=Cast("price", TextField())))
    return ArraySubquery(pairs)


def know_tiers(product: Product, tiers: Iterable[dict[str, Any]]) -> None:
    rows = [PriceTier(product=product, **tier | {"price": Decimal(tier["price"])}) for tier in tiers]
    preload(product, price_tiers=rows)


def _with_tiers(*keys: int) -> QuerySet[Any]:
    products = Product.objects.filter(pk__in=keys).select_related("vendor").defer(*NOT_FOR_ORDERS)
    return products.annotate(tiers=tiers_of("pk"))


_products_with_tiers = Compiled[Any](_with_tiers)
_locked_products = Compiled[Any](
    lambda buyer, *keys: _with_tiers(*keys).annotate(**open_figures(buyer)).order_by("pk"),
    lock="FOR KEY SHARE OF catalog_product, vendors_vendor",
)


def lock_products(keys: Iterable[int], *, buyer_key: int) -> dict[int, Product]:
    """`load_products`, so that what they say of being sold holds until the transaction ends.

    Each carries the `open_figures` of the retailer, whom the caller has locked.

    The lock is the one that an order line's foreign key takes anyway: orders share it, and changes of prices
    or names pass. Who ends a sale takes the row FOR UPDATE: a vendor is suspended or paused, a product
    archived, hidden or withdrawn, after the orders before it and before the orders after it.
    """
    return _by_key(partial(_locked_products, buyer_key), keys)


def split_by_vendor(wanted: Iterable[tuple[Product, int]]) -> list[VendorPart]:
    """Priced lines by vendor, vendors in the order of their codes."""
    groups: dict[int, list[tuple[Product, int]]] = defaultdict(list)
    for product, quantity in wanted:
        groups[product.vendor_id].append((product, quantity))
    return [VendorPart(lines[0][0].vendor, price_lines(lines)) for _key, lines in sorted(groups.items())]


def cart_is_full() -> str:
    return _("A cart takes at most %d products.") % MAX_LINES


def check_basket(items: Sequence[Item], *, buyer_key: int) -> list[VendorPart]:
    """Price the basket; lines of the same product are one. Locks its products and vendors: `lock_products`.

    Raises Invalid with a sentence beside every line that cannot be ordered (`items.0.product`).
    """
    if not items:
        raise Invalid(errors={"items": [_("There is nothing to order.")]})
    if len(items) > MAX_LINES:
        raise Invalid(errors={"items": [_("An order takes at most %d lines.") % MAX_LINES]})
    keys = [codes.parse(item.product, Product.CODE_PREFIX) for item in items]
    products = lock_products((key for key in keys if key is not None), buyer_key=buyer_key)
    errors: dict[str, list[str]] = {}
    quantities: dict[int, int] = defaultdict(int)
    for position, (item, key) in enumerate(zip(items, keys, strict=True)):
        product = products.get(key or 0)
        if product is None or not is_sold(product):
            errors[f"items.{position}.product"] = [_("%s is not sold.") % item.product]
        else:
            quantities[product.pk] += item.quantity
    for position, key in enumerate(keys):
        if key in quantities and (problem := _quantity_problem(products[key], quantities[key])):
            errors[f"items.{position}.quantity"] = [problem]
    if errors:
        raise Invalid(errors=errors)
    parts = split_by_vendor((products[key], quantity) for key, quantity in quantities.items())
    _check_minimum_values(parts)
    return parts


def is_sold(product: Product) -> bool:
    return product.status == Product.Status.ACTIVE and product.vendor.is_selling


def _quantity_problem(product: Product, quantity: int) -> str:
    if quantity > MAX_QUANTITY:
        return _("An order takes at most %d of a product.") % MAX_QUANTITY
    return quantity_problem(product, quantity)


def _check_minimum_values(parts: Sequence[VendorPart]) -> None:
    short = [
        _("%(vendor)s takes orders from %(minimum)s. Add goods for %(short)s more.")
        % {
            "vendor": part.vendor.company_name,
            "minimum": aed(part.vendor.min_order_value),
            "short": aed(part.short_of_minimum),
        }
        for part in parts
        if part.short_of_minimum
    ]
    if short:
        raise Invalid(errors={"items": short})
