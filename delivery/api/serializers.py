"""What the delivery API takes."""

from rest_framework import serializers

from aqad.lib.api.serializers import EmirateField, Input, PhoneField
from aqad.lib.api.texts import CodeField, EmailField, NameField, SecretField
from delivery.models import Delivery


class PartnerInput(Input):
    name = NameField(max_length=120)
    phone = PhoneField()
    emirates = serializers.ListField(child=EmirateField(), min_length=1, max_length=7)
    is_active = serializers.BooleanField(required=False)


class NewDriverInput(Input):
    name = NameField(max_length=120)
    email = EmailField()
    phone = PhoneField()
    password = SecretField(
        max_length=128,
        trim_whitespace=False,
        required=False,
        help_text="Without one an invitation is mailed.",
    )
    is_active = serializers.BooleanField(required=False)


class DriverInput(Input):
    name = NameField(max_length=120)
    phone = PhoneField()
    is_active = serializers.BooleanField()


class AssignInput(Input):
    order = CodeField(max_length=24, help_text="`ORD1001`")
    partner = CodeField(max_length=24, help_text="`DP1001`")


class DeliveryQuery(Input):
    status = serializers.ChoiceField(choices=Delivery.Status.choices, required=False)
