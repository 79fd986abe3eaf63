from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import known_devices
from accounts.forms import show_refusal
from accounts.pages import retailer_required
from aqad.lib.errors import DomainError
from aqad.lib.web import limits
from orders import selectors, services
from orders.cart import Cart
from orders.forms import CheckoutForm
from orders.models import Checkout
from orders.views.cart import cart_of
from retailers.selectors import retailer_of

DRAFT = "checkout_draft"  # in the session: what was typed, until it is placed


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request: HttpRequest) -> HttpResponseBase:
    """The one page from cart to order. Whoever lost the session signs in and finds what was typed.

    Of a browser that nobody ever signed in with nothing is kept: it had no checkout to lose.
    """
    if request.user.is_authenticated:
        return _checkout(request)
    if request.method == "POST" and known_devices.read(request):
        request.session[DRAFT] = CheckoutForm.draft_of(request.POST)
        messages.info(request, _("You were signed out meanwhile. Sign in, and what you typed is still here."))
    return redirect_to_login(reverse("checkout"), login_url=reverse("sign-in"))


@retailer_required
def _checkout(request: HttpRequest) -> HttpResponse:
    form = CheckoutForm(
        retailer_of(request.user), request.POST or None, initial=request.session.get(DRAFT, {})
    )
    if request.method == "POST" and (placed := _place(request, form)):
        request.session.pop(DRAFT, None)
        return redirect(_after(placed))
    cart = cart_of(request)
    if cart.can_be_ordered:
        return render(request, "orders/checkout.html", {"form": form, "cart": cart, "token": form.token})
    return _without_goods(request, cart)


def _place(request: HttpRequest, form: CheckoutForm) -> Checkout | None:
    """The checkout of this form, new or placed before; None where the form says why not."""
    if not form.is_valid():
        return None
    limits.check("order", f"user:{request.user.pk}")
    try:
        return services.place_once(
            _placement(form),
            by=request.user,
            token=form.token,
            shown_total=form.shown_total,
            keep_address=form.cleaned_data["keep_address"],
        )
    except DomainError as refusal:
        show_refusal(form, refusal)
        return None


def _placement(form: CheckoutForm) -> services.Placement:
    asked = form.cleaned_data
    return services.Placement(
        items=None,
        address=form.asked_address(),
        payment_method=asked["payment_method"],
        note=asked["note"],
        purchase_order_number=asked["purchase_order_number"],
    )


def _after(placed: Checkout) -> Any:
    """To the gateway while it waits for its card, else to how it stands."""
    payment = selectors.newest_payment(placed)
    to_gateway = payment.answer["redirect_url"] if payment else None
    return to_gateway or reverse("checkout-result", args=[placed.code])


def _without_goods(request: HttpRequest, cart: Cart) -> HttpResponse:
    """Nothing to order: placed a moment ago and come back, or something in the cart needs a change first."""
    if cart.groups:
        if request.method == "POST":
            request.session[DRAFT] = CheckoutForm.draft_of(request.POST)
        messages.warning(request, _("Something in your cart needs a change before you can order it."))
        return redirect("cart")
    latest = Checkout.objects.visible_to(request.user).order_by("-pk").first()
    return render(request, "orders/checkout_empty.html", {"latest": latest})
