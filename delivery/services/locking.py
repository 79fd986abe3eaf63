"""Locks: order, then delivery.

A delivery is held only together with its order, or alone for a moment. So it does no harm that completing an
order locks its payment after the delivery: whoever wants both must first get past the order.
"""

from delivery.models import Delivery
from orders import services as orders
from orders.models import Order


def lock_with_order(delivery: Delivery) -> tuple[Order, Delivery]:
    """Both locked and read anew, from the top: order, then delivery."""
    order = orders.lock_order(Order(pk=delivery.order_id))
    return order, lock_delivery(delivery.pk)


def lock_delivery(pk: int) -> Delivery:
    """The delivery alone, with partner and driver. Whoever goes on to its order must lock that first."""
    rows = Delivery.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("partner", "driver").get(pk=pk)
