"""What a quantity costs, and which quantities are sold."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from catalog.models import Product


def unit_price(product: Product, quantity: int) -> Decimal:
    """AED without VAT for one unit at `quantity`: the price of the highest tier reached.

    Reads `product.price_tiers`, which should be prefetched.
    """
    reached = [tier for tier in product.price_tiers.all() if tier.min_quantity <= quantity]
    return max(reached, key=lambda tier: tier.min_quantity).price if reached else product.price


def nearest_quantities(product: Product, quantity: int) -> list[int]:
    """The valid quantities next below and next above an invalid one."""
    step = product.order_multiple
    smallest = -(-product.min_order_quantity // step) * step
    below, above = quantity // step * step, -(-quantity // step) * step
    return sorted({max(smallest, below), max(smallest, above)})


def quantity_problem(product: Product, quantity: int) -> str:
    """Why `quantity` cannot be ordered, as a sentence that names the nearest that can; empty when it can."""
    if quantity >= product.min_order_quantity and quantity % product.order_multiple == 0:
        return ""
    nearest: Any = _(" or ").join(str(number) for number in nearest_quantities(product, quantity))
    return _("%(name)s is sold from %(minimum)s in steps of %(multiple)s. Order %(nearest)s.") % {
        "name": product.name_read,
        "minimum": product.min_order_quantity,
        "multiple": product.order_multiple,
        "nearest": nearest,
    }
