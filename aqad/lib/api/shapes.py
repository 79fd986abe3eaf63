"""Shapes of answers, for the OpenAPI schema only: what is sent is written by each app's `answers`."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

Shape = serializers.Serializer[Any]


def page_of(shape: type[Shape]) -> Shape:
    """One page of a list of `shape`, as `aqad.lib.api.pagination` answers it."""
    return inline_serializer(
        f"{shape.__name__.removesuffix('Shape')}Page",
        {
            "count": serializers.IntegerField(help_text="Exact to 10,000."),
            "count_capped": serializers.BooleanField(required=False),
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": shape(many=True),
        },
    )
