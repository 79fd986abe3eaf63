from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from aqad.lib import codes
from aqad.lib.errors import Forbidden, Invalid
from catalog.models import Product
from orders import guests, selectors, services
from orders.basket import MAX_QUANTITY
from orders.cart import Cart, cart_with_pictures
from orders.forms import CartLineForm
from retailers.selectors import retailer_of

View = Callable[[HttpRequest], HttpResponse]


def buyers_only(view: View) -> View:
    """Retailers, and visitors who may become one. Raises Forbidden for others."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if getattr(request.user, "role", "retailer") != "retailer":
            raise Forbidden(_("Only retailers order on AQAD."))
        return view(request)

    return guarded


@require_safe
@never_cache
@buyers_only
def cart(request: HttpRequest) -> HttpResponse:
    return render(request, "orders/cart.html", {"cart": cart_of(request)})


@require_POST
@buyers_only
def cart_add(request: HttpRequest) -> HttpResponse:
    """Add to what is in the cart already."""
    product, quantity = _asked(request)
    total = min(quantities_of(request).get(product.pk, 0) + quantity, MAX_QUANTITY)
    _set_quantity(request, product, total)
    text = _("In your cart: %(quantity)d × %(name)s") % {"quantity": total, "name": _name(request, product)}
    if request.htmx:  # type: ignore[attr-defined] # of django_htmx
        answer = render(request, "components/cart_link.html", {"swap": True})
        return trigger_client_event(answer, "toast", {"text": text, "tone": "success"})
    messages.success(request, text)
    return redirect("cart")


@require_POST
@buyers_only
def cart_change(request: HttpRequest) -> HttpResponse:
    """Put a quantity in the place of the present one; 0 removes the line."""
    _set_quantity(request, *_asked(request, may_be_gone=True))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "orders/_cart_changed.html", {"cart": cart_of(request), "swap": True})
    return redirect("cart")


def quantities_of(request: HttpRequest) -> dict[int, int]:
    """What this person or visitor has in the cart, by product key."""
    if request.user.is_authenticated:
        return selectors.cart_quantities(retailer_of(request.user))
    return guests.quantities(request)


def cart_of(request: HttpRequest) -> Cart:
    return cart_with_pictures(quantities_of(request))


def _set_quantity(request: HttpRequest, product: Product, quantity: int) -> None:
    if request.user.is_authenticated:
        services.set_quantity(retailer_of(request.user), product, quantity)
    else:
        guests.set_quantity(request, product, quantity)


def _asked(request: HttpRequest, *, may_be_gone: bool = False) -> tuple[Product, int]:
    form = CartLineForm(request.POST)
    if not form.is_valid():
        raise Invalid(errors={name: list(texts) for name, texts in form.errors.items()})
    asked: dict[str, Any] = form.cleaned_data
    key = codes.parse(asked["product"], Product.CODE_PREFIX)
    products = Product.objects.all() if may_be_gone else Product.objects.sold()
    return get_object_or_404(products, pk=key), asked["quantity"]


def _name(request: HttpRequest, product: Product) -> str:
    return (product.name_ar if request.LANGUAGE_CODE == "ar" else "") or product.name
