"""Reads of orders and carts, shaped for an answer or a screen."""

from datetime import date, datetime, time
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from aqad.lib import codes
from audit import selectors as audit
from catalog.models import Product
from catalog.pricing import quantity_problem
from orders.basket import VendorPart, is_sold, split_by_vendor
from orders.models import CartItem, Checkout, Order, OrderLine
from retailers.models import Retailer


def orders_of(
    user: Any,
    *,
    status: str = "",
    since: date | None = None,
    until: date | None = None,
    search: str = "",
) -> QuerySet[Order]:
    """The orders `user` may see, newest first; days are Dubai's, both ends included."""
    orders = loaded(Order.objects.visible_to(user)).order_by("-pk")
    if status:
        orders = orders.filter(status=status)
    if since:
        orders = orders.filter(created_at__gte=_moment(since, time.min))
    if until:
        orders = orders.filter(created_at__lte=_moment(until, time.max))
    if search:
        orders = orders.filter(_matches(search.strip()))
    return orders


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, timezone.get_default_timezone())


def _matches(text: str) -> Q:
    if key := codes.parse(text, Order.CODE_PREFIX):
        return Q(pk=key)
    if key := codes.parse(text, Checkout.CODE_PREFIX):
        return Q(checkout=key)
    return (
        Q(purchase_order_number__icontains=text)
        | Q(vendor__company_name__icontains=text)
        | Q(retailer__company_name__icontains=text)
        | Q(lines__in=_lines_named(text))
    )


def _lines_named(text: str) -> Any:

    return OrderLine.objects.filter(Q(name__icontains=text) | Q(sku__iexact=text)).values("pk")


def loaded(orders: QuerySet[Order]) -> QuerySet[Order]:
    """With all an answer needs, in a constant number of statements."""
    return orders.select_related("vendor", "retailer", "checkout", "delivery").prefetch_related(
        Prefetch("lines"), Prefetch("checkout__payments")
    )


def timeline(order: Order) -> list[dict[str, Any]]:
    """What happened to the order: from, to, when, by whom, why."""
    return [
        {
            "from": entry.from_status or None,
            "status": entry.to_status,
            "at": entry.at,
            "by": entry.actor_label,
            "reason": entry.reason,
        }
        for entry in audit.timeline(order.code)
    ]


def cart_lines(retailer: Retailer) -> list[VendorPart]:
    """The cart priced by vendor. Products that are no longer sold keep their line."""
    rows = list(CartItem.objects.filter(retailer=retailer).select_related("product__vendor", "product__stock")
                .prefetch_related("product__price_tiers"))  # fmt: skip
    return split_by_vendor((row.product, row.quantity) for row in rows)


def line_problem(product: Product, quantity: int) -> dict[str, str] | None:
    """What stops a cart line from being ordered now: code and sentence, or None."""
    if not is_sold(product):
        return {"code": "not_sold", "message": _("%s is no longer sold. Remove it.") % product.name}
    if problem := quantity_problem(product, quantity):
        return {"code": "quantity", "message": problem}
    available = product.stock.available
    if available < quantity:
        sentence = _("Only %(available)d of %(name)s are left. Change the quantity to %(available)d or less.")
        return {"code": "out_of_stock", "message": sentence % {"available": available, "name": product.name}}
    return None
