"""From where somebody signs in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts import known_devices
from aqad.lib.web.limits import network


@dataclass(frozen=True)
class Origin:
    """`address` is what counts as one client (an IPv6 one as its network), `device` what it calls itself.

    `known_devices` is what `accounts.known_devices` reads.
    """

    address: str = ""
    device: str = ""
    known_devices: Mapping[str, str] = field(default_factory=dict)


UNKNOWN = Origin()


def origin_of(request: Any) -> Origin:
    """Of a request, Django's or the framework's."""
    address = network(getattr(request, "client_address", ""))
    return Origin(address, request.META.get("HTTP_USER_AGENT", "")[:200], known_devices.read(request))
