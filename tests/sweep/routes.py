"""Every address of AQAD, read from the real URL map."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Route:
    """`path` with `{}` for each part that varies; `methods` only where a class says them."""

    path: str
    methods: tuple[str, ...]

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def is_admin_site(self) -> bool:
        return self.path.startswith("/admin/")


def all_routes() -> list[Route]:
    return [Route(shape_of(path), _methods(view)) for path, view in _walk(get_resolver(), "/")]


def shape_of(path: str) -> str:
    """`/api/orders/<str:code>` and `/api/orders/{order}` → `/api/orders/{}`."""
    return re.sub(r"<[^>]*>|\{\w*\}", "{}", path)


def _walk(resolver: URLResolver, above: str) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        path = above + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, path)
        elif isinstance(entry, URLPattern):
            yield path, entry.callback


def _methods(view: Any) -> tuple[str, ...]:
    of_class = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if of_class is None:
        return ()
    allowed = of_class.http_method_names
    return tuple(name for name in METHODS if name.lower() in allowed and hasattr(of_class, name.lower()))
