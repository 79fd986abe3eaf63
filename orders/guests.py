"""The cart of a visitor: in a signed cookie until somebody signs in, so that it costs no row.

The cookie holds the keys and quantities of at most MAX_LINES products, packed: under three kilobytes.
"""

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from aqad.lib.errors import Invalid
from aqad.lib.web import cookies
from catalog.models import Product
from orders.basket import MAX_LINES, cart_is_full

SECONDS = 14 * 24 * 3600  # since it was last changed
_SALT = "orders.guests"


def quantities(request: HttpRequest) -> dict[int, int]:
    """Product keys and quantities; none of a cookie that is not ours or too old."""
    try:
        packed: str = signing.loads(
            request.COOKIES.get(settings.CART_COOKIE_NAME, ""), salt=_SALT, max_age=SECONDS
        )
    except signing.BadSignature:
        return {}
    lines = (line.split("x") for line in packed.split(" ") if line)
    return {int(key): int(quantity) for key, quantity in lines}


def set_quantity(request: HttpRequest, product: Product, quantity: int) -> None:
    """As the retailer's `set_quantity`. Raises Invalid once the cart is full."""
    kept = quantities(request)
    if quantity == 0:
        kept.pop(product.pk, None)
    elif product.pk not in kept and len(kept) >= MAX_LINES:
        raise Invalid(errors={"quantity": [cart_is_full()]})
    else:
        kept[product.pk] = quantity
    _keep(request, kept)


def forget(request: HttpRequest) -> None:
    cookies.drop(request, settings.CART_COOKIE_NAME)


def _keep(request: HttpRequest, kept: dict[int, int]) -> None:
    if not kept:
        forget(request)
        return
    packed = " ".join(f"{key}x{quantity}" for key, quantity in kept.items())
    value = signing.dumps(packed, salt=_SALT, compress=True)
    cookies.put(request, settings.CART_COOKIE_NAME, value, seconds=SECONDS)
