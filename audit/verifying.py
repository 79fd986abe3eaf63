"""Prove the audit log by its seals: name the first entry that is not as it was, and what no seal proves."""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Max, Min

from audit import digests
from audit.models import Entry, Seal, SealHead


@dataclass(frozen=True)
class Break:
    """The first thing that is wrong. `entry` is None where a seal itself is."""

    what: str
    seal: int
    entry: int | None = None

    def __str__(self) -> str:
        where = f"entry {self.entry}" if self.entry is not None else f"seal {self.seal}"
        return f"{where} {self.what}"


@dataclass
class Findings:
    """As far as the log was read. `head` is the last hash: kept elsewhere, it proves the log up to there."""

    seals: int = 0
    entries: int = 0
    last_id: int = 0
    head: str = ""
    broken: Break | None = None


@dataclass(frozen=True)
class Tail:
    """Entries that no seal proves yet."""

    count: int
    first_id: int | None
    last_id: int | None


def verify(known: str = "") -> Iterator[Findings]:
    """Read the log seal by seal, in constant memory; yields the findings after each, ends at the first break.

    `known` is a hash kept from an earlier time: the chain must still go through it.
    """
    found, met = Findings(), not known
    expected = SealHead.objects.filter(pk=1).first()
    while found.broken is None:
        seal = Seal.objects.filter(number__gt=found.seals).order_by("number").first()
        if seal is None:
            break
        found.broken = _wrong_seal(seal, found) or _wrong_entry(seal, found)
        if found.broken is None:
            found.seals, found.head = seal.number, seal.hash
            found.entries, found.last_id = found.entries + seal.count, seal.last_id
            met = met or seal.hash == known
        yield found
    if found.broken is None:
        found.broken = _cut_off(found, expected, met=met)
        yield found


def tail(after: int) -> Tail:
    counted = Entry.objects.filter(id__gt=after).aggregate(n=Count("id"), first=Min("id"), last=Max("id"))
    return Tail(counted["n"], counted["first"], counted["last"])


def _wrong_seal(seal: Seal, before: Findings) -> Break | None:
    if seal.number != before.seals + 1:
        return Break("is missing", before.seals + 1)
    if seal.first_id != before.last_id + 1:
        return Break("does not begin where the one before ends", seal.number)
    if not hmac.compare_digest(digests.chained(before.head, seal), seal.hash):
        return Break("was changed", seal.number)
    return None


def _wrong_entry(seal: Seal, before: Findings) -> Break | None:
    rows = Entry.objects.filter(id__lte=seal.last_id)
    if before.seals:
        rows = rows.filter(id__gt=before.last_id)
    now = digests.lines_of(rows, seal.count + 1)
    then = list(digests.unpack(bytes(seal.digests)))
    if now == then:
        return None
    for is_now, was in zip(now, then, strict=False):
        if is_now[0] > was[0]:
            return Break("is missing", seal.number, was[0])
        if is_now[0] < was[0]:
            return Break("was slipped in", seal.number, is_now[0])
        if is_now[1] != was[1]:
            return Break("was changed", seal.number, was[0])
    if len(now) < len(then):
        return Break("is missing", seal.number, then[len(now)][0])
    return Break("was slipped in", seal.number, now[len(then)][0])


def _cut_off(found: Findings, expected: SealHead | None, *, met: bool) -> Break | None:
    if expected is not None and expected.number > found.seals:
        return Break(f"and all after it are missing: nothing proves {found.last_id + 1} on", found.seals + 1)
    return None if met else Break("is the last, and none has the known hash", found.seals)
