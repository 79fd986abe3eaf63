from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers

from aqad.lib.api.serializers import EmirateField, Input, PhoneField, QuantityField, checked
from aqad.lib.api.texts import CodeField, DateField, FigureField, FreeTextField, NameField, SearchField
from orders.models import Order
from orders.services import Item


class ItemInput(Input):
    product = CodeField(max_length=24)
    quantity = QuantityField()


class OneTimeAddressInput(Input):
    """A delivery address that is used for this order only."""

    label = NameField(max_length=60, required=False, allow_blank=True)  # type: ignore[assignment]
    contact_name = NameField(max_length=120, required=False, allow_blank=True)
    phone = PhoneField(required=False, allow_blank=True)
    line1 = NameField(max_length=160)
    line2 = NameField(max_length=160, required=False, allow_blank=True)
    area = NameField(max_length=80, required=False, allow_blank=True)
    city = NameField(max_length=80, required=False, allow_blank=True)
    emirate = EmirateField()
    makani = FigureField(max_length=12, required=False, allow_blank=True)
    po_box = FigureField(max_length=20, required=False, allow_blank=True)


class AddressOrIdField(serializers.Field[Any, Any, Any, Any]):
    """The id of an own address, or the fields of another one."""

    def to_internal_value(self, data: Any) -> int | dict[str, Any]:
        if isinstance(data, dict):
            return checked(OneTimeAddressInput, data)
        if isinstance(data, bool) or not isinstance(data, int) or not 0 < data < 2**63:
            raise serializers.ValidationError(_("Give the id of one of your addresses, or an address."))
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class AddressOrIdInSchema(OpenApiSerializerFieldExtension):
    target_class = AddressOrIdField

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        address = auto_schema.resolve_serializer(OneTimeAddressInput, direction)
        return {"oneOf": [{"type": "integer", "minimum": 1}, address.ref]}


class PlaceOrderInput(Input):
    items = ItemInput(many=True, required=False, allow_empty=False, max_length=200)  # type: ignore[call-arg]
    address = AddressOrIdField()
    payment_method = CodeField(max_length=20)
    note = FreeTextField(max_length=500, required=False, allow_blank=True, default="")
    purchase_order_number = CodeField(max_length=60, required=False, allow_blank=True, default="")

    def validate_items(self, items: list[dict[str, Any]]) -> list[Item]:
        return [Item(**item) for item in items]


class CancelInput(Input):
    reason = FreeTextField(max_length=1000, required=False, allow_blank=True, default="")


class CartQuantityInput(Input):
    quantity = QuantityField(min_value=0)


class OrderQuery(Input):
    status = serializers.ChoiceField(choices=Order.Status.choices, required=False)
    to = DateField(required=False)
    search = SearchField(max_length=100, required=False, allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        fields["from"] = DateField(required=False)
        return fields
