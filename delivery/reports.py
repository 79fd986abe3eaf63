"""What a driver's report takes, from the app and from the page alike."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aqad.lib.api.serializers import Input
from aqad.lib.api.texts import FigureField, FreeTextField
from aqad.lib.files.fields import CleanImageField
from delivery.services import Step

STEPS = ("picked_up", "out_for_delivery", "delivered", "failed", "returned")


@extend_schema_field({"type": "string", "pattern": "^[0-9]{4}$", "example": "4711"})
class PinField(FigureField):
    """Four digits, as text or number; anything else is simply a wrong PIN."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=16, **kwargs)


class StepInput(Input):
    """A position goes with both of its numbers or with none."""

    status = serializers.ChoiceField(choices=STEPS)
    note = FreeTextField(max_length=500, required=False, allow_blank=True)
    pin = PinField(required=False, allow_blank=True)
    latitude = serializers.DecimalField(
        max_digits=None,
        decimal_places=None,
        min_value=Decimal(-90),
        max_value=Decimal(90),
        required=False,
        allow_null=True,
    )
    longitude = serializers.DecimalField(
        max_digits=None,
        decimal_places=None,
        min_value=Decimal(-180),
        max_value=Decimal(180),
        required=False,
        allow_null=True,
    )
    occurred_at = serializers.DateTimeField(required=False, allow_null=True)
    photo = CleanImageField(required=False)

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        if (values.get("latitude") is None) != (values.get("longitude") is None):
            raise serializers.ValidationError(
                {"latitude": [_("Send latitude and longitude together, or neither.")]}
            )
        return values


def step(values: dict[str, Any]) -> Step:
    """The report in checked input; positions are kept to six places, about a hand's breadth."""
    return Step(
        status=values["status"],
        note=values.get("note", ""),
        pin=values.get("pin", ""),
        latitude=_degrees(values.get("latitude")),
        longitude=_degrees(values.get("longitude")),
        occurred_at=values.get("occurred_at"),
    )


def _degrees(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.000001"))
