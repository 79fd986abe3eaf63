from collections.abc import Mapping
from typing import Any

from aqad.lib.errors import Invalid
from catalog.models import Product
from orders.basket import MAX_LINES, cart_is_full
from orders.models import CartItem
from retailers.models import Retailer


def set_quantity(retailer: Retailer, product: Product, quantity: int) -> None:
    """Put `quantity` units of a product into the cart; 0 removes it. Problems are told when it is read."""
    if quantity == 0:
        CartItem.objects.filter(retailer=retailer, product=product).delete()
        return
    others = CartItem.objects.filter(retailer=retailer).exclude(product=product)
    if others.count() >= MAX_LINES:
        raise Invalid(errors={"quantity": [cart_is_full()]})
    CartItem.objects.bulk_create(
        [CartItem(retailer=retailer, product=product, quantity=quantity)],
        update_conflicts=True,
        unique_fields=["retailer", "product"],
        update_fields=["quantity"],
    )


def empty_cart(retailer: Retailer) -> Any:
    return CartItem.objects.filter(retailer=retailer).delete()


def merge_cart(retailer: Retailer, quantities: Mapping[int, int]) -> None:
    """Take over what a visitor had collected before signing in: by product key, the larger quantity stays.

    Products that are gone, and what a full cart cannot take, are left out. Safe to repeat.
    """
    mine = dict(CartItem.objects.filter(retailer=retailer).values_list("product_id", "quantity"))
    wanted = Product.objects.sold().filter(pk__in=quantities)
    rows = [
        CartItem(
            retailer=retailer, product=product, quantity=max(quantities[product.pk], mine.get(product.pk, 0))
        )
        for product in wanted
    ]
    room = MAX_LINES - len(mine)
    new = [row for row in rows if row.product_id not in mine][:room]
    CartItem.objects.bulk_create(
        [row for row in rows if row.product_id in mine] + new,
        update_conflicts=True,
        unique_fields=["retailer", "product"],
        update_fields=["quantity"],
    )
