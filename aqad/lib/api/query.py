from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.serializers import Serializer


def checked_query(
    request: Request | HttpRequest, serializer: type[Serializer[Any]], **context: Any
) -> dict[str, Any]:
    """The query string's checked values, but for `page` and `page_size`. Raises ValidationError."""
    given = request.GET.copy()
    for name in ("page", "page_size"):
        given.pop(name, None)
    checked = serializer(data=given, context={"request": request, **context})
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)
