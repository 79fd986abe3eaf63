from typing import Any

from django.utils.translation import gettext_lazy as _

from aqad.lib.errors import DomainError


class OutOfStock(DomainError):
    """Carries `items`: `[{"product", "requested", "available"}]`, every shortage at once."""

    code = "out_of_stock"
    status = 409
    message = _("There is not enough stock. Change the quantities to what is available.")

    def __init__(self, items: list[dict[str, Any]]) -> None:
        super().__init__(items=items)


class StockReserved(DomainError):
    code = "stock_reserved"
    status = 409
    message = _("Orders hold part of this stock. It cannot go below what is reserved.")
