from typing import Any

from django.utils.translation import gettext_lazy as _

from aqad.lib.errors import DomainError


class OutOfStock(DomainError):
    """Carries `items`: `[{"product", "requested", "available"}]`, every shortage at once."""

    code = "out_of_stock"
    status = 409
    message = _("There is not enough stock. Change the quantities to what is available.")

    def __init__(self, items: list[dict[str, Any]], first_name: str = "", *, sentence: Any = None) -> None:
        """`first_name`: of the first product that falls short, for the sentence where none is given."""
        left = items[0]["available"]
        if first_name and left:
            sentence = _("Only %(left)d of %(name)s are left. Change the quantity to %(left)d or less.")
        elif first_name:
            sentence = _("%(name)s is out of stock. Remove it to order the rest.")
        super().__init__(
            sentence % {"left": left, "name": first_name} if first_name else sentence, items=items
        )


class StockReserved(DomainError):
    code = "stock_reserved"
    status = 409
    message = _("Orders hold part of this stock. It cannot go below what is reserved.")


class StockMoved(DomainError):
    """The counters are no longer those that were looked at."""

    code = "stock_moved"
    status = 409
    message = _("The stock moved meanwhile. Look at the figures again.")


class StockCannotHold(DomainError):
    code = "stock_cannot_hold"
    status = 409
    message = _("Orders hold more than the ledger has on hand. Count the goods, then adjust the stock.")
