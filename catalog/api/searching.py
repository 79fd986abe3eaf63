"""One page of the public list, with what a search says about itself."""

from typing import Any

from django.http import HttpRequest

from catalog import selectors
from catalog.api import pages
from catalog.api.answers import highlights
from catalog.models import Product
from catalog.plain_lists import PlainList
from catalog.reads import Row
from catalog.search import missed
from catalog.selectors import Filters


def page(
    request: HttpRequest, *, filters: Filters, ordering: str, cursor: str, highlight: bool, **_more: Any
) -> tuple[dict[str, Any], list[Row]]:
    """The page's body, `results` still empty, and its rows; a search spelled like nothing is noted."""
    by = selectors.ordering_of(filters, ordering)
    every: Any = None if cursor else PlainList.of(filters, by)
    if every is None:
        every, filters = selectors.read_and_listed(Product.objects.sold(), filters, by)
    body, rows = pages.page(request, every, by, cursor)
    if not filters.search:
        return body, rows
    if filters.meant or (not body["count"] and selectors.is_search_alone(filters)):
        missed.note(filters.search, filters.meant)
    if filters.meant:
        body["did_you_mean"] = filters.meant
    if highlight:
        names = [(row.id, row.name, row.name_ar) for row in rows]
        body["highlight"] = highlights(names, filters.meant or filters.search)
    return body, rows
