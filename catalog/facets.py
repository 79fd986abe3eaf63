"""How many products there are by what a list can be narrowed to, in one statement."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Case, ExpressionWrapper, IntegerField, Value, When

from catalog import selectors
from catalog.models import Category, ProductQuerySet
from catalog.selectors import PRICE_BANDS, Filters
from vendors.models import Vendor

# What words find is found once for all facets; the rest each counts by the index that fits it.
_COUNTED = """
WITH found AS {kept} ({found})
SELECT ARRAY(SELECT json_build_array(category.id, category.slug, category.name, category.name_ar,
                                     category.depth, category.path, counted.number)
               FROM catalog_category AS category
               LEFT JOIN (SELECT category_id, count(*) AS number FROM found WHERE {but_category} GROUP BY 1)
                      AS counted ON counted.category_id = category.id
              ORDER BY category.path),
       ARRAY(SELECT json_build_array(brand.slug, brand.name, brand.name_ar, counted.number)
               FROM (SELECT brand_id, count(*) AS number FROM found WHERE {but_brand} GROUP BY 1) AS counted
               JOIN catalog_brand AS brand ON brand.id = counted.brand_id
              ORDER BY counted.number DESC, brand.id),
       ARRAY(SELECT json_build_array(vendor.id, vendor.company_name, counted.number)
               FROM (SELECT vendor_id, count(*) AS number FROM found WHERE {but_vendor} GROUP BY 1) AS counted
               JOIN vendors_vendor AS vendor ON vendor.id = counted.vendor_id
              ORDER BY counted.number DESC, vendor.id),
       ARRAY(SELECT json_build_array(band, count(*)) FROM found WHERE {but_band} GROUP BY band ORDER BY band)
"""
_CHOSEN = ("category", "brand", "vendor", "band", "stock")


def facets(products: ProductQuerySet, filters: Filters) -> dict[str, list[dict[str, Any]]]:
    """How many of `products` there are by category, brand, vendor and price band.

    Each facet leaves what is chosen in it aside, so that it counts what choosing another value would find.
    Prices that were typed narrow the bands as they narrow the list.
    """
    filters = selectors.understood(products, filters)
    conditions = selectors.conditions(filters)
    passes = {
        f"by_{name}": ExpressionWrapper(condition, BooleanField()) for name, condition in conditions.items()
    }
    found = selectors.found(products, filters).order_by()
    rows = found.values("category_id", "brand_id", "vendor_id", band=_price_band(), **passes)
    try:
        found_sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return {"categories": [], "brands": [], "vendors": [], "prices": []}
    but = {f"but_{name}": _all_but(name, passes) for name in _CHOSEN}
    kept = "MATERIALIZED" if filters.search else "NOT MATERIALIZED"
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED.format(found=found_sql, kept=kept, **but), parameters)
        categories, brands, vendors, prices = cursor.fetchone()
    return {
        "categories": _by_category(categories),
        "brands": [
            {"slug": slug, "name": name, "name_ar": name_ar, "count": number}
            for slug, name, name_ar, number in brands
        ],
        "vendors": [
            {"id": f"{Vendor.CODE_PREFIX}{key}", "company_name": name, "count": number}
            for key, name, number in vendors
        ],
        "prices": _by_price(dict(prices)),
    }


def _all_but(name: str, passes: Iterable[str]) -> str:
    return " AND ".join(each for each in passes if each != f"by_{name}") or "true"


def _by_category(rows: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
    fields = ("id", "slug", "name", "name_ar", "depth", "path")
    categories = [Category(**dict(zip(fields, row[:-1], strict=True))) for row in rows]
    direct = {row[0]: row[-1] or 0 for row in rows}
    slugs: list[str] = []
    answer = []
    for category, number in selectors.with_those_below(categories, direct):
        slugs[category.depth - 1 :] = [category.slug]
        if number:
            answer.append(
                {
                    "slug": category.slug,
                    "name": category.name,
                    "name_ar": category.name_ar,
                    "parent": slugs[-2] if len(slugs) > 1 else None,
                    "count": number,
                }
            )
    return answer


def _price_band() -> Case:
    bands = [When(price__gte=start, then=Value(start)) for start in reversed(PRICE_BANDS)]
    return Case(*bands, default=Value(0), output_field=IntegerField())


def _by_price(counts: dict[int, int]) -> list[dict[str, Any]]:
    ends = [f"{Decimal(start) - Decimal('0.01'):.2f}" for start in PRICE_BANDS[1:]]
    return [
        {"min_price": f"{start:.2f}", "max_price": end, "count": counts[start]}
        for start, end in zip(PRICE_BANDS, [*ends, None], strict=True)
        if start in counts
    ]
