"""What the delivery API takes."""

from rest_framework import serializers

from aqad.lib.api.serializers import EmailField, EmirateField, Input, PhoneField
from delivery.models import Delivery


class PartnerInput(Input):
    name = serializers.CharField(max_length=120)
    phone = PhoneField()
    emirates = serializers.ListField(child=EmirateField(), min_length=1, max_length=7)
    is_active = serializers.BooleanField(required=False)


class NewDriverInput(Input):
    name = serializers.CharField(max_length=120)
    email = EmailField()
    phone = PhoneField()
    password = serializers.CharField(
        max_length=128,
        trim_whitespace=False,
        required=False,
        help_text="Without one an invitation is mailed.",
    )
    is_active = serializers.BooleanField(required=False)


class DriverInput(Input):
    name = serializers.CharField(max_length=120)
    phone = PhoneField()
    is_active = serializers.BooleanField()


class AssignInput(Input):
    order = serializers.CharField(max_length=24, help_text="`ORD1001`")
    partner = serializers.CharField(max_length=24, help_text="`DP1001`")


class DeliveryQuery(Input):
    status = serializers.ChoiceField(choices=Delivery.Status.choices, required=False)
