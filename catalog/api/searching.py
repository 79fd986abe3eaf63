"""One page of the public list, with what a search says about itself."""

from typing import Any

from rest_framework.request import Request

from aqad.lib.api.pagination import page_of
from catalog import selectors
from catalog.api.answers import highlights
from catalog.models import Product
from catalog.search import missed
from catalog.selectors import Filters


def page(
    request: Request, *, filters: Filters, ordering: str, highlight: bool, **_more: Any
) -> dict[str, Any]:
    """The page's body with the ids of its products; a search that is spelled like nothing is noted."""
    sold = Product.objects.sold()
    filters = selectors.understood(sold, filters)
    body = page_of(request, selectors.listed(sold, filters, ordering).values_list("pk", flat=True), int)
    if not filters.search:
        return body
    if filters.meant or (not body["count"] and selectors.is_search_alone(filters)):
        missed.note(filters.search, filters.meant or "")
    if filters.meant:
        body["did_you_mean"] = filters.meant
    if highlight:
        rows = Product.objects.filter(pk__in=body["results"]).values_list("pk", "name", "name_ar")
        body["highlight"] = highlights(list(rows), filters.meant or filters.search)
    return body
