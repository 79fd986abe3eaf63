from typing import Any

from django.utils.translation import gettext as _

from aqad.lib.errors import Invalid
from catalog.models import Product
from orders.basket import MAX_LINES
from orders.models import CartItem
from retailers.models import Retailer


def set_quantity(retailer: Retailer, product: Product, quantity: int) -> None:
    """Put `quantity` units of a product into the cart; 0 removes it. Problems are told when it is read."""
    if quantity == 0:
        CartItem.objects.filter(retailer=retailer, product=product).delete()
        return
    others = CartItem.objects.filter(retailer=retailer).exclude(product=product)
    if others.count() >= MAX_LINES:
        raise Invalid(errors={"quantity": [_("A cart takes at most %d products.") % MAX_LINES]})
    CartItem.objects.bulk_create(
        [CartItem(retailer=retailer, product=product, quantity=quantity)],
        update_conflicts=True,
        unique_fields=["retailer", "product"],
        update_fields=["quantity"],
    )


def empty_cart(retailer: Retailer) -> Any:
    return CartItem.objects.filter(retailer=retailer).delete()
