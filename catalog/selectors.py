"""Reads of the catalogue: lists by filters, facets, the tree of categories."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Lower

from catalog.models import Brand, Category, Product, ProductQuerySet
from catalog.search.matching import matching
from catalog.search.ranking import best_first
from catalog.search.spelling import read
from vendors.models import Vendor

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
    meant: str | None = None  # what `understood` found to search by instead; "" where the words are right
    barcode: str = ""
    category: str = ""
    brands: tuple[str, ...] = ()
    vendors: tuple[int, ...] = ()
    price_bands: tuple[int, ...] = ()
    min_price: Decimal | None = None
    max_price: Decimal | None = None
    in_stock: bool | None = None

    @property
    def by_stock(self) -> bool:
        """Whether what is found, or its order, changes when something sells out."""
        return self.in_stock is not None or bool(self.search)


def understood(products: ProductQuerySet, filters: Filters) -> Filters:
    """`filters` with what its words mean among `products`: the other functions ask for it where it lacks."""
    if not filters.search or filters.meant is not None:
        return filters
    return replace(filters, meant=read(products, filters.search).meant)


def is_search_alone(filters: Filters) -> bool:
    """Whether nothing but words narrows the list."""
    return filters == Filters(search=filters.search, meant=filters.meant)


def filtered(products: ProductQuerySet, filters: Filters) -> ProductQuerySet:
    """Those of `products` that pass, in no order."""
    if filters.search:
        filters = understood(products, filters)
        products = matching(products, filters.meant or filters.search)
    if filters.barcode:
        products = products.filter(barcode__in=_same_article(filters.barcode))
    if filters.category:
        products = products.filter(category__in=_subtree(filters.category))
    if filters.brands:
        products = products.filter(brand__slug__in=filters.brands)
    if filters.vendors:
        products = products.filter(vendor__in=filters.vendors)
    if filters.price_bands:
        products = products.filter(_in_bands(filters.price_bands))
    if filters.min_price is not None:
        products = products.filter(price__gte=filters.min_price)
    if filters.max_price is not None:
        products = products.filter(price__lte=filters.max_price)
    if filters.in_stock is not None:
        left = Q(stock__on_hand__gt=F("stock__reserved"))
        products = products.filter(left if filters.in_stock else ~left)
    return products


def ordering_of(filters: Filters, ordering: str) -> str:
    """Which of ORDERINGS counts: unless said, best match or newest first."""
    if ordering in ("", "relevance"):
        return "relevance" if filters.search else "newest"
    return ordering


def listed(products: ProductQuerySet, filters: Filters, ordering: str = "") -> ProductQuerySet:
    """Those of `products` that pass, by one of ORDERINGS; unless said, best match or newest first."""
    filters = understood(products, filters)
    found, ordering = filtered(products, filters), ordering_of(filters, ordering)
    if ordering == "relevance":
        return best_first(found, filters.meant or filters.search)
    return found.order_by(*_ORDER_BY[ordering])


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


def facets(products: ProductQuerySet, filters: Filters) -> dict[str, list[dict[str, Any]]]:
    """How many of `products` there are by category, brand, vendor and price band.

    Each facet leaves its own filter aside, so that it counts what choosing another value would find.
    """

    def by(column: Any, **without: Any) -> dict[Any, int]:
        rows = filtered(products, replace(filters, **without)).order_by()
        counts = rows.values(value=column).annotate(number=Count("pk")).values_list("value", "number")
        return dict(counts.order_by())

    return {
        "categories": _category_facet(by(F("category_id"), category="")),
        "brands": _brand_facet(by(F("brand_id"), brands=())),
        "vendors": _vendor_facet(by(F("vendor_id"), vendors=())),
        "prices": _price_facet(by(_price_band(), price_bands=(), min_price=None, max_price=None)),
    }


def category_counts() -> list[tuple[Category, int]]:
    """All categories in the order of the tree, with the number of products sold in each or below it."""
    sold = Product.objects.sold().order_by().values_list("category").annotate(number=Count("pk"))
    return _with_those_below(Category.objects.order_by("path"), dict(sold))


def brands_with_counts() -> QuerySet[Brand]:
    """All brands by name with `product_count`, how many of their products are sold."""
    sold = Product.objects.sold().filter(brand=OuterRef("pk")).order_by().values("brand")
    number = Subquery(sold.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    return Brand.objects.annotate(product_count=Coalesce(number, 0)).order_by(Lower("name"), "id")


def _subtree(slug: str) -> QuerySet[Category]:
    root = Category.objects.filter(slug=slug).first()
    return Category.objects.filter(path__startswith=root.path) if root else Category.objects.none()


def _same_article(barcode: str) -> set[str]:
    """The GTIN in all lengths it is written in: leading zeros mean nothing."""
    return {barcode.lstrip("0").rjust(length, "0") for length in (8, 12, 13, 14)}


def _with_those_below(categories: Iterable[Category], direct: dict[int, int]) -> list[tuple[Category, int]]:
    rows = list(categories)
    below: Counter[str] = Counter()
    for row in rows:
        for depth in range(1, row.depth + 1):
            below[row.path[: depth * Category.steplen]] += direct.get(row.pk, 0)
    return [(row, below[row.path]) for row in rows]


def _category_facet(direct: dict[int, int]) -> list[dict[str, Any]]:
    slugs: list[str] = []
    answer = []
    for row, number in _with_those_below(Category.objects.order_by("path"), direct):
        slugs[row.depth - 1 :] = [row.slug]
        if number:
            parent = slugs[-2] if len(slugs) > 1 else None
            answer.append(
                {
                    "slug": row.slug,
                    "name": row.name,
                    "name_ar": row.name_ar,
                    "parent": parent,
                    "count": number,
                }
            )
    return answer


def _brand_facet(counts: dict[int, int]) -> list[dict[str, Any]]:
    rows = Brand.objects.in_bulk(list(counts))
    return [
        {"slug": rows[pk].slug, "name": rows[pk].name, "name_ar": rows[pk].name_ar, "count": number}
        for pk, number in _most_first(counts)
    ]


def _vendor_facet(counts: dict[int, int]) -> list[dict[str, Any]]:
    rows = Vendor.objects.in_bulk(list(counts))
    return [
        {"id": rows[pk].code, "company_name": rows[pk].company_name, "count": number}
        for pk, number in _most_first(counts)
    ]


def _in_bands(starts: Iterable[int]) -> Q:
    ends = dict(pairwise(PRICE_BANDS))
    bands = (
        Q(price__gte=start, price__lt=ends[start]) if start in ends else Q(price__gte=start)
        for start in starts
    )
    return reduce(or_, bands)


def _price_band() -> Case:
    bands = [When(price__gte=start, then=Value(start)) for start in reversed(PRICE_BANDS)]
    return Case(*bands, default=Value(0), output_field=IntegerField())


def _price_facet(counts: dict[int, int]) -> list[dict[str, Any]]:
    ends = [f"{Decimal(start) - Decimal('0.01'):.2f}" for start in PRICE_BANDS[1:]]
    return [
        {"min_price": f"{start:.2f}", "max_price": end, "count": counts[start]}
        for start, end in zip(PRICE_BANDS, [*ends, None], strict=True)
        if start in counts
    ]


def _most_first(counts: dict[int, int]) -> list[tuple[int, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
