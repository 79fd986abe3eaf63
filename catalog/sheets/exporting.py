"""A vendor's products as the rows of a sheet: what is written here, reading takes for unchanged."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from catalog.models import Product, ProductQuerySet
from catalog.sheets.columns import Column, columns
from catalog.sheets.shelf import Shelf
from catalog.sheets.writing import stream

BLOCK = 1000
FEWEST_TIERS = 3


def products_file(products: ProductQuerySet, kind: str) -> Iterator[bytes]:
    """Those of `products` that are not archived, in the language of now, a block in memory at a time."""
    rows = _rows(products.exclude(status=Product.Status.ARCHIVED))
    return stream(kind, [(_("Products"), rows)], language=get_language() or "en")


def _rows(products: ProductQuerySet) -> Iterator[Sequence[Any]]:
    counted = products.order_by().annotate(number=Count("price_tiers")).aggregate(most=Max("number"))
    tiers = max(counted["most"] or 0, FEWEST_TIERS)
    written, shelf, last = columns(tiers), Shelf(), 0
    yield [str(column.heading) for column in written]
    related = products.select_related("stock", "category", "brand").prefetch_related("price_tiers")
    while block := list(related.filter(pk__gt=last).order_by("pk")[:BLOCK]):
        for product in block:
            yield _row(product, written, shelf)
        last = block[-1].pk


def _row(product: Product, written: Sequence[Column], shelf: Shelf) -> list[Any]:
    values = {
        "id": product.code,
        "category": shelf.written(product.category),
        "brand": shelf.written(product.brand),
        "quantity": product.stock.on_hand,
    }
    for number, tier in enumerate(product.price_tiers.all(), start=1):
        values |= {f"tier_{number}_min": tier.min_quantity, f"tier_{number}_price": tier.price}
    return [
        values[column.name] if column.name in values else getattr(product, column.name, "")
        for column in written
    ]
