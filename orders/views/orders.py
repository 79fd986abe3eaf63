from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.pages import retailer_required
from aqad.lib import codes
from orders import progress, selectors, services
from orders.forms import CancelForm, OrderFilterForm, ReportForm
from orders.models import Order, PaymentMethod
from orders.reorder import FOR_REORDER, Again, again
from retailers.selectors import retailer_of

ON_A_PAGE = 20
page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@never_cache
@retailer_required
def orders(request: HttpRequest) -> HttpResponse:
    form = OrderFilterForm(request.GET)
    found = selectors.with_pictures(selectors.orders_of(request.user, **form.filters()))
    context = {
        "form": form,
        "page": Paginator(found, ON_A_PAGE).get_page(request.GET.get("page")),
        "counts": selectors.counts_by_status(request.user),
    }
    part = request.htmx and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    return render(request, "orders/_list.html" if part else "orders/list.html", context)


@require_safe
@never_cache
@retailer_required
def order(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, _own(request, code), CancelForm())


@require_safe
@cache_control(private=True, no_cache=True)
@retailer_required
def order_tracking(request: HttpRequest, code: str) -> HttpResponse:
    """The part of the order's page that follows it, asked for again and again: 304 while nothing moved."""
    followed = selectors.followed(Order.objects.visible_to(request.user))
    own = get_object_or_404(followed, pk=codes.parse(code, Order.CODE_PREFIX))
    version = selectors.version(own, language=get_language() or "")
    unchanged = get_conditional_response(request, etag=version)
    if unchanged is not None:
        return unchanged
    response = render(request, "orders/_live.html", _live(own, request.user))
    response["ETag"] = version
    return response


@require_POST
@retailer_required
def order_cancel(request: HttpRequest, code: str) -> HttpResponse:
    own, form = _own(request, code), CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, own, form)
    services.cancel_order(own, by=request.user, reason=form.cleaned_data["reason"])
    if own.payment_method == PaymentMethod.CARD:
        messages.success(request, _("The order is cancelled. What you paid for it goes back to you."))
    else:
        messages.success(request, _("The order is cancelled."))
    return redirect("order", own.code)


@never_cache
@page
@retailer_required
def order_reorder(request: HttpRequest, code: str) -> HttpResponse:
    """What changed since; sent, all that can be had goes into the cart."""
    own = _own(request, code)
    prefetch_related_objects([own], *FOR_REORDER)
    lines = again(own)
    if request.method == "POST":
        _fill_cart(request, lines)
        messages.success(request, _("What can be ordered again is in your cart."))
        return redirect("cart")
    can = any(line.quantity for line in lines)
    return render(request, "orders/reorder.html", {"order": own, "lines": lines, "can_be_ordered": can})


@never_cache
@page
@retailer_required
def order_report(request: HttpRequest, code: str) -> HttpResponse:
    own, form = _own(request, code), ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.report_problem(own, by=request.user, **form.cleaned_data)
        messages.success(request, _("Thank you. We look into it and come back to you."))
        return redirect("order", own.code)
    return render(request, "orders/report.html", {"order": own, "form": form})


def _own(request: HttpRequest, code: str) -> Order:
    """The order of this code with all its page shows, or 404 where it is not the reader's to see."""
    visible = selectors.with_pictures(Order.objects.visible_to(request.user))
    return get_object_or_404(visible, pk=codes.parse(code, Order.CODE_PREFIX))


def _page(request: HttpRequest, own: Order, form: CancelForm) -> HttpResponse:
    context = {
        "cancel_form": form,
        "payment": None if progress.costs_nothing(own) else selectors.newest_payment(own.checkout),
        "reports": own.problem_reports.order_by("-pk"),
        **_live(own, request.user),
    }
    return render(request, "orders/order.html", context)


def _live(own: Order, reader: Any) -> dict[str, Any]:
    timeline = selectors.timeline(own, reader=reader)
    return {
        "order": own,
        "beads": progress.beads(own, timeline),
        "next": progress.what_next(own),
        "is_over": own.status in progress.OVER,
        "delivery": getattr(own, "delivery", None),
        "version": selectors.version(own, language=get_language() or ""),
    }


def _fill_cart(request: HttpRequest, lines: list[Again]) -> None:
    retailer = retailer_of(request.user)
    services.merge_cart(retailer, {line.product.pk: line.quantity for line in lines if line.quantity})
