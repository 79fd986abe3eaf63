"""What anyone may read of the catalogue: bytes from the cache, with an ETag, asked for again each time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
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
from catalog.facets import facets as count_facets
from catalog.models import Product
from catalog.search.suggesting import suggest

# Anybody may store it and must ask whether it still holds: no age, however short, is always true.
CACHE_CONTROL = "public, max-age=0, must-revalidate"
CONTENT_TYPE = "application/json"
_PRODUCT = "/api/products/"


@dataclass(frozen=True)
class Read:
    """One kind of public answer, an address that asks for it, and how it is made where it is not kept."""

    kind: str
    example: str
    make: Callable[[HttpRequest], Answer]

    def answer(self, request: HttpRequest, kept: Any = cache.UNKNOWN) -> Answer:
        """`kept` is what Redis has under `name_of`, where that is known already."""
        return cache.fetch(self.kind, name_of(request.META), partial(self.make, request), kept)

    def respond(self, request: HttpRequest) -> HttpResponse:
        """The answer, or 304 when the client has it. Raises NotFound for a thing that is not there."""
        answer = self.answer(request)
        if not answer.template:
            raise NotFound()
        headers = {"ETag": answer.etag, "Cache-Control": CACHE_CONTROL}
        if is_known(request.META, answer.etag):
            return HttpResponseNotModified(headers=headers)
        return HttpResponse(answer.body, headers=headers, content_type=CONTENT_TYPE)


def read_of(path: str) -> Read | None:
    """What answers this address, if it is one of the public ones."""
    if path in _READS:
        return _READS[path]
    if path.startswith(_PRODUCT) and codes.parse(path[len(_PRODUCT) :], Product.CODE_PREFIX):
        return product
    return None


def name_of(environ: Mapping[str, Any]) -> str:
    """What the answer is kept under: the address as it was asked for."""
    return f"{environ.get('PATH_INFO', '')}?{environ.get('QUERY_STRING', '')}"


def is_known(environ: Mapping[str, Any], etag: str) -> bool:
    """Whether the client says that it has the answer with this strong ETag (RFC 9110, 13.1.2)."""
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if not asked:
        return False
    known = parse_etags(asked)
    return "*" in known or etag in (one.removeprefix("W/") for one in known)


def _products(request: HttpRequest) -> Answer:
    asked = checked_query(request, serializers.PublicProductQuery)
    body, rows = searching.page(request, **asked)
    body["results"] = [answers.without_stock(answers.product_json(row)) for row in rows]
    return Answer(
        answers.with_gaps(body),
        [row.id for row in rows],
        [row.available for row in rows],
        by_stock=asked["filters"].by_stock,
    )


def _product(request: HttpRequest) -> Answer:
    key = codes.parse(request.path_info[len(_PRODUCT) :], Product.CODE_PREFIX)
    row = reads.one(Product.objects.sold().filter(pk=key)) if key else None
    if row is None:
        return cache.NOTHING
    shown = answers.without_stock(answers.product_json(row))
    return Answer(answers.with_gaps(shown), [row.id], [row.available])


def _facets(request: HttpRequest) -> Answer:
    filters = checked_query(request, serializers.ProductQuery)["filters"]
    counted = count_facets(Product.objects.sold(), filters)
    return Answer(dumps(counted), by_stock=filters.by_stock)


def _suggestions(request: HttpRequest) -> Answer:
    text = checked_query(request, serializers.SuggestQuery)["q"]
    return Answer(dumps(answers.suggestions_json(text, suggest(text))), by_stock=True)


def _categories(request: HttpRequest) -> Answer:
    """The tree: each category with those below it; a page holds whole trunks."""
    return _page(request, answers.tree(selectors.category_counts()), dict)


def _brands(request: HttpRequest) -> Answer:
    return _page(request, selectors.brands_with_counts(), answers.brand_json)


products = Read("list", "/api/products", _products)
product = Read("product", f"{_PRODUCT}{Product.CODE_PREFIX}1001", _product)
facets = Read("facets", "/api/products/facets", _facets)
suggestions = Read("suggestions", "/api/products/suggest", _suggestions)
categories = Read("categories", "/api/categories", _categories)
brands = Read("brands", "/api/brands", _brands)
_READS = {read.example: read for read in (products, facets, suggestions, categories, brands)}
BEGINNINGS = (products.example, categories.example, brands.example)  # of all their addresses


def _page(request: HttpRequest, rows: Any, serialize: Callable[[Any], Any]) -> Answer:
    return Answer(dumps(page_of(request, rows, serialize)))
