"""How much one client may take: time, room and connections."""

import math
import os
import resource
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

MIB = 1024 * 1024
FILES = 4  # that one connection may have open: its own, a body, an answer, a file that is sent
OWN_FILES = 200  # of the process itself: database, Redis, listeners, code


@dataclass(frozen=True)
class Bounds:
    """Seconds, bytes and connections, for one web process."""

    patience: float = 10
    whole: float = 600  # a request, and likewise its answer
    rate: float = 4096  # bytes a second that a body or an answer makes at least, once `grace` is over
    room: int = 256 * MIB  # on the disk, for bodies and answers that wait
    connections: int = 1000
    by_address: int = 256
    proxies: tuple[str, ...] = ()  # networks, for whose addresses `by_address` does not count

    @property
    def header(self) -> float:
        """For a header, whatever its rate; or without any."""
        return self.patience

    @property
    def grace(self) -> float:
        return 2 * self.patience

    @property
    def silence(self) -> float:
        """Without a byte, in the middle of a body or an answer."""
        return 3 * self.patience

    @classmethod
    def read(cls, variables: Mapping[str, str] = os.environ) -> "Bounds":
        """As docs/settings.md names them."""

        def number(name: str, default: int) -> int:
            return int(variables.get(name) or default)

        return cls(
            patience=number("AQAD_REQUEST_PATIENCE", 10),
            whole=number("AQAD_REQUEST_SECONDS", 600),
            rate=number("AQAD_REQUEST_RATE", 4096),
            room=number("AQAD_SPOOL_MIB", 512) * MIB // number("AQAD_WEB_PROCESSES", 2),
            connections=_with_files_for(number("AQAD_CONNECTIONS", 1000)),
            by_address=number("AQAD_CONNECTIONS_PER_ADDRESS", 256),
            proxies=tuple(
                filter(None, variables.get("AQAD_TRUSTED_PROXIES", "").replace(" ", "").split(","))
            ),
        )

    def counts(self, address: str) -> bool:
        """Whether connections of this address count as those of one client."""
        return bool(address) and not _is_in(address, self.proxies)


class Pace:
    """Until when a transfer is waited for, by how far it is."""

    def __init__(self, bounds: Bounds) -> None:
        self._bounds = bounds
        self._began = self._last = time.monotonic()
        self._moved = 0

    def moved(self, size: int) -> None:
        self._moved += size
        self._last = time.monotonic()

    def ends(self) -> float:
        """On the monotonic clock."""
        bounds = self._bounds
        by_rate = self._began + bounds.grace + self._moved / bounds.rate
        return min(self._began + bounds.whole, by_rate, self._last + bounds.silence)


class Deadline:
    """A time that does not move."""

    def __init__(self, seconds: float = math.inf) -> None:
        self.at = time.monotonic() + seconds

    def ends(self) -> float:
        return self.at


def _with_files_for(connections: int) -> int:
    """As many connections as the process may have open files for, which is raised as far as is allowed."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections * FILES + OWN_FILES
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if _soft != resource.RLIM_INFINITY and _soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return max(50, min(connections, (allowed - OWN_FILES) // FILES))


@lru_cache(maxsize=4096)
def _is_in(address: str, networks: tuple[str, ...]) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in map(_network, networks))


@lru_cache(maxsize=64)
def _network(text: str) -> IPv4Network | IPv6Network:
    return ip_network(text, strict=False)
