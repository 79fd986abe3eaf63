"""What the value of a variable may be: each kind names what is wrong with a value and what to set instead.

`fault` answers "" for a good value. Nothing here needs Django: the runner and beat use it as well.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from typing import ClassVar, Protocol
from urllib.parse import SplitResult, urlsplit

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class Kind(Protocol):
    secret: ClassVar[bool]  # whether a message must not repeat the value

    def fault(self, value: str, *, production: bool) -> str: ...


@dataclass(frozen=True)
class Text:
    """Anything on one line."""

    secret: ClassVar[bool] = False

    def fault(self, value: str, *, production: bool) -> str:
        return "" if value.isprintable() else "it must be one line without control characters"


@dataclass(frozen=True)
class Word:
    """One of these words, spelled exactly so; `production` narrows them there."""

    words: tuple[str, ...]
    in_production: tuple[str, ...] = ()
    secret: ClassVar[bool] = False

    def fault(self, value: str, *, production: bool) -> str:
        if value not in self.words:
            return f"it can be {_either(self.words)}"
        if production and self.in_production and value not in self.in_production:
            return f"in production it must be {_either(self.in_production)}"
        return ""


@dataclass(frozen=True)
class Whole:
    """A whole number in a range, which production may narrow."""

    least: int
    most: int
    in_production: tuple[int, int] | None = None
    unit: str = ""
    secret: ClassVar[bool] = False

    def fault(self, value: str, *, production: bool) -> str:
        least, most = (production and self.in_production) or (self.least, self.most)
        if re.fullmatch(r"[0-9]{1,12}", value) and least <= int(value) <= most:
            return ""
        where = "in production it" if production and self.in_production else "it"
        of = f" of {self.unit}" if self.unit else ""
        return f"{where} must be a whole number{of} from {least} to {most}"


@dataclass(frozen=True)
class Port(Whole):
    least: int = 1
    most: int = 65535

    def fault(self, value: str, *, production: bool) -> str:
        wrong = super().fault(value, production=production)
        return wrong and "it must be a port number from 1 to 65535"


@dataclass(frozen=True)
class Rate:
    """`<count>/<s|m|h|d>`. In production count and pace are at most `most`'s, the pace at least `least`'s."""

    least: str
    most: str
    secret: ClassVar[bool] = False

    def fault(self, value: str, *, production: bool) -> str:
        rate = _rate(value)
        if rate is None:
            return f"it must be a rate such as {self.most}: a count from 1, then /s, /m, /h or /d"
        if not production:
            return ""
        (count, pace), least, most = rate, _rate(self.least), _rate(self.most)
        if least and most and (count > most[0] or pace > most[1] or pace < least[1]):
            return f"in production it must be between {self.least} and {self.most}, in count and in pace"
        return ""


@dataclass(frozen=True)
class Url:
    """An address of these schemes with a host, and, unless `path`, nothing after it."""

    schemes: tuple[str, ...]
    in_production: tuple[str, ...] = ()
    path: bool = False
    login: bool = False  # may carry user and password
    query: bool = False
    secret: ClassVar[bool] = True

    def fault(self, value: str, *, production: bool) -> str:
        schemes = (production and self.in_production) or self.schemes
        where = "in production it" if production and self.in_production else "it"
        parts = split_url(value)
        if parts is None or parts.scheme not in schemes:
            return f"{where} must begin with {_either([f'{scheme}://' for scheme in schemes])}"
        if not parts.hostname and not (self.path and parts.path.strip("/")):
            return "it names no host"
        if parts.username is not None and not self.login:
            return "it must not carry a user or password"
        if parts.path.strip("/") and not self.path:
            return "it must end after the host and port"
        if parts.fragment or (parts.query and not self.query):
            return "it must not have a ? or # part"
        return ""


@dataclass(frozen=True)
class MailServer(Url):
    """Django-environ's EMAIL_URL. Options after `?` could switch encryption off again, so there are none."""

    schemes: tuple[str, ...] = (
        *("smtp+tls", "smtp+ssl", "smtps", "smtp"),
        *("consolemail", "filemail", "memorymail", "dummymail"),
    )
    in_production: tuple[str, ...] = ("smtp+tls", "smtp+ssl", "smtps")
    path: bool = True
    login: bool = True

    def fault(self, value: str, *, production: bool) -> str:
        parts = split_url(value)
        if parts and not production and not parts.scheme.startswith("smtp") and parts.scheme in self.schemes:
            return ""
        if parts and production and parts.scheme in self.in_production and not parts.hostname:
            return "it names no host"
        return super().fault(value, production=production)


