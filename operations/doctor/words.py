"""How the doctor writes times, sizes and people it may not name in full."""

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.formats import number_format

Moment = datetime | float | str | None


def clock(at: Moment) -> str:
    """A moment, from whatever the records keep of it, in the marketplace's time."""
    if at is None:
        return "–"
    if isinstance(at, str):
        at = datetime.fromisoformat(at)
    if isinstance(at, int | float):
        at = datetime.fromtimestamp(at, UTC)
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"


def span(seconds: float) -> str:
    """`340 ms`, `12 s`, `7 min`, `5 h`, `3 d`: as coarse as it is long."""
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    for limit, unit, size in ((120, "s", 1), (7200, "min", 60), (172800, "h", 3600)):
        if seconds < limit:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds / 86400:.0f} d"


def milliseconds(value: float) -> str:
    return f"{number_format(round(value), force_grouping=True)} ms"


def megabytes(size: int) -> str:
    return f"{size / 2**20:.0f} MB"


def percent(share: float) -> str:
    return f"{share * 100:.0f} %"


def masked(subject: str) -> str:
    """A limit's subject as far as it is needed to recognise it: `a***@foods.example`, `203.0.113.***`."""
    if " " in subject:  # an e-mail with the device or address that it is counted for
        return " ".join(masked(part) for part in subject.split(" "))
    kind, _, value = subject.partition(":")
    if kind == "email":
        name, _, domain = value.partition("@")
        return f"{name[:1]}***@{domain}"
    if kind == "address" and "." in value:
        return f"{value.rpartition('.')[0]}.***"
    if kind == "address":
        return f"{':'.join(value.split(':')[:2])}:***"
    if kind == "device":
        return f"device:{value[:2]}***"
    return subject
