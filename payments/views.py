from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.pages import retailer_required
from aqad.lib import codes
from aqad.lib.errors import DomainError, Unavailable
from aqad.lib.wakeup import wake
from catalog.errors import OutOfStock
from orders import services as orders
from orders.errors import NoLongerSold
from orders.models import Checkout, PaymentMethod
from orders.selectors import newest_payment
from payments import links, services
from payments.gateways.base import GatewayError
from payments.models import Payment
from payments.results import result_of


@require_safe
@never_cache
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Lead the buyer to the gateway's page; a payment that ended leads to its result."""
    payment = _payment(token)
    if payment.status != Payment.Status.PENDING:
        return HttpResponseRedirect(links.result_url(payment))
    try:
        return HttpResponseRedirect(services.open_session(payment))
    except OutOfStock:  # nobody should pay for it: the hold ends, and the result says why
        orders.expire_hold(payment.checkout)
        return HttpResponseRedirect(links.result_url(payment))
    except GatewayError:
        raise Unavailable from None


@require_safe
@never_cache
def payment_result(request: HttpRequest, token: str) -> HttpResponse:
    """How the payment stands, for whoever comes back from the gateway, signed in or not."""
    payment = _payment(token)
    return _result(request, payment.checkout, payment)


@require_safe
@never_cache
@retailer_required
def checkout_result(request: HttpRequest, code: str) -> HttpResponse:
    """How the checkout stands: placed, waiting for its payment, or what to do now."""
    checkout = _own(request, code)
    return _result(request, checkout, newest_payment(checkout))


@require_POST
@retailer_required
def checkout_pay(request: HttpRequest, code: str) -> HttpResponse:
    """Pay again: the goods are held again and the gateway opens. A refusal is said on the result page."""
    checkout = _own(request, code)
    try:
        payment, _is_new = services.pay_again(checkout, PaymentMethod.CARD, by=request.user)
    except NoLongerSold:  # the result page says so itself
        return redirect("checkout-result", checkout.code)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
        return redirect("checkout-result", checkout.code)
    return HttpResponseRedirect(links.pay_url(payment))


def _result(request: HttpRequest, checkout: Checkout, payment: Payment | None) -> HttpResponse:
    """While it waits the gateway is asked, and the page looks again by itself."""
    result = result_of(checkout, payment)
    if payment is not None and result.state == "waiting":
        wake("payments.tasks.poll_payment", payment.pk)
    context = {
        "result": result,
        "orders": checkout.orders.order_by("pk"),
        "is_own": Checkout.objects.visible_to(request.user).filter(pk=checkout.pk).exists()
        if request.user.is_authenticated
        else False,
    }
    return render(request, "payments/_result.html" if request.htmx else "payments/result.html", context)  # type: ignore[attr-defined]


def _own(request: HttpRequest, code: str) -> Checkout:
    visible = Checkout.objects.visible_to(request.user).prefetch_related("payments")
    return get_object_or_404(visible, pk=codes.parse(code, Checkout.CODE_PREFIX))


def _payment(token: str) -> Payment:
    payment = Payment.objects.select_related("checkout__placed_by").filter(pk=links.read(token) or 0).first()
    if payment is None:
        raise Http404
    return payment
