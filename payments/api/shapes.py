"""What payments answer, for the OpenAPI schema; the models' `answer` writes it."""

from rest_framework import serializers

from aqad.lib.api.serializers import MoneyField
from aqad.lib.api.shapes import Shape
from payments.models import Payment, Refund


class RefundPartShape(Shape):
    order = serializers.CharField()
    amount = MoneyField()


class RefundShape(Shape):
    id = serializers.IntegerField()
    amount = MoneyField()
    status = serializers.ChoiceField(choices=Refund.Status.choices)
    reason = serializers.CharField()
    orders = RefundPartShape(many=True)
    created_at = serializers.DateTimeField()


class PaymentShape(Shape):
    id = serializers.CharField()
    checkout = serializers.CharField()
    method = serializers.CharField()
    status = serializers.ChoiceField(choices=Payment.Status.choices)
    amount = MoneyField()
    amount_paid = MoneyField()
    amount_refunded = MoneyField()
    currency = serializers.CharField()
    failure_reason = serializers.CharField()
    redirect_url = serializers.URLField(allow_null=True)
    refunds = RefundShape(many=True)
    created_at = serializers.DateTimeField()
