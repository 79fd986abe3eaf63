from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from aqad.lib.errors import DomainError
from catalog.errors import OutOfStock


class TooManyOpenOrders(DomainError):
    code = "too_many_open_orders"
    status = 409
    message = _("Too much is open already. Pay or cancel what is waiting before you order more.")


class PaymentMethodUnavailable(DomainError):
    code = "payment_method_unavailable"
    status = 400
    message = _("This payment method is not available. Pay by card or cash on delivery.")


class NoLongerSold(OutOfStock):
    """What was ordered is archived, hidden or withdrawn, or its vendor does not sell; `available` is 0."""

    def __init__(self, gone: Sequence[tuple[str, str, int]]) -> None:
        """`gone`: code, name and quantity of each line."""
        items = [{"product": code, "requested": quantity, "available": 0} for code, _name, quantity in gone]
        names = ", ".join(dict.fromkeys(name for _code, name, _quantity in gone))
        sentence = _("No longer sold: %(names)s. Nothing was taken. Place a new order without it.")
        super().__init__(items, sentence=sentence % {"names": names})
