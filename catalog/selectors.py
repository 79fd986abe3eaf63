"""Reads of the catalogue: lists by filters, facets, the tree of categories."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Lower
from django.db.models.lookups import GreaterThan

from catalog.models import Brand, Category, Product, ProductQuerySet
from catalog.search.ranking import best_first
from catalog.search.spelling import FEW, Attempt, Reading, attempts, read

ORDERINGS = ("relevance", "price", "-price", "newest", "name")
PRICE_BANDS = (0, 25, 50, 100, 250, 500, 1000)  # AED; each reaches to one fils below the next

_ORDER_BY: dict[str, tuple[Any, ...]] = {
    "price": ("price", "id"),
    "-price": ("-price", "-id"),
    "newest": ("-id",),
    "name": (Lower("name"), "id"),
}


@dataclass(frozen=True)
class Filters:
    """What a list of products is narrowed by; of several brands, vendors or price bands, any will do.

    A slug or vendor that does not exist finds nothing. Price bands go by their starts in PRICE_BANDS.
    """

    search: str = ""
    reading: Reading | None = None  # how `understood` reads the words
    barcode: str = ""
    category: str = ""
    brands: tuple[str, ...] = ()
    vendors: tuple[int, ...] = ()
    price_bands: tuple[int, ...] = ()
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    in_stock: bool | None = None

    @property
    def meant(self) -> str:
        """What is searched for instead where nothing is spelled like `search`."""
        return self.reading.meant if self.reading else ""

    @property
    def by_stock(self) -> bool:
        """Whether what is found, or its order, changes when something sells out."""
        return self.in_stock is not None or bool(self.search)


def understood(products: ProductQuerySet, filters: Filters) -> Filters:
    """`filters` with how its words are read among `products`; the other functions ask where that lacks."""
    if not filters.search or filters.reading:
        return filters
    return replace(filters, reading=read(products, filters.search))


def is_search_alone(filters: Filters) -> bool:
    """Whether nothing but words narrows the list."""
    return filters == Filters(search=filters.search, reading=filters.reading)


def filtered(products: ProductQuerySet, filters: Filters) -> ProductQuerySet:
    """Those of `products` that pass, in no order."""
    return found(products, filters).filter(*conditions(filters).values())


def found(products: ProductQuerySet, filters: Filters) -> ProductQuerySet:
    """Those of `products` that words and barcode find, whatever else narrows the list."""
    if filters.search:
        reading = filters.reading or read(products, filters.search)
        products = reading.among(products)
    if filters.barcode:
        products = products.filter(barcode__in=_same_article(filters.barcode))
    return products


def conditions(filters: Filters) -> dict[str, Q]:
    """What else narrows the list: the category, brand, vendor, band or stock chosen, and the prices typed."""
    every: dict[str, Q] = {}
    if filters.category:
        every["category"] = Q(category__in=_subtree(filters.category) or [0])
    if filters.brands:
        every["brand"] = Q(brand__slug__in=filters.brands)
    if filters.vendors:
        every["vendor"] = Q(vendor__in=filters.vendors)
    if filters.price_bands:
        every["band"] = _in_bands(filters.price_bands)
    if prices := _typed_prices(filters):
        every["price"] = prices
    if filters.in_stock is not None:
        # Written as the statistics `stock_left` have it, by which the planner knows how few are sold out.
        left = Q(GreaterThan(F("stock__on_hand") - F("stock__reserved"), 0))
        every["stock"] = left if filters.in_stock else ~left
    return every


def ordering_of(filters: Filters, ordering: str) -> str:
    """Which of ORDERINGS counts: unless said, best match or newest first."""
    if ordering in ("", "relevance"):
        return "relevance" if filters.search else "newest"
    return ordering


def listed(products: ProductQuerySet, filters: Filters, ordering: str = "") -> ProductQuerySet:
    """Those of `products` that pass, by one of ORDERINGS; unless said, best match or newest first."""
    return read_and_listed(products, filters, ordering)[0]


def read_and_listed(
    products: ProductQuerySet, filters: Filters, ordering: str = ""
) -> tuple[ProductQuerySet, Filters]:
    """`listed`, and `filters` with how its words were read."""
    ordering = ordering_of(filters, ordering)
    if ordering != "relevance":
        filters = understood(products, filters)
        return _passing(products, filters, ordering).order_by(*_ORDER_BY[ordering]), filters
    if is_search_alone(filters) and not filters.reading:
        for attempt in attempts(filters.search):
            if best := best_first(products, attempt):
                return best[0], replace(filters, reading=best[1])
        return products.none(), replace(filters, reading=Reading(filters.search, ""))
    filters = understood(products, filters)  # by the words alone, whatever else narrows the list
    ranked = _best_narrowed(products, filters, filters.reading) if filters.reading else None
    return (ranked[0] if ranked else products.none()), filters


def _passing(products: ProductQuerySet, filters: Filters, ordering: str) -> ProductQuerySet:
    """`filtered`, by the keys of what passes where that is little and the planner would be tempted.

    It expects of every brand what it knows of most. For the cheapest of three products it would follow the
    index of prices through a million others.
    """
    by = conditions(filters)
    stock = by.pop("stock", Q())
    passing = found(products, filters).filter(*by.values())
    is_few = filters.reading is not None and filters.reading.keys is not None
    if is_tempting(filters, ordering) and not is_few:
        keys = list(passing.order_by().values_list("pk", flat=True)[: FEW + 1])
        passing = passing if len(keys) > FEW else products.filter(pk__in=keys)
    return passing.filter(stock)


def is_tempting(filters: Filters, ordering: str) -> bool:
    """Whether what passes may be so little that the index of the order is the long way to it."""
    by_price = bool(filters.price_bands) or filters.min_price is not None or filters.max_price is not None
    chosen = [filters.barcode, filters.category, *filters.brands, *filters.vendors, by_price]
    return sum(map(bool, chosen)) > (ordering == "newest")


def _best_narrowed(
    products: ProductQuerySet, filters: Filters, reading: Reading
) -> tuple[ProductQuerySet, Reading] | None:
    """The words once in the condition: twice, the planner would expect half of a half."""
    narrowed = filtered(products, replace(filters, search=""))
    if reading.keys is not None:
        narrowed = narrowed.filter(pk__in=reading.keys)
    return best_first(narrowed, Attempt(reading.text, reading.query))


def after(found: ProductQuerySet, ordering: str, value: Any, key: int) -> ProductQuerySet:
    """Those of the list `found` behind the row `key`, which has `value` in what `ordering` names first."""
    if ordering not in ("price", "-price", "name"):
        return found.filter(pk__lt=key)
    column, reached = (
        (Lower("name"), Lower(Value(value))) if ordering == "name" else (F("price"), Value(value))
    )
    by = " < " if ordering == "-price" else " > "
    return found.filter(_beside(_beside(column, F("id")), _beside(reached, Value(key)), by=by))


def _beside(*parts: Any, by: str = ", ") -> Func:
    """`(column, id)`, or a comparison of two such: what an index on both answers by itself."""
    return Func(*parts, template="(%(expressions)s)", arg_joiner=by, output_field=BooleanField())


def with_details(products: ProductQuerySet) -> ProductQuerySet:
    """With all that `product_json` shows, in three statements however many there are."""
    related = products.select_related("vendor", "category", "brand", "stock")
    return related.prefetch_related("images", "price_tiers")


def counts_by_status(products: ProductQuerySet) -> dict[str, int]:
    """How many of `products` are in each status, those without any included."""
    counted = products.order_by().values_list("status").annotate(number=Count("pk"))
    return {**dict.fromkeys(Product.Status.values, 0), **dict(counted)}


def category_counts() -> list[tuple[Category, int]]:
    """All categories in the order of the tree, with the number of products sold in each or below it."""
    sold = Product.objects.sold().order_by().values_list("category").annotate(number=Count("pk"))
    return with_those_below(Category.objects.order_by("path"), dict(sold))


def brands_with_counts() -> QuerySet[Brand]:
    """All brands by name with `product_count`, how many of their products are sold."""
    sold = Product.objects.sold().filter(brand=OuterRef("pk")).order_by().values("brand")
    number = Subquery(sold.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    return Brand.objects.annotate(product_count=Coalesce(number, 0)).order_by(Lower("name"), "id")


def _subtree(slug: str) -> list[int]:
    """Keys, not a subquery: the planner has to know how full the shelves are."""
    root = Category.objects.filter(slug=slug).values("path")
    return list(Category.objects.filter(path__startswith=Subquery(root)).values_list("pk", flat=True))


def _same_article(barcode: str) -> set[str]:
    """The GTIN in all lengths it is written in: leading zeros mean nothing."""
    return {barcode.lstrip("0").rjust(length, "0") for length in (8, 12, 13, 14)}


def with_those_below(categories: Iterable[Category], direct: Mapping[int, int]) -> list[tuple[Category, int]]:
    """Each of `categories` with how many there are in it or below it, from those directly in each."""
    rows = list(categories)
    below: Counter[str] = Counter()
    for row in rows:
        for depth in range(1, row.depth + 1):
            below[row.path[: depth * Category.steplen]] += direct.get(row.pk, 0)
    return [(row, below[row.path]) for row in rows]


def _typed_prices(filters: Filters) -> Q:
    prices = Q()
    if filters.min_price is not None:
        prices &= Q(price__gte=filters.min_price)
    if filters.max_price is not None:
        prices &= Q(price__lte=filters.max_price)
    return prices


def _in_bands(starts: Iterable[int]) -> Q:
    ends = dict(pairwise(PRICE_BANDS))
    bands = (
        Q(price__gte=start, price__lt=ends[start]) if start in ends else Q(price__gte=start)
        for start in starts
    )
    return reduce(or_, bands)
