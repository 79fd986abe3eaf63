from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import KEY_HEADER, idempotent
from aqad.lib import codes
from aqad.lib.api.pagination import paginate
from aqad.lib.api.permissions import ANYONE
from aqad.lib.api.shapes import PageQuery, page_of
from aqad.lib.api.views import View
from aqad.lib.errors import DomainError, Invalid, NotFound
from aqad.lib.web.limits import Limit
from orders.models import Checkout, Order
from payments import services
from payments.api import shapes
from payments.api.serializers import PayInput
from payments.gateways import UnknownGateway
from payments.gateways.base import GatewayError
from payments.models import Payment
from payments.refund_input import RefundInput


class PaymentsView(View):
    roles = ("retailer",)
    limits = (Limit("order", by="user"),)

    @extend_schema(
        parameters=[KEY_HEADER],
        request=PayInput,
        responses={200: shapes.PaymentShape, 201: shapes.PaymentShape},
    )
    @idempotent("payments")
    def post(self, request: Request) -> Response:
        wanted = self.input(PayInput)
        checkouts = Checkout.objects.visible_to(request.user)
        checkout = get_object_or_404(checkouts, pk=codes.parse(wanted["checkout"], Checkout.CODE_PREFIX))
        payment, is_new = services.pay_again(checkout, wanted["method"], by=request.user)
        return Response(payment.answer, status=201 if is_new else 200)


class PaymentView(View):
    roles = ("retailer", "admin")
    staff_right = "payments.view_payment"

    @extend_schema(responses=shapes.PaymentShape)
    def get(self, request: Request, code: str) -> Response:
        return Response(_visible_payment(request, code).answer)


class RefundsView(View):
    roles = ("admin",)
    staff_right = {"GET": "payments.view_refund", "POST": "payments.add_refund"}

    @extend_schema(parameters=[PageQuery], responses=page_of(shapes.RefundShape))
    def get(self, request: Request, code: str) -> Response:
        payment = _visible_payment(request, code)
        refunds = payment.refunds.order_by("-pk").prefetch_related("allocations")
        return paginate(request, refunds, lambda refund: refund.answer)

    @extend_schema(parameters=[KEY_HEADER], request=RefundInput, responses={201: shapes.RefundShape})
    @idempotent("refunds")
    def post(self, request: Request, code: str) -> Response:
        payment = _visible_payment(request, code)
        wanted = self.input(RefundInput)
        refund = services.request_refund(
            payment,
            wanted["amount"],
            reason=wanted["reason"],
            by=request.user,
            order=_order(payment, wanted["order"]) if "order" in wanted else None,
        )
        return Response(refund.answer, status=201)


class WebhookView(View):
    """What gateways tell us. The signature is the authentication; the body is capped before it is read."""

    roles = ANYONE
    authentication_classes = ()

    @extend_schema(request=OpenApiTypes.OBJECT, responses={200: OpenApiTypes.OBJECT})
    def post(self, request: Request, gateway: str) -> Response:
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.WEBHOOK_MAX_BYTES:
            raise DomainError(_("The message is too large."))
        try:
            services.receive_webhook(gateway, request.body, request.headers)
        except UnknownGateway:
            raise NotFound from None
        except GatewayError:
            raise DomainError(_("The signature is missing, wrong or too old.")) from None
        return Response({"received": True})


def _visible_payment(request: Request, code: str) -> Payment:
    payments = Payment.objects.visible_to(request.user).prefetch_related("refunds__allocations")
    return get_object_or_404(payments, pk=codes.parse(code, Payment.CODE_PREFIX))


def _order(payment: Payment, code: str) -> Order:
    order = Order.objects.filter(
        checkout=payment.checkout_id, pk=codes.parse(code, Order.CODE_PREFIX) or 0
    ).first()
    if order is None:
        raise Invalid(errors={"order": [_("This order was not paid by this payment.")]})
    return order
