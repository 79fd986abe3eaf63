"""Lists by the page: one shape, bounded work."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
COUNT_CAP = 10_000

_NUMBER = re.compile(r"0*[1-9][0-9]*")
_LAST_PAGE = 10**9  # no list is longer; a database offset has 64 bits

Row = TypeVar("Row")


def paginate(
    request: Request, rows: "QuerySet[Any, Row] | Sequence[Row]", serialize: Callable[[Row], Any]
) -> Response:
    """Answer one page of `rows`: an ordered queryset, or a list that is already there.

    `page_size` above 100 means 100. Raises ValidationError for a `page` or `page_size` that is no positive
    number, NotFound beyond the end. A queryset is counted to 10,000 only: two statements in all.
    """
    return Response(page_of(request, rows, serialize))


def page_of(
    request: Request | HttpRequest,
    rows: "QuerySet[Any, Row] | Sequence[Row]",
    serialize: Callable[[Row], Any],
) -> dict[str, Any]:
    """The body of `paginate`, for callers that keep it."""
    page, size = place_of(request)
    start = (page - 1) * size
    found = list(rows[start : start + size + 1])
    if not found and page > 1:
        raise NotFound
    count = _count(rows, start, len(found), size)
    body: dict[str, Any] = {
        "count": min(count, COUNT_CAP),
        "next": link_to(request, page=page + 1) if len(found) > size else None,
        "previous": link_to(request, page=page - 1) if page > 1 else None,
        "results": [serialize(row) for row in found[:size]],
    }
    if count > COUNT_CAP:
        body["count_capped"] = True
    return body


def place_of(request: Request | HttpRequest) -> tuple[int, int]:
    """The page's number, from 1, and its size. Raises as `paginate` does."""
    page = _number(request, "page", 1)
    if page > _LAST_PAGE:
        raise NotFound
    return page, min(_number(request, "page_size", PAGE_SIZE), MAX_PAGE_SIZE)


def link_to(request: Request | HttpRequest, **place: Any) -> str:
    """This list at another place: `page=3`, or a `cursor`."""
    query = request.GET.copy()
    for name in ("page", "cursor"):
        query.pop(name, None)
    query.update({name: str(value) for name, value in place.items()})
    return f"{settings.PUBLIC_URL}{request.path}?{query.urlencode()}"


def _number(request: Request | HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name)
    if text is None:
        return default
    if not _NUMBER.fullmatch(text):
        raise ValidationError({name: [_("Enter a whole number of at least 1.")]})
    return int(text) if len(text) <= 18 else 10**18


def _count(rows: "QuerySet[Any, Any] | Sequence[Any]", start: int, found: int, size: int) -> int:
    if 0 < found <= size or (found == 0 and start == 0):  # this page is the last: no need to ask
        return start + found
    if (number := getattr(rows, "number", None)) is not None:  # a search counts as it finds
        return int(number)
    if isinstance(rows, QuerySet):
        return rows.order_by()[: COUNT_CAP + 1].count()
    return len(rows)
