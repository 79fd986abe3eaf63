"""Answers that are the same for everybody: from the cache, with an ETag, asked for again each time."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from rest_framework.request import Request
from rest_framework.response import Response

from aqad.lib.api.json import dumps, loads
from catalog import cache, selectors
from catalog.api.answers import product_json
from catalog.models import Product


def answer(request: Request, body: bytes) -> HttpResponseBase:
    """`body`, or 304 when the client has it. Caches may keep it but ask each time."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response: HttpResponseBase = Response(body, headers={"ETag": etag, "Cache-Control": "no-cache"})
    known = parse_etags(request.headers.get("If-None-Match", ""))
    if "*" in known or etag in (one.removeprefix("W/") for one in known):
        response = HttpResponseNotModified(headers=response.headers)
    return response


def name_of(request: Request) -> str:
    """What this answer is kept under: the path and the query, whatever its order."""
    asked = sorted((name, value) for name, values in request.query_params.lists() for value in values)
    return hashlib.sha256(dumps([request.path, asked])).hexdigest()


def kept(name: str, tags: Sequence[str], make: Callable[[], Any]) -> bytes:
    """The JSON of `make()`, kept under `name` until one of `tags` changes."""
    return cache.fetch({name: tags}, lambda _names: {name: dumps(make())})[name]


def products(ids: Sequence[int]) -> list[bytes]:
    """The products among `ids` that are sold, as JSON, in this order."""
    names = {f"product:{product_id}": [cache.product_tag(product_id)] for product_id in ids}
    return list(cache.fetch(names, _load).values()) if names else []


def page(name: str, tags: Sequence[str], make: Callable[[], dict[str, Any]]) -> bytes:
    """One page of products; `make` gives its body with the ids in `results`."""
    body = loads(kept(name, tags, make))
    results = b",".join(products(body.pop("results")))
    return dumps(body)[:-1] + b',"results":[' + results + b"]}"


def _load(names: list[str]) -> dict[str, bytes]:
    ids = [int(name.partition(":")[2]) for name in names]
    rows = selectors.with_details(Product.objects.sold().filter(pk__in=ids))
    return {f"product:{row.pk}": dumps(product_json(row)) for row in rows}
