"""Shapes of answers, for the OpenAPI schema only: what is sent is written by each app's `answers`."""

from functools import cache
from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from aqad.lib.api.serializers import Input

Shape = serializers.Serializer[Any]


class PageQuery(Input):
    """What every list takes; `aqad.lib.api.pagination` reads it."""

    page = serializers.IntegerField(required=False, min_value=1)
    page_size = serializers.IntegerField(required=False, min_value=1, help_text="At most 100 are given.")


@cache  # one list may be answered by several views: it must be the same class then
def page_of(shape: type[serializers.Serializer[Any]]) -> Shape:
    """One page of a list of `shape`, as `aqad.lib.api.pagination` answers it."""
    return inline_serializer(
        f"{shape.__name__.removesuffix('Shape').removesuffix('Output')}Page",
        {
            "count": serializers.IntegerField(help_text="Exact to 10,000."),
            "count_capped": serializers.BooleanField(required=False),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": shape(many=True),
        },
    )
