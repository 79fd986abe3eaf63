"""Reads of orders and carts, shaped for an answer or a screen."""

from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Max, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from aqad.lib import codes
from aqad.lib.compiled import Compiled
from audit import selectors as audit
from audit.models import Entry
from catalog.models import Product
from catalog.pricing import quantity_problem
from orders.basket import NOT_FOR_ORDERS, VendorPart, is_sold, know_tiers, split_by_vendor, tiers_of
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


def timeline(order: Order, *, reader: Any) -> list[dict[str, Any]]:
    """What happened to the order, as `reader` may know it: from, to, when, by whom, why."""
    return [
        {
            "from": entry.from_status or None,
            "status": entry.to_status,
            "at": entry.at,
            "by": audit.name_actor(entry.actor_label, reader=reader),
            "reason": entry.reason,
        }
        for entry in audit.timeline(order.code)
    ]


def followed(orders: QuerySet[Order]) -> QuerySet[Order]:
    """With what tells how far an order is and who carries it."""
    carried = ("checkout", "delivery__partner", "delivery__driver__user")
    return orders.select_related(*carried).prefetch_related("delivery__events")


def with_pictures(orders: QuerySet[Order]) -> QuerySet[Order]:
    """With all that pages show: besides, the products of the lines as they are now."""
    return followed(loaded(orders)).prefetch_related("lines__product__images", "lines__product__category")


def version(order: Order, *, language: str) -> str:
    """Changes whenever something happened to the order or to its delivery: an ETag for what follows it."""
    delivery = getattr(order, "delivery", None)
    objects = [order.code, f"CHK{order.checkout_id}", *([delivery.code] if delivery else [])]
    newest = Entry.objects.filter(object_code__in=objects).aggregate(newest=Max("id"))["newest"] or 0
    event = max((each.pk for each in delivery.events.all()), default=0) if delivery else 0
    return f'"{order.code}-{newest}-{event}-{language}"'


def counts_by_status(user: Any) -> dict[str, int]:
    """How many orders the user may see in each status that occurs, in the order of an order's life."""
    orders = Order.objects.visible_to(user).order_by()
    counted = dict(orders.values_list("status").annotate(number=Count("pk")))
    return {status.value: counted[status] for status in Order.Status if status in counted}


def cart_lines(retailer: Retailer) -> list[VendorPart]:
    """The cart priced by vendor. Products that are no longer sold keep their line."""
    rows = _cart(retailer.pk)
    for row in rows:
        know_tiers(row.product, row.tiers)
    return split_by_vendor((row.product, row.quantity) for row in rows)


def _items_with_tiers(retailer: int) -> QuerySet[Any]:
    items = CartItem.objects.filter(retailer=retailer).select_related("product__vendor", "product__stock")
    return items.defer(*(f"product__{name}" for name in NOT_FOR_ORDERS)).annotate(tiers=tiers_of("product"))


_cart = Compiled[Any](_items_with_tiers)


def cart_quantities(retailer: Retailer) -> dict[int, int]:
    """Product keys and quantities, in the order they were put in."""
    return dict(CartItem.objects.filter(retailer=retailer).values_list("product_id", "quantity"))


def line_problem(product: Product, quantity: int) -> dict[str, str] | None:
    """What stops a cart line from being ordered now: code and sentence, or None."""
    if not is_sold(product):
        return {"code": "not_sold", "message": _("%s is no longer sold. Remove it.") % product.name_read}
    if problem := quantity_problem(product, quantity):
        return {"code": "quantity", "message": problem}
    if product.stock.available < quantity:
        return {"code": "out_of_stock", "message": _shortage(product)}
    return None


def _shortage(product: Product) -> str:
    """What is left, and the largest quantity of it that is sold."""
    left, most = product.stock.available, most_that_fits(product, product.stock.available)
    if not most:
        return _("%(name)s is out of stock. Remove it to order the rest.") % {"name": product.name_read}
    sentence = _("Only %(left)d of %(name)s are left. Change the quantity to %(most)d or less.")
    return sentence % {"left": left, "most": most, "name": product.name_read}


def most_that_fits(product: Product, limit: int) -> int:
    """The largest quantity up to `limit` that can be ordered; 0 where there is none."""
    most = limit // product.order_multiple * product.order_multiple
    return most if most >= product.min_order_quantity else 0


def newest_payment(checkout: Checkout) -> Any:
    """Reached by reverse relation: payments is a layer above. None where there is none yet."""
    return max(checkout.payments.all(), key=lambda payment: payment.pk, default=None)
