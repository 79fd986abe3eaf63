"""Products with all that their answers show, in one statement however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

_PART = """
SELECT page.count, page.more, {columns}
  FROM (SELECT ids, cardinality(ids) > {size} AS more, {count} AS count
          FROM (SELECT ARRAY({ids}) AS ids OFFSET 0) AS found) AS page
  LEFT JOIN LATERAL catalog_rows(page.ids[:{size}]) AS item ON true
"""
_COUNT = "CASE WHEN %s OR cardinality(ids) > {size} THEN (SELECT count(*) FROM ({counted}) AS counted) END"
_ALL = "SELECT {columns} FROM catalog_rows(ARRAY({ids})) AS item"


class Row(NamedTuple):
    """One product, as its answer needs it: what the function `catalog_rows` gives."""

    id: int
    status: str
    name: str
    name_ar: str
    description: str
    description_ar: str
    sku: str
    barcode: str
    price: str
    unit_code: str
    pack_size: str
    min_order_quantity: int
    order_multiple: int
    vat_category: str
    lead_time_days: int
    created_at: str  # ISO 8601
    updated_at: str
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
    price_tiers: list[tuple[str, str]]  # from which quantity, at which price


_COLUMNS = ", ".join(f"item.{name}" for name in Row._fields)


@dataclass(frozen=True)
class Part:
    """A part of a list. `count` is that of the whole, None where nobody counted because this is its end."""

    rows: list[Row]
    more: bool
    count: int | None


@dataclass(frozen=True)
class Keys:
    """SQL that selects the keys of a page, one more than it shows, and what is counted for it, if any."""

    ids: str
    ids_with: Sequence[Any]
    counted: str = ""
    counted_with: Sequence[Any] = ()


def keys_of(page: QuerySet[Any, Any], counted: QuerySet[Any, Any] | None = None) -> Keys:
    """Raises EmptyResultSet where nothing can be found."""
    return Keys(*_sql(page), *(_sql(counted) if counted is not None else ()))


def part(keys: Keys, size: int, *, count_always: bool = False) -> Part:
    """The `size` products of a page; if more follow, they are counted."""
    count, count_with = "NULL", []
    if keys.counted:
        count = _COUNT.format(size=size, counted=keys.counted)
        count_with = [count_always, *keys.counted_with]
    statement = _PART.format(columns=_COLUMNS, size=size, count=count, ids=keys.ids)
    with connection.cursor() as cursor:
        cursor.execute(statement, [*count_with, *keys.ids_with])
        answered = cursor.fetchall()
    number, more = answered[0][:2]
    return Part([Row(*row[2:]) for row in answered if row[2] is not None], more, number)


def one(found: QuerySet[Any, Any]) -> Row | None:
    """The first product of `found`."""
    try:
        ids, ids_with = _sql(found[:1])
    except EmptyResultSet:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_ALL.format(columns=_COLUMNS, ids=ids), ids_with)
        row = cursor.fetchone()
    return Row(*row) if row else None


def _sql(found: QuerySet[Any, Any]) -> tuple[str, Sequence[Any]]:
    return found.values_list("pk").query.sql_with_params()
