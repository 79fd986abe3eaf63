"""The bytes that seals are made of. What stands here may never change, or old seals could not be proven."""

import hashlib
import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet

from audit.models import Entry, Seal

FIELDS = (
    "id",
    "at",
    "actor_id",
    "actor_label",
    "verb",
    "object_kind",
    "object_code",
    "from_status",
    "to_status",
    "reason",
    "data",
    "address",
    "request_id",
)
_LINE = struct.Struct(">q32s")

Line = tuple[int, bytes]


def lines_of(entries: QuerySet[Entry], at_most: int) -> list[Line]:
    """The id and SHA-256 of the first entries, by id."""
    return [(row[0], _digest(row)) for row in entries.order_by("id").values_list(*FIELDS)[:at_most]]


def pack(lines: Iterable[Line]) -> bytes:
    return b"".join(_LINE.pack(*line) for line in lines)


def unpack(digests: bytes) -> Iterator[Line]:
    """The lines in a seal; what cannot be one is left out, the seal's own hash tells of it."""
    return _LINE.iter_unpack(digests[: len(digests) // _LINE.size * _LINE.size])


def chained(before: str, seal: Seal) -> str:
    """The hash of a seal after the one whose hash is `before` ("" for the first)."""
    head = json.dumps([before, seal.number, seal.first_id, seal.last_id, seal.count], separators=(",", ":"))
    return hashlib.sha256(head.encode() + b"\n" + bytes(seal.digests)).hexdigest()


def _digest(row: Sequence[Any]) -> bytes:
    named = dict(zip(FIELDS, row, strict=True))
    text = json.dumps(named, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain)
    return hashlib.sha256(text.encode()).digest()


def _plain(value: Any) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
