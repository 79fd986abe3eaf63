from django.utils.translation import gettext_lazy as _

from aqad.lib.errors import DomainError


class RefundExceedsPaid(DomainError):
    code = "refund_exceeds_paid"
    status = 409
    message = _("This is more than what was paid and not yet refunded.")
