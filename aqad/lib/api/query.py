from typing import Any

from django.http import HttpRequest
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from aqad.lib.api.serializers import checked


def checked_query(request: Request | HttpRequest, serializer: type[Serializer[Any]]) -> dict[str, Any]:
    """The query string's checked values, but for `page` and `page_size`. Raises ValidationError."""
    given = request.GET.copy()
    for name in ("page", "page_size"):
        given.pop(name, None)
    return checked(serializer, given)
