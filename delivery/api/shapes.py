"""What `answers` sends, for the OpenAPI schema."""

from rest_framework import serializers

from aqad.lib.api.shapes import Shape
from delivery.models import Delivery


class PartnerShape(Shape):
    id = serializers.CharField()
    name = serializers.CharField()
    phone = serializers.CharField()
    emirates = serializers.ListField(child=serializers.CharField())
    is_active = serializers.BooleanField()


class DriverShape(Shape):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.EmailField()
    phone = serializers.CharField()
    is_active = serializers.BooleanField()


class DeliveryPartnerShape(Shape):
    id = serializers.CharField()
    name = serializers.CharField()
    phone = serializers.CharField()


class DeliveryDriverShape(Shape):
    name = serializers.CharField()
    phone = serializers.CharField()


class PickupShape(Shape):
    company_name = serializers.CharField()
    phone = serializers.CharField()
    address = serializers.CharField()


class RecipientShape(Shape):
    company_name = serializers.CharField()
    phone = serializers.CharField()


class EventShape(Shape):
    status = serializers.CharField()
    note = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True)
    longitude = serializers.FloatField(allow_null=True)
    occurred_at = serializers.DateTimeField()
    at = serializers.DateTimeField()
    photo = serializers.CharField(
        required=False, allow_null=True, help_text="Short-lived link; retailer and admin only."
    )


class DeliveryShape(Shape):
    id = serializers.CharField()
    order = serializers.CharField()
    status = serializers.ChoiceField(choices=Delivery.Status.choices)
    partner = DeliveryPartnerShape(allow_null=True)
    driver = DeliveryDriverShape(allow_null=True)
    pickup = PickupShape()
    recipient = RecipientShape()
    address = serializers.DictField()
    amount_to_collect = serializers.CharField()
    events = EventShape(many=True)
    eta = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    pin = serializers.CharField(required=False, help_text="Retailer only.")
