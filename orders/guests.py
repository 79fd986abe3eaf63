"""The cart of a visitor: kept in the session until somebody signs in, `{"P1001": 5, ...}`."""

from collections.abc import MutableMapping
from typing import Any

from aqad.lib import codes
from aqad.lib.errors import Invalid
from catalog.models import Product
from orders.basket import MAX_LINES, cart_is_full

SESSION_KEY = "cart"

Session = MutableMapping[str, Any]


def quantities(session: Session) -> dict[int, int]:
    """Product keys and quantities."""
    keyed = ((codes.parse(code, Product.CODE_PREFIX), number) for code, number in _kept(session).items())
    return {key: number for key, number in keyed if key}


def set_quantity(session: Session, product: Product, quantity: int) -> None:
    """As the retailer's `set_quantity`. Raises Invalid once the cart is full."""
    kept = _kept(session)
    if quantity == 0:
        kept.pop(product.code, None)
    elif product.code not in kept and len(kept) >= MAX_LINES:
        raise Invalid(errors={"quantity": [cart_is_full()]})
    else:
        kept[product.code] = quantity
    session[SESSION_KEY] = kept


def forget(session: Session) -> None:
    session.pop(SESSION_KEY, None)


def _kept(session: Session) -> dict[str, int]:
    return dict(session.get(SESSION_KEY, {}))
