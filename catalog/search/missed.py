"""What is searched and not found, counted in Redis while people wait and kept in the database later."""

import re
from collections.abc import Mapping
from typing import Any

from aqad.lib import redis_access
from aqad.lib.redis_access import RedisDown

MAX_WORDS = 60  # characters that are kept
MAX_KEPT = 2000  # different queries between two collections
DAY = 24 * 3600

_WAITING = "aqad:missed"
_TAKEN = "aqad:missed:taken"
_BETWEEN = "\x1f"
_PRIVATE = re.compile(r"@|(?:\+|00)?971[\s-]?\d|\b05\d[\s-]?\d{3}|\d{15}")  # an address, a phone, a card


def note(text: str, meant: str = "") -> None:
    """`text` is spelled like nothing that is sold; `meant` was shown instead. Without Redis nobody counts."""
    words = " ".join(text.split())[:MAX_WORDS]
    if not words or _PRIVATE.search(text):
        return
    field = f"{words}{_BETWEEN}{meant[:MAX_WORDS]}"

    def work(client: Any) -> None:
        if client.hlen(_WAITING) < MAX_KEPT:
            client.hincrby(_WAITING, field, 1)
            client.expire(_WAITING, DAY)

    try:
        redis_access.call(work)
    except RedisDown:
        return


def take() -> Mapping[tuple[str, str], int]:
    """How often each text was missed, with what was meant, since `forget`; the same again until then."""

    def work(client: Any) -> dict[bytes, bytes]:
        if client.exists(_WAITING) and not client.exists(_TAKEN):
            client.rename(_WAITING, _TAKEN)
        taken: dict[bytes, bytes] = client.hgetall(_TAKEN)
        return taken

    missed: dict[tuple[str, str], int] = {}
    for field, count in redis_access.call(work).items():
        words, _between, meant = field.decode().partition(_BETWEEN)
        missed[words, meant] = int(count)
    return missed


def forget() -> None:
    """What `take` gave is kept elsewhere now."""
    redis_access.call(lambda client: client.delete(_TAKEN))
