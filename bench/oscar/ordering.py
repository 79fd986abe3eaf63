"""An order placed by Oscar's own basket, strategy, calculator and OrderCreator.

The pages of its checkout, the payment and the mail are left out, all in Oscar's favour.
"""

import json

from django.db import transaction
from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from oscar.apps.order.utils import OrderCreator
from oscar.core.loading import get_class, get_model

Basket = get_model("basket", "Basket")
Country = get_model("address", "Country")
Product = get_model("catalogue", "Product")
ShippingAddress = get_model("order", "ShippingAddress")
Applicator = get_class("offer.applicator", "Applicator")
Free = get_class("shipping.methods", "Free")
OrderTotalCalculator = get_class("checkout.calculators", "OrderTotalCalculator")
Selector = get_class("partner.strategy", "Selector")


@csrf_exempt
def place_order(request: HttpRequest) -> JsonResponse:
    """`{"product", "quantity"}` → 201, or 409 where Oscar says that it cannot be had."""
    wanted = json.loads(request.body)
    product = Product.objects.get(pk=wanted["product"])
    basket = Basket.objects.create()
    basket.strategy = Selector().strategy(request=request)
    allowed, _reason = basket.strategy.fetch_for_product(product).availability.is_purchase_permitted(
        wanted["quantity"]
    )
    if not allowed:
        return JsonResponse({"placed": False}, status=409)
    with transaction.atomic():
        basket.add_product(product, wanted["quantity"])
        Applicator().apply(basket, request.user, request)
        shipping = Free()
        charge = shipping.calculate(basket)
        total = OrderTotalCalculator().calculate(basket, charge)
        basket.freeze()
        address = ShippingAddress.objects.create(
            first_name="Fatima",
            last_name="Al Ali",
            line1="Shop 4, Al Rigga Road",
            line4="Dubai",
            country=Country.objects.get(pk="AE"),
        )
        order = OrderCreator().place_order(
            basket, total, shipping, charge, shipping_address=address, request=request, status="Pending"
        )
        basket.submit()
    return JsonResponse({"placed": order.number}, status=201)
