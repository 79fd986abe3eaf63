from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from aqad.lib.errors import Unavailable
from aqad.lib.wakeup import wake
from payments import links, services
from payments.gateways.base import GatewayError
from payments.models import Payment


@require_safe
@never_cache
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """Lead the buyer to the gateway's page; a payment that ended leads to its result."""
    payment = _payment(token)
    if payment.status != Payment.Status.PENDING:
        return HttpResponseRedirect(links.result_url(payment))
    try:
        return HttpResponseRedirect(services.open_session(payment))
    except GatewayError:
        raise Unavailable from None


@require_safe
@never_cache
def payment_result(request: HttpRequest, token: str) -> HttpResponse:
    """How the payment stands. While it is pending the gateway is asked, and the page looks again itself."""
    payment = _payment(token)
    if payment.status == Payment.Status.PENDING and payment.gateway_session:
        wake("payments.tasks.poll_payment", payment.pk)
    return render(
        request, "payments/result.html", {"payment": payment, "orders": payment.checkout.orders.all()}
    )


def _payment(token: str) -> Payment:
    payment = Payment.objects.select_related("checkout__placed_by").filter(pk=links.read(token) or 0).first()
    if payment is None:
        raise Http404
    return payment
