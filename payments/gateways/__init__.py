"""The companies that take money, each behind the door described in `payments.gateways.base`."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from payments.gateways.base import Gateway


class UnknownGateway(LookupError):
    """No gateway is registered under this name."""


def get_gateway(name: str) -> "Gateway":
    """Make the gateway that `settings.PAYMENT_GATEWAYS` registers under `name`.

    Raises `UnknownGateway`. Imports the class only now, so that a process which takes no payments loads none.
    """
    try:
        path = settings.PAYMENT_GATEWAYS[name]
    except KeyError:
        raise UnknownGateway(name) from None
    gateway: Gateway = import_string(path)()
    return gateway
