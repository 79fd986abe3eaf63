"""Products with all that their answers show, in one statement however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

_ROWS = """
SELECT page.count, page.more, item.*
  FROM (SELECT ids, cardinality(ids) > {size} AS more,
               CASE WHEN %s OR cardinality(ids) > {size}
                    THEN (SELECT count(*) FROM ({counted}) AS counted) END AS count
          FROM (SELECT ARRAY({ids}) AS ids OFFSET 0) AS found) AS page
  LEFT JOIN LATERAL (
    SELECT product.id, product.status, product.name, product.name_ar, product.description,
           product.description_ar, product.sku, product.barcode, product.price, product.unit_code,
           product.pack_size, product.min_order_quantity, product.order_multiple, product.vat_category,
           product.lead_time_days, product.created_at, product.updated_at,
           category.slug, category.name, category.name_ar, brand.slug, brand.name, brand.name_ar,
           vendor.id, vendor.company_name, stock.on_hand - stock.reserved,
           ARRAY(SELECT json_build_array(image.id, image.key, image.alt, image.position, image.width,
                                         image.height, image.thumbnails)
                   FROM catalog_productimage AS image WHERE image.product_id = product.id
                  ORDER BY image.position, image.id),
           ARRAY(SELECT json_build_array(tier.min_quantity, tier.price::text)
                   FROM catalog_pricetier AS tier WHERE tier.product_id = product.id
                  ORDER BY tier.min_quantity)
      FROM unnest(page.ids[:{size}]) WITH ORDINALITY AS shown (id, place)
      JOIN catalog_product AS product ON product.id = shown.id
      JOIN catalog_category AS category ON category.id = product.category_id
      JOIN catalog_brand AS brand ON brand.id = product.brand_id
      JOIN vendors_vendor AS vendor ON vendor.id = product.vendor_id
      JOIN catalog_stock AS stock ON stock.product_id = product.id
     ORDER BY shown.place
  ) AS item ON true
"""


class Row(NamedTuple):
    """One product, as its answer needs it."""

    id: int
    status: str
    name: str
    name_ar: str
    description: str
    description_ar: str
    sku: str
    barcode: str
    price: Any
    unit_code: str
    pack_size: str
    min_order_quantity: int
    order_multiple: int
    vat_category: str
    lead_time_days: int
    created_at: Any
    updated_at: Any
    category: str
    category_name: str
    category_name_ar: str
    brand: str
    brand_name: str
    brand_name_ar: str
    vendor: int
    company_name: str
    available: int
    images: list[list[Any]]  # id, key, alt, position, width, height, thumbnails by width
    price_tiers: list[tuple[int, str]]


@dataclass(frozen=True)
class Part:
    """A part of a list. `count` is that of the whole, None where nobody counted because this is its end."""

    rows: list[Row]
    more: bool
    count: int | None


def part(
    found: QuerySet[Any, Any],
    start: int,
    size: int,
    *,
    of: QuerySet[Any, Any],
    count_to: int,
    count_always: bool = False,
) -> Part:
    """`size` products of the ordered list `found`. If more follow, `of` is counted, up to `count_to`."""
    try:
        ids, ids_with = _sql(found.values_list("pk")[start : start + size + 1])
        counted, counted_with = _sql(of.order_by().values_list("pk")[:count_to])
    except EmptyResultSet:  # nothing can be found, so nothing is asked
        return Part([], more=False, count=None)
    statement = _ROWS.format(size=size, ids=ids, counted=counted)
    with connection.cursor() as cursor:
        cursor.execute(statement, [count_always, *counted_with, *ids_with])
        answered = cursor.fetchall()
    count, more = answered[0][:2]
    return Part([Row(*row[2:]) for row in answered if row[2] is not None], more, count)


def one(found: QuerySet[Any, Any]) -> Row | None:
    """The only product of `found`."""
    return next(iter(part(found.order_by(), 0, 1, of=found, count_to=1).rows), None)


def _sql(ids: QuerySet[Any, Any]) -> tuple[str, Sequence[Any]]:
    return ids.query.sql_with_params()
