"""Ending a sale while orders arrive."""

from catalog.models import Product


def wait_for_orders(*products: Product) -> None:
    """Lock rows whose status is about to change.

    Whoever places an order holds them FOR KEY SHARE until it commits: orders before this are placed, orders
    after it see the new status (`orders.basket.lock_products`).
    """
    rows = Product.objects.filter(pk__in=[product.pk for product in products]).order_by("pk")
    list(rows.select_for_update().values_list("pk"))
