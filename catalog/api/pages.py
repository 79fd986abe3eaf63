"""Lists of products by the page: by number as far as they are counted, from there on by a cursor."""

import base64
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError

from aqad.lib.api.json import dumps, loads
from aqad.lib.api.pagination import COUNT_CAP, link_to, place_of
from catalog import reads, selectors
from catalog.models import ProductQuerySet
from catalog.plain_lists import PlainList
from catalog.reads import Part, Row
from catalog.search.ranking import BestFirst


def page(
    request: HttpRequest, every: ProductQuerySet | PlainList, ordering: str, cursor: str = ""
) -> tuple[dict[str, Any], list[Row]]:
    """The body of the page asked for of the list `every`, `results` still empty, and its rows: one statement.

    A `cursor` stands for the last row before the page. Raises ValidationError for one that is not ours,
    NotFound beyond the end.
    """
    number, size = place_of(request)
    start = 0 if cursor else (number - 1) * size
    if start >= COUNT_CAP:
        raise NotFound
    part = _part(every, start, size, ordering, cursor)
    if not part.rows and (start or cursor):
        raise NotFound
    known = every.number if isinstance(every, BestFirst) else None
    count = known or (start + len(part.rows) if part.count is None else part.count)
    body: dict[str, Any] = {
        "count": min(count, COUNT_CAP),
        "next": _next(request, part, start + size, ordering, cursor),
        "previous": link_to(request, page=number - 1) if start else None,
        "results": [],
    }
    return body | ({"count_capped": True} if count > COUNT_CAP else {}), part.rows


def _part(every: ProductQuerySet | PlainList, start: int, size: int, ordering: str, cursor: str) -> Part:
    """`every` is counted one further than to COUNT_CAP, unless that is known."""
    if isinstance(every, PlainList):
        return reads.part(every.keys(start, size + 1, COUNT_CAP + 1), size)
    found = selectors.after(every, ordering, *_read(cursor, ordering)) if cursor else every
    is_counted = isinstance(every, BestFirst)  # the search has done it
    try:
        keys = reads.keys_of(
            found[start : start + size + 1], None if is_counted else every.order_by()[: COUNT_CAP + 1]
        )
    except EmptyResultSet:
        return Part([], more=False, count=None)
    return reads.part(keys, size, count_always=bool(cursor))


def _next(request: HttpRequest, part: Part, end: int, ordering: str, cursor: str) -> str | None:
    """By number as far as numbers go, then by cursor; the best matches end there."""
    if not part.more:
        return None
    if not cursor and end < COUNT_CAP:
        return link_to(request, page=place_of(request)[0] + 1)
    if ordering == "relevance":
        return None
    last = part.rows[-1]
    value = {"name": last.name, "price": last.price, "-price": last.price}.get(ordering, "")
    written = base64.urlsafe_b64encode(dumps([str(value), last.id])).rstrip(b"=").decode()
    return link_to(request, cursor=written)


def _read(cursor: str, ordering: str) -> tuple[Any, int]:
    try:
        value, key = loads(base64.urlsafe_b64decode(f"{cursor}=="))
        if ordering in ("price", "-price"):
            value = Decimal(value)
    except (ValueError, TypeError, ArithmeticError) as error:
        raise _not_ours() from error
    if ordering == "relevance" or type(key) is not int or not isinstance(value, str | Decimal):
        raise _not_ours()
    return value, key


def _not_ours() -> ValidationError:
    return ValidationError({"cursor": [_("Take the cursor from the list's own links.")]})
