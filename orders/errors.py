from django.utils.translation import gettext_lazy as _

from aqad.lib.errors import DomainError


class TooManyOpenOrders(DomainError):
    code = "too_many_open_orders"
    status = 409
    message = _("Too much is open already. Pay or cancel what is waiting before you order more.")


class PaymentMethodUnavailable(DomainError):
    code = "payment_method_unavailable"
    status = 400
    message = _("This payment method is not available. Pay by card or cash on delivery.")
