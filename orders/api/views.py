from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.idempotency import KEY_HEADER, idempotent
from aqad.lib import codes
from aqad.lib.api.pagination import paginate
from aqad.lib.api.serializers import ReasonInput
from aqad.lib.api.shapes import PageQuery, page_of
from aqad.lib.api.views import View
from aqad.lib.web.limits import Limit
from catalog.models import Product
from orders import selectors, services
from orders.api import answers, shapes
from orders.api.serializers import (
    CancelInput,
    CartQuantityInput,
    OrderQuery,
    PlaceOrderInput,
)
from orders.models import Checkout, Order
from retailers.selectors import retailer_of

BUYERS_SELLERS_AND_ADMINS = ("retailer", "vendor", "admin")


class OrdersView(View):
    roles = {"GET": BUYERS_SELLERS_AND_ADMINS, "POST": ("retailer",)}
    staff_right = "orders.view_order"
    limits = {"POST": (Limit("order", by="user"),)}

    @extend_schema(parameters=[OrderQuery, PageQuery], responses=page_of(shapes.OrderInListShape))
    def get(self, request: Request) -> Response:
        asked = self.query(OrderQuery)
        orders = selectors.orders_of(
            request.user,
            status=asked.get("status", ""),
            since=asked.get("from"),
            until=asked.get("to"),
            search=asked.get("search", ""),
        )
        return paginate(request, orders, answers.order_in_list)

    @extend_schema(
        parameters=[KEY_HEADER], request=PlaceOrderInput, responses={201: shapes.CheckoutAnswerShape}
    )
    @services.freeing_expired_holds
    @idempotent("orders", always_atomic=True)
    def post(self, request: Request) -> Response:
        wanted = self.input(PlaceOrderInput)
        wanted.setdefault("items", None)
        checkout = services.place_in_transaction(services.Placement(**wanted), by=request.user)
        return Response(answers.checkout_answer(checkout), status=201)


class OrderView(View):
    roles = BUYERS_SELLERS_AND_ADMINS
    staff_right = "orders.view_order"

    @extend_schema(responses=shapes.OrderDetailShape)
    def get(self, request: Request, code: str) -> Response:
        return Response(answers.order_detail(visible_order(request, code), reader=request.user))


class AcceptView(View):
    roles = ("vendor", "admin")
    staff_right = "orders.change_order"

    @extend_schema(request=None, responses=shapes.OrderDetailShape)
    def post(self, request: Request, code: str) -> Response:
        return _after(request, services.accept_order(visible_order(request, code), by=request.user))


class ReadyView(View):
    roles = ("vendor", "admin")
    staff_right = "orders.change_order"

    @extend_schema(request=None, responses=shapes.OrderDetailShape)
    def post(self, request: Request, code: str) -> Response:
        return _after(request, services.mark_ready(visible_order(request, code), by=request.user))


class RejectView(View):
    roles = ("vendor", "admin")
    staff_right = "orders.change_order"

    @extend_schema(request=ReasonInput, responses=shapes.OrderDetailShape)
    def post(self, request: Request, code: str) -> Response:
        order = visible_order(request, code)
        return _after(request, services.reject_order(order, by=request.user, **self.input(ReasonInput)))


class CancelView(View):
    roles = BUYERS_SELLERS_AND_ADMINS
    staff_right = "orders.change_order"

    @extend_schema(request=CancelInput, responses=shapes.OrderDetailShape)
    def post(self, request: Request, code: str) -> Response:
        order = visible_order(request, code)
        return _after(request, services.cancel_order(order, by=request.user, **self.input(CancelInput)))


class CheckoutView(View):
    roles = ("retailer", "admin")
    staff_right = "orders.view_checkout"

    @extend_schema(responses=shapes.CheckoutAnswerShape)
    def get(self, request: Request, code: str) -> Response:
        checkouts = Checkout.objects.visible_to(request.user).prefetch_related(
            "orders__lines", "payments__refunds"
        )
        checkout = get_object_or_404(checkouts, pk=codes.parse(code, Checkout.CODE_PREFIX))
        return Response(answers.checkout_answer(checkout))


class CartView(View):
    roles = ("retailer",)

    @extend_schema(responses=shapes.CartShape)
    def get(self, request: Request) -> Response:
        return Response(answers.cart_answer(retailer_of(request.user)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        services.empty_cart(retailer_of(request.user))
        return Response(status=204)


class CartItemView(View):
    roles = ("retailer",)

    @extend_schema(request=CartQuantityInput, responses=shapes.CartShape)
    def put(self, request: Request, code: str) -> Response:
        retailer = retailer_of(request.user)
        quantity = self.input(CartQuantityInput)["quantity"]
        offered = Product.objects.all() if quantity == 0 else Product.objects.sold()
        product = get_object_or_404(offered, pk=codes.parse(code, Product.CODE_PREFIX))
        services.set_quantity(retailer, product, quantity)
        return Response(answers.cart_answer(retailer))


def visible_order(request: Request, code: str) -> Order:
    """The order of this code, or 404 where it is not the caller's to see."""
    orders = selectors.loaded(Order.objects.visible_to(request.user))
    return get_object_or_404(orders, pk=codes.parse(code, Order.CODE_PREFIX))


def _after(request: Request, order: Order) -> Any:
    return Response(answers.order_detail(visible_order(request, order.code), reader=request.user))
