"""Ways to what a reader is after: shelves, suggestions while typing, what to try where nothing was found."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models.functions import Greatest
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from aqad.lib.errors import NotFound
from catalog import selectors as catalog
from catalog.models import Brand, Category, Product
from catalog.search.marks import Ranges, marks
from catalog.search.suggesting import suggest
from catalog.selectors import Filters
from storefront import shelves
from storefront.pictures import drawing_of

SUGGESTED_NAMES = 3
NEAR = 0.25  # trigram similarity from which a name may be what was meant
POPULAR = 6


def shelf(slug: str) -> dict[str, Any]:
    """The category, the way to it, and what lies directly below it that is not empty. Raises NotFound."""
    category = Category.objects.filter(slug=slug).first()
    if category is None:
        raise NotFound()
    below = [(each, each["count"], drawing_of(each["slug"])) for each in shelves.below(slug)]
    above = way_to(category)[:-1]
    return {"category": category, "above": above, "below": below, "drawing": drawing_of(slug)}


def way_to(category: Category) -> list[Category]:
    """The category and those above it, from the top."""
    paths = [category.path[: depth * Category.steplen] for depth in range(1, category.depth + 1)]
    return list(Category.objects.filter(path__in=paths).order_by("path"))


def suggestions(words: str) -> dict[str, Any]:
    """The best products for `words`, and the categories and brands that begin so."""
    if not any(char.isalnum() for char in words):
        return {"words": ""}
    found = suggest(words)
    pictured = catalog.with_details(Product.objects.all()).in_bulk([product.pk for product in found.products])
    products = [pictured[product.pk] for product in found.products if product.pk in pictured]
    mark_names(products, found.meant or words)
    return {"words": words, "found": replace(found, products=products)}


def mark_names(products: Sequence[Product], words: str) -> None:
    """Give each product `marked_name`: its name in the reader's language, with `words` marked in it."""
    names = [product.name_read for product in products]
    for product, name, ranges in zip(products, names, marks(names, words), strict=True):
        product.marked_name = _marked(name, ranges)  # type: ignore[attr-defined]


def _marked(text: str, ranges: Ranges) -> SafeString:
    pieces, reached = [], 0
    for start, end in ranges:
        pieces += [escape(text[reached:start]), format_html("<mark>{}</mark>", text[start:end])]
        reached = end
    return mark_safe("".join([*pieces, escape(text[reached:])]))  # noqa: S308 - every piece is escaped


def instead(filters: Filters) -> dict[str, Any]:
    """For an empty list: names perhaps meant, what the words find unfiltered, the fullest shelves."""
    unfiltered = Filters(search=filters.search)
    return {
        "meant": _near(Category, filters.search) + _near(Brand, filters.search) if filters.search else [],
        "without_filters": (
            catalog.filtered(Product.objects.sold(), unfiltered).order_by().count()
            if filters.search and replace(filters, search="") != Filters()
            else 0
        ),
        "shelves": [(each, each["count"]) for each in shelves.fullest()[:POPULAR]],
    }


def _near(model: type[Category] | type[Brand], words: str) -> list[Any]:
    likeness = Greatest(TrigramSimilarity("name", words), TrigramSimilarity("name_ar", words))
    rows = model.objects.annotate(likeness=likeness).filter(likeness__gt=NEAR)
    return list(rows.order_by("-likeness", "pk")[:SUGGESTED_NAMES])
