from django.utils.translation import gettext_lazy as _

from aqad.lib.errors import DomainError


class InvalidPin(DomainError):
    code = "invalid_pin"
    status = 400
    message = _("This PIN is not right. Ask the retailer for the four digits shown with the order.")


class PinLocked(InvalidPin):
    """The same machine word: for the app both mean that this PIN opens nothing."""

    message = _("Too many wrong PINs. Take a photo of the delivered goods instead.")


class DriverNotActive(DomainError):
    code = "driver_not_active"
    status = 409
    message = _("This driver is not active. Mark the driver active on the driver's page instead.")
