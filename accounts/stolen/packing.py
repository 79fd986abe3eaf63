"""The list of stolen passwords as AQAD carries it: the first six bytes of each one's SHA-256, sorted.

A tenth of the text's size, searched where it lies. That a good password has the same six bytes as one of
twenty thousand happens once in ten thousand million times.
"""

from bisect import bisect_left
from collections.abc import Iterable
from hashlib import sha256

BYTES = 6


def pack(passwords: Iterable[str]) -> bytes:
    """The list for `is_packed`."""
    return b"".join(sorted({_short(each) for each in passwords}))


def is_packed(password: str, packed: bytes) -> bool:
    """Whether the list has it."""
    wanted = _short(password)
    rows = range(len(packed) // BYTES)
    at = bisect_left(rows, wanted, key=lambda row: packed[row * BYTES : (row + 1) * BYTES])
    return packed[at * BYTES : (at + 1) * BYTES] == wanted


def _short(password: str) -> bytes:
    return sha256(password.encode("utf-8", "surrogatepass")).digest()[:BYTES]
