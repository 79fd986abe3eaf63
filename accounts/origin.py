"""From where somebody signs in."""

from dataclasses import dataclass
from typing import Any

from aqad.lib.web.limits import network


@dataclass(frozen=True)
class Origin:
    """`address` is what counts as one client (an IPv6 one as its network), `device` what it calls itself."""

    address: str = ""
    device: str = ""


UNKNOWN = Origin()


def origin_of(request: Any) -> Origin:
    """Of a request, Django's or the framework's."""
    address = network(getattr(request, "client_address", ""))
    return Origin(address, request.META.get("HTTP_USER_AGENT", "")[:200])
