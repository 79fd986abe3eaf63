"""What the public API answers about a product, from the cache where it is kept there."""

import io
import json
from typing import Any

from django.core.handlers.wsgi import WSGIRequest

from aqad.lib.api.json import dumps
from aqad.lib.errors import NotFound
from catalog import reads
from catalog.api import public
from catalog.api.answers import product_json
from catalog.models import Product


def shown(code: str) -> dict[str, Any]:
    """The body that anybody gets; empty where the public knows no such product."""
    path = f"/api/products/{code}"
    request = WSGIRequest({"REQUEST_METHOD": "GET", "PATH_INFO": path, "wsgi.input": io.BytesIO()})
    try:
        return json.loads(public.product.respond(request).content)
    except NotFound:
        return {}


def true(product_id: int) -> dict[str, Any]:
    """The same from the database."""
    row = reads.one(Product.objects.sold().filter(pk=product_id))
    return json.loads(dumps(product_json(row))) if row else {}


def differing(seen: dict[str, Any], real: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Field, what is shown, what is true; empty where both are the same. What is in stock comes first."""
    names = sorted(seen.keys() | real.keys(), key=lambda name: (name != "available", name))
    return [
        (name, seen.get(name, "–"), real.get(name, "–")) for name in names if seen.get(name) != real.get(name)
    ]
