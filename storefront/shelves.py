"""How full the shelves are, as the facets count it: from the cache when hot, for a million counts slowly."""

from dataclasses import replace
from typing import Any

from aqad.lib.api.json import dumps, loads
from catalog import cache
from catalog.cache import Answer
from catalog.facets import facets
from catalog.models import Product
from catalog.selectors import Filters

Shelf = dict[str, Any]  # slug, name, name_ar, parent, count


def kept_facets(filters: Filters) -> dict[str, list[Shelf]]:
    """The facets that the API answers, from the cache when hot."""
    filters = replace(filters, reading=None)  # the words are read after the edition is, like all that is kept

    def make() -> Answer:
        return Answer(dumps(facets(Product.objects.sold(), filters)), by_stock=filters.by_stock)

    made = cache.fetch("facets", f"{filters}", make)
    counted: dict[str, list[Shelf]] = loads(made.template)
    return counted


def below(slug: str | None) -> list[Shelf]:
    """The categories directly below that of `slug`, or at the top, that have something to sell."""
    return [each for each in kept_facets(Filters())["categories"] if each["parent"] == slug]


def fullest() -> list[Shelf]:
    """Those at the top, the fullest first."""
    return sorted(below(None), key=lambda each: -each["count"])
