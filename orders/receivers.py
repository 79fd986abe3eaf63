from typing import Any

from orders import guests, services
from retailers.selectors import retailer_of


def reject_pending_orders(sender: Any, vendor: Any, **kwargs: Any) -> None:
    """A suspended vendor's unanswered orders are rejected; accepted ones stay for operations to see to."""
    services.reject_pending_orders_of(vendor.pk)


def keep_guest_cart(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    """What a visitor collected goes into the cart of the retailer who signs in; others keep theirs apart."""
    wanted = guests.quantities(request)
    if user.role == "retailer" and wanted:
        services.merge_cart(retailer_of(user), wanted)
        guests.forget(request)
