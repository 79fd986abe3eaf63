"""What can still be given back."""

from decimal import Decimal

from django.db.models import Sum

from aqad.lib.money import ZERO
from orders.models import Order
from payments.models import Payment, Refund, RefundAllocation


def refundable_by_order(payment: Payment) -> dict[int, Decimal]:
    """What is paid and not yet promised back, by order. Of cash, only what was collected at the door."""
    orders = Order.objects.filter(checkout=payment.checkout_id).order_by("pk")
    if not payment.gateway:
        orders = orders.filter(status=Order.Status.COMPLETED)
    promised = dict(
        RefundAllocation.objects.filter(refund__payment=payment)
        .exclude(refund__status=Refund.Status.FAILED)
        .values_list("order")
        .annotate(Sum("amount"))
    )
    return {order.pk: order.total - promised.get(order.pk, ZERO) for order in orders}
