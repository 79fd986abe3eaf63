"""What orders answer, for the OpenAPI schema; `answers` writes it."""

from typing import Any

from rest_framework import serializers

from aqad.lib.api.serializers import MoneyField
from aqad.lib.api.shapes import Shape
from orders.models import Checkout, Order, PaymentMethod


class CompanyShape(Shape):
    id = serializers.CharField()
    company_name = serializers.CharField()


class OrderLineShape(Shape):
    product = serializers.CharField()
    name = serializers.CharField()
    name_ar = serializers.CharField()
    sku = serializers.CharField()
    unit_code = serializers.CharField()
    pack_size = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = MoneyField()
    vat_rate = MoneyField()
    subtotal = MoneyField(help_text="Net.")
    vat = MoneyField()
    total = MoneyField(help_text="Gross.")


class OrderShape(Shape):
    id = serializers.CharField()
    checkout = serializers.CharField()
    status = serializers.ChoiceField(choices=Order.Status.choices)
    vendor = CompanyShape()
    retailer = CompanyShape()
    payment_method = serializers.ChoiceField(choices=PaymentMethod.choices)
    lines = OrderLineShape(many=True)
    subtotal = MoneyField()
    vat = MoneyField()
    delivery_fee = MoneyField()
    total = MoneyField()
    currency = serializers.CharField()
    address = serializers.DictField(child=serializers.CharField(allow_blank=True))
    note = serializers.CharField()
    purchase_order_number = serializers.CharField()
    reason = serializers.CharField()
    placed_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class PaymentSummaryShape(Shape):
    id = serializers.CharField()
    status = serializers.CharField()
    method = serializers.CharField()


class OrderInListShape(OrderShape):
    payment = PaymentSummaryShape(allow_null=True)
    delivery = serializers.DictField(allow_null=True)
    invoice = serializers.DictField(allow_null=True)


class TimelineStepShape(Shape):
    status = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField()
    reason = serializers.CharField()

    def get_fields(self) -> dict[str, Any]:
        return {"from": serializers.CharField(allow_null=True), **super().get_fields()}


class OrderDetailShape(OrderInListShape):
    buyer = serializers.DictField(child=serializers.CharField(allow_blank=True))
    seller = serializers.DictField(child=serializers.CharField(allow_blank=True))
    timeline = TimelineStepShape(many=True)


class CheckoutShape(Shape):
    id = serializers.CharField()
    status = serializers.ChoiceField(choices=Checkout.Status.choices)
    total = MoneyField()
    currency = serializers.CharField()
    payment_method = serializers.ChoiceField(choices=PaymentMethod.choices)
    reserved_until = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class OrderPaymentShape(PaymentSummaryShape):
    checkout = serializers.CharField()
    amount = MoneyField()
    amount_paid = MoneyField()
    amount_refunded = MoneyField()
    currency = serializers.CharField()
    failure_reason = serializers.CharField()
    redirect_url = serializers.URLField(allow_null=True)
    refunds = serializers.ListField(child=serializers.DictField())
    created_at = serializers.DateTimeField()


class CheckoutAnswerShape(Shape):
    checkout = CheckoutShape()
    orders = OrderShape(many=True)
    payment = OrderPaymentShape(allow_null=True)


class CartProblemShape(Shape):
    code = serializers.ChoiceField(choices=["not_sold", "quantity", "out_of_stock"])
    message = serializers.CharField()


class CartLineShape(Shape):
    product = serializers.CharField()
    name = serializers.CharField()
    name_ar = serializers.CharField()
    quantity = serializers.IntegerField()
    unit_price = MoneyField()
    vat_rate = MoneyField()
    subtotal = MoneyField()
    vat = MoneyField()
    total = MoneyField()
    available = serializers.IntegerField()
    problem = CartProblemShape(allow_null=True)


class CartGroupShape(Shape):
    vendor = CompanyShape()
    lines = CartLineShape(many=True)
    subtotal = MoneyField()
    vat = MoneyField()
    total = MoneyField()
    min_order_value = MoneyField()
    short_of_minimum = MoneyField()


class CartShape(Shape):
    vendors = CartGroupShape(many=True)
    count = serializers.IntegerField()
    subtotal = MoneyField()
    vat = MoneyField()
    total = MoneyField()
    currency = serializers.CharField()
    can_be_ordered = serializers.BooleanField()
