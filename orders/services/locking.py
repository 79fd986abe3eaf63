"""Locks of one checkout or order, always taken from the top.

buyer → products and vendors (shared) → checkout → order → payment → delivery → stock
"""

from django.db.models import QuerySet

from aqad.lib.prefetch import preload
from orders.models import Checkout, Order
from retailers.models import Retailer


def lock_buyer(retailer_id: int) -> None:
    """The row that placing locks too, so that what a buyer has open is counted right."""
    Retailer.objects.select_for_update(no_key=True).only("pk").get(pk=retailer_id)


def lock_checkout(pk: int, *, skip_locked: bool = False) -> Checkout | None:
    """The checkout and its orders, locked and read anew with lines; None where it is gone or skipped."""
    rows = Checkout.objects.select_for_update(of=("self",), no_key=True, skip_locked=skip_locked)
    checkout = rows.select_related("retailer", "placed_by").filter(pk=pk).first()
    if checkout is not None:
        orders = list(_locked_orders().filter(checkout=checkout).order_by("pk"))
        preload(checkout, orders=orders)
    return checkout


def lock_order(order: Order) -> Order:
    """The order, locked and read anew with its lines."""
    return _locked_orders().get(pk=order.pk)


def _locked_orders() -> QuerySet[Order]:
    return (
        Order.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor", "checkout")
        .prefetch_related("lines")
    )
