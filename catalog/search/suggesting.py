"""What is offered while one types: products, and brands and categories whose names begin so."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import BooleanField, F, Func

from catalog import selectors
from catalog.models import Brand, Category, Product
from catalog.search.matching import query_of
from catalog.selectors import Filters

PRODUCTS = 5
NAMES = 3


@dataclass(frozen=True)
class Suggestions:
    """`meant` is what the products were found by, where that is not what was typed."""

    meant: str = ""
    products: list[Product] = field(default_factory=list)
    categories: list[Category] = field(default_factory=list)
    brands: list[Brand] = field(default_factory=list)


def suggest(text: str) -> Suggestions:
    """The best finds for `text`, in six statements at most; nothing where there are no words."""
    if not text.strip():
        return Suggestions()
    sold = Product.objects.sold()
    filters = selectors.understood(sold, Filters(search=text))
    meant = filters.meant or ""
    return Suggestions(
        meant,
        list(selectors.with_details(selectors.listed(sold, filters))[:PRODUCTS]),
        list(_named(Category.objects.order_by("depth", "path"), meant or text)[:NAMES]),
        list(_named(Brand.objects.order_by("name"), meant or text)[:NAMES]),
    )


def _named(rows: Any, text: str) -> Any:
    names = Func(F("name"), F("name_ar"), function="catalog_names_vector", output_field=SearchVectorField())
    return rows.filter(
        Func(
            names, query_of(text), template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField()
        )
    )
