"""What anyone may read of the catalogue: bytes from the cache, with an ETag, asked for again each time."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

from aqad.lib import codes
from aqad.lib.api.json import dumps
from aqad.lib.api.pagination import page_of
from aqad.lib.api.query import checked_query
from aqad.lib.errors import NotFound
from catalog import cache, reads, selectors
from catalog.api import answers, searching, serializers
from catalog.cache import Answer
from catalog.models import Product
from catalog.search.suggesting import suggest

# Anybody may store it and must ask whether it still holds: no age, however short, is always true.
CACHE_CONTROL = "public, max-age=0, must-revalidate"
_PRODUCT = "/api/products/"

Read = Callable[[HttpRequest], Answer]


def read_of(request: HttpRequest) -> Read | None:
    """What answers this address, if it is one of the public ones."""
    path = request.path_info
    if path in _READS:
        return _READS[path]
    if path.startswith(_PRODUCT) and codes.parse(path[len(_PRODUCT) :], Product.CODE_PREFIX):
        return product
    return None


def name_of(request: HttpRequest) -> str:
    """What the answer is kept under: the address as it was asked for."""
    return f"{request.path_info}?{request.META.get('QUERY_STRING', '')}"


def respond(request: HttpRequest, answer: Answer) -> HttpResponse:
    """The answer, or 304 when the client has it. Raises NotFound for a thing that is not there."""
    if not answer.template:
        raise NotFound()
    headers = {"ETag": answer.etag, "Cache-Control": CACHE_CONTROL}
    if asked := request.META.get("HTTP_IF_NONE_MATCH"):
        known = parse_etags(asked)
        if "*" in known or headers["ETag"] in (one.removeprefix("W/") for one in known):
            return HttpResponseNotModified(headers=headers)
    body = answer.body
    headers["Content-Length"] = str(len(body))
    return HttpResponse(body, headers=headers, content_type="application/json")


def products(request: HttpRequest) -> Answer:
    """One page of what is sold."""

    def make() -> Answer:
        asked = checked_query(request, serializers.PublicProductQuery)
        body, rows = searching.page(request, **asked)
        body["results"] = [answers.without_stock(answers.product_json(row)) for row in rows]
        return Answer(
            answers.with_gaps(body),
            [row.id for row in rows],
            [row.available for row in rows],
            by_stock=asked["filters"].by_stock,
        )

    return _fetch("list", request, make)


def product(request: HttpRequest) -> Answer:
    """A product that is sold."""

    def make() -> Answer:
        key = codes.parse(request.path_info[len(_PRODUCT) :], Product.CODE_PREFIX)
        row = reads.one(Product.objects.sold().filter(pk=key)) if key else None
        if row is None:
            return cache.NOTHING
        shown = answers.without_stock(answers.product_json(row))
        return Answer(answers.with_gaps(shown), [row.id], [row.available])

    return _fetch("product", request, make)


def facets(request: HttpRequest) -> Answer:
    def make() -> Answer:
        filters = checked_query(request, serializers.ProductQuery)["filters"]
        counted = selectors.facets(Product.objects.sold(), filters)
        return Answer(dumps(counted), by_stock=filters.by_stock)

    return _fetch("facets", request, make)


def suggestions(request: HttpRequest) -> Answer:
    """What to offer while one types."""

    def make() -> Answer:
        text = checked_query(request, serializers.SuggestQuery)["q"]
        return Answer(dumps(answers.suggestions_json(text, suggest(text))), by_stock=True)

    return _fetch("suggestions", request, make)


def categories(request: HttpRequest) -> Answer:
    """The tree: each category with those below it; a page holds whole trunks."""
    return _fetch(
        "categories",
        request,
        lambda: _page(request, answers.tree(selectors.category_counts()), dict),
    )


def brands(request: HttpRequest) -> Answer:
    return _fetch(
        "brands",
        request,
        lambda: _page(request, selectors.brands_with_counts(), answers.brand_json),
    )


_READS: dict[str, Read] = {
    "/api/products": products,
    "/api/products/facets": facets,
    "/api/products/suggest": suggestions,
    "/api/categories": categories,
    "/api/brands": brands,
}


def _fetch(kind: str, request: HttpRequest, make: Callable[[], Answer]) -> Answer:
    return cache.fetch(kind, name_of(request), make, getattr(request, "kept", cache.UNKNOWN))


def _page(request: HttpRequest, rows: Any, serialize: Callable[[Any], Any]) -> Answer:
    return Answer(dumps(page_of(request, rows, serialize)))
