"""What is offered while one types: products, and brands and categories whose names begin so."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db import connection

from catalog.models import Brand, Category, Product
from catalog.search.matching import matches, query_of
from catalog.search.ranking import WEIGHED, heaviest, most_popular
from catalog.search.spelling import read

PRODUCTS = 5
NAMES = 3

_SHOWN = ("id", "name", "name_ar", "pack_size", "price")
_NAMED = ("slug", "name", "name_ar")
_FOUND = """
SELECT ARRAY(SELECT json_build_array(id, name, name_ar, pack_size, price::text) FROM ({products}) AS product),
       ARRAY(SELECT json_build_array(slug, name, name_ar) FROM ({categories}) AS category),
       ARRAY(SELECT json_build_array(slug, name, name_ar) FROM ({brands}) AS brand)
"""


@dataclass(frozen=True)
class Suggestions:
    """With what is shown of each, no more. `meant` is what found them, where that is not what was typed."""

    meant: str = ""
    products: Sequence[Product] = field(default_factory=list)
    categories: Sequence[Category] = field(default_factory=list)
    brands: Sequence[Brand] = field(default_factory=list)


def suggest(text: str) -> Suggestions:
    """The best finds for `text`, in one statement, and three more where it is spelled like nothing."""
    if not text.strip():
        return Suggestions()
    found = _found(text)
    if found.products:
        return found
    meant = read(Product.objects.sold(), text).meant
    return replace(_found(meant), meant=meant) if meant else found


def _found(text: str) -> Suggestions:
    """By beginnings of words, of products as of names: the end is not typed yet."""
    query = query_of(text)
    chosen = most_popular(Product.objects.sold().filter(matches(query))).values("pk")[:WEIGHED]
    parts = {
        "products": heaviest(Product.objects.filter(pk__in=chosen), text).values(*_SHOWN)[:PRODUCTS],
        "categories": Category.objects.filter(matches(query))
        .order_by("depth", "path")
        .values(*_NAMED)[:NAMES],
        "brands": Brand.objects.filter(matches(query)).order_by("name").values(*_NAMED)[:NAMES],
    }
    made = {name: part.query.sql_with_params() for name, part in parts.items()}
    statement = _FOUND.format(**{name: sql for name, (sql, _parameters) in made.items()})
    with connection.cursor() as cursor:
        cursor.execute(statement, [each for _sql, parameters in made.values() for each in parameters])
        products, categories, brands = cursor.fetchone()
    return Suggestions(
        "",
        [Product(**{**dict(zip(_SHOWN, row, strict=True)), "price": Decimal(row[-1])}) for row in products],
        [Category(**dict(zip(_NAMED, row, strict=True))) for row in categories],
        [Brand(**dict(zip(_NAMED, row, strict=True))) for row in brands],
    )