@dataclass(frozen=True)
class Address:
    """`host:port` or `unix:/path`, to listen at."""

    secret: ClassVar[bool] = False

    def fault(self, value: str, *, production: bool) -> str:
        host, colon, port = value.rpartition(":")
        if value.startswith("unix:/") or (host and colon and not Port().fault(port, production=production)):
            return ""
        return "it must be host:port or unix:/path"


@dataclass(frozen=True)
class Hosts:
    """Names of hosts, comma-separated, each with an optional dot before it for its subdomains."""

    secret: ClassVar[bool] = False

    def fault(self, value: str, *, production: bool) -> str:
        for host in _listed(value):
            if host == "*":
                if production:
                    return "it may not be * in production: name the hosts"
            elif not re.fullmatch(r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*|\[[0-9A-Fa-f:.]+\]", host):
                return f"'{host}' is no name of a host; set names without https:// and without a port"
            elif production and host.startswith(".") and "." not in host[1:]:
                return f"'{host}' would be every host of a whole top-level domain"
        return ""


@dataclass(frozen=True)
class Origins:
    """`https://host[:port]`, comma-separated; http only outside production."""

    secret: ClassVar[bool] = False

    def fault(self, value: str, *, production: bool) -> str:
        for origin in _listed(value):
            if wrong := Url(("https", "http"), ("https",)).fault(origin, production=production):
                return f"of '{origin}', {wrong}"
            if "*" in origin or origin.endswith("/"):
                return f"'{origin}' must be one origin, such as https://app.aqad.ae, without * and final /"
        return ""


@dataclass(frozen=True)
class Networks:
    """Networks whose word about the caller is taken. In production too few for strangers to be among them."""

    secret: ClassVar[bool] = False

    def fault(self, value: str, *, production: bool) -> str:
        try:
            networks = [ip_network(each, strict=False) for each in _listed(value)]
        except ValueError as error:
            return f"{error}; set networks such as 10.0.0.0/8, comma-separated"
        if production and _is_wide(networks):
            return (
                "that trusts strangers: in production set the proxies' own networks, of IPv4 none wider than"
                " /8, of IPv6 none wider than /28 outside fc00::/7"
            )
        return ""


def _is_wide(networks: Sequence[IPv4Network | IPv6Network]) -> bool:
    """Also where the Internet is named in many pieces, or in IPv6's way of writing IPv4 addresses."""
    mapped = IPv6Network("::ffff:0:0/96")
    old = [network for network in networks if isinstance(network, IPv4Network)]
    new = [network for network in networks if isinstance(network, IPv6Network)]
    for network in [each for each in new if each.subnet_of(mapped)]:
        new.remove(network)
        old.append(IPv4Network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - 96)))
    private = (IPv6Network("fc00::/7"), IPv6Network("fe80::/10"))
    public = [each for each in collapse_addresses(new) if not any(each.subnet_of(one) for one in private)]
    merged = list(collapse_addresses(old))
    return (
        any(each.prefixlen < 8 for each in merged)
        or sum(each.num_addresses for each in merged) > 4 * 2**24
        or any(each.prefixlen < 28 for each in public)
        or sum(each.num_addresses for each in public) > 2 ** (128 - 24)
    )


def split_url(value: str) -> SplitResult | None:
    """The parts of an address, None where there is no reading it."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return parts if value.isprintable() and " " not in value else None


def _listed(value: str) -> list[str]:
    return [each.strip() for each in value.split(",") if each.strip()]


def _rate(value: str) -> tuple[int, float] | None:
    """The count, and how many that is a second."""
    match = re.fullmatch(r"([1-9][0-9]{0,8})/([smhd])", value)
    return (int(match[1]), int(match[1]) / SECONDS[match[2]]) if match else None


def _either(words: Sequence[str]) -> str:
    shown = [word or "empty" for word in words]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
