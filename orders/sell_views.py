"""The vendor's pages about its orders."""

from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import condition, require_http_methods, require_POST, require_safe
from django_htmx.http import trigger_client_event

from accounts.forms import show_refusal
from accounts.pages import vendor_required
from aqad.lib.errors import DomainError
from aqad.lib.text.cleaning import readable_search
from orders import sell_reads, services
from orders.models import Order
from orders.sell_forms import ReasonForm

page = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 25
TABS = ("completed", "ended", "all")


@never_cache
@vendor_required
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """The board of open orders; or, for a tab of the past or a search, a list."""
    status = request.GET.get("status", "")
    search = readable_search(request.GET.get("search", ""), longest=100)
    told: dict[str, Any] = {"status": status, "search": search, "tabs": TABS}
    if search or status in TABS:
        found = sell_reads.listed(request.user, "" if status == "all" else status, search)
        told["page"] = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        told["status"] = status or "all"
        return render(request, "orders/sell/list.html", told)
    told |= {"mark": sell_reads.board_mark(request.user), **_board(request, status)}
    return render(request, "orders/sell/board.html", told)


def _mark(request: HttpRequest) -> str:
    shown = quote(request.GET.get("status", "")[:20])  # a header holds no line breaks
    return f'"{sell_reads.board_mark(request.user)}-{request.LANGUAGE_CODE}-{shown}"'


@vendor_required
@require_safe
@cache_control(private=True, no_cache=True)
@condition(etag_func=_mark)
def board(request: HttpRequest) -> HttpResponse:
    """The columns alone, asked for again and again: 304 while nothing changed."""
    return render(request, "orders/sell/_board.html", _board(request, request.GET.get("status", "")))


@never_cache
@vendor_required
@require_safe
def order(request: HttpRequest, code: str) -> HttpResponse:
    found = sell_reads.find(request.user, code)
    told = {
        "order": found,
        "way": sell_reads.way(found, reader=request.user),
        "payment": sell_reads.payment_of(found),
        "delivery": getattr(found, "delivery", None),
        "reject_form": ReasonForm(auto_id="reject_%s"),
        "cancel_form": ReasonForm(auto_id="cancel_%s"),
    }
    return render(request, "orders/sell/order.html", told)


@vendor_required
@require_POST
def accept(request: HttpRequest, code: str) -> HttpResponse:
    found = sell_reads.find(request.user, code)
    return _answer(
        request, found, _("%(order)s is accepted. Pack it and mark it ready."), services.accept_order
    )


@vendor_required
@require_POST
def ready(request: HttpRequest, code: str) -> HttpResponse:
    found = sell_reads.find(request.user, code)
    return _answer(request, found, _("%(order)s is ready. A driver is on the way."), services.mark_ready)


@vendor_required
@page
def reject(request: HttpRequest, code: str) -> HttpResponse:
    """Says to the buyer that this order will not be delivered, and why."""
    return _refuse(request, code, "reject", services.reject_order)


@vendor_required
@page
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    """Ends an order that was accepted, and says why."""
    return _refuse(request, code, "cancel", services.cancel_order)


@never_cache
@vendor_required
@require_safe
def pick_list(request: HttpRequest, code: str) -> HttpResponse:
    """One order for the warehouse, on paper."""
    order = sell_reads.find(request.user, code)
    units = sum(line.quantity for line in order.lines.all())
    return render(request, "orders/sell/pick_list.html", {"order": order, "units": units})


def _board(request: HttpRequest, status: str) -> dict[str, Any]:
    """On a phone one column is shown, `current`."""
    current = status if status in sell_reads.OPEN else Order.Status.PENDING
    return {"columns": sell_reads.board(request.user), "current": current}


def _answer(request: HttpRequest, found: Order, said: str, service: Any) -> HttpResponse:
    """Do it, say so, and go on where the person was: on the board or on the order's page."""
    level, text = messages.SUCCESS, said % {"order": found.code}
    try:
        service(found, by=request.user)
    except DomainError as error:
        level, text = messages.ERROR, str(error.message)
    if request.htmx:  # type: ignore[attr-defined] # set by django_htmx
        answer = render(request, "orders/sell/_board.html", _board(request, found.status))
        tone = "error" if level == messages.ERROR else "success"
        return trigger_client_event(answer, "toast", {"text": text, "tone": tone})
    messages.add_message(request, level, text)
    return redirect("sell-orders") if "board" in request.POST else redirect("sell-order", found.code)


def _refuse(request: HttpRequest, code: str, verb: str, service: Any) -> HttpResponse:
    found = sell_reads.find(request.user, code)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service(found, by=request.user, **form.cleaned_data)
        except DomainError as error:
            show_refusal(form, error)
        else:
            messages.success(request, _("%(order)s is ended. The buyer is told why.") % {"order": found.code})
            return redirect("sell-order", found.code)
    return render(request, "orders/sell/refuse.html", {"order": found, "form": form, "verb": verb})
