"""Public answers of the catalogue kept in Redis, and never older than the last commit.

What is kept is an `Answer` for one edition of the catalogue (`catalog.edition`). A hit costs one round trip
to Redis and one SELECT, which says whether that edition is still current and what is in stock of the products
that the answer shows; hits that are asked for at the same time share both. Stock is not kept: the answer has
gaps for it. Hence:

- A change is seen by the next read of any process, whatever became of the process that made it, and whatever
  Redis lost, kept too long or found in an old snapshot: only the database says what counts.
- An order leaves everything kept but the lists that depend on what is in stock, and those only when a product
  sells out (`by_stock`).
- Of many readers who miss the same answer at once, one reads the database. The others wait for it, at most
  WAIT seconds, then read themselves. A filler that died holds them up no longer than that.
- A reader inside a transaction neither takes nor keeps: it may see what nobody else does yet.

Redis down: answers come from the database.
"""

import hashlib
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from django.conf import settings
from prometheus_client import Counter

from aqad.lib import redis_access
from aqad.lib.redis_access import RedisDown
from catalog import edition

GAP = b"\0"  # stands where stock belongs; JSON holds none
LEASE = 3.0  # seconds in which one reader fills alone
WAIT = 1.0
PAUSE = 0.01

hits = Counter("aqad_catalog_cache_hits", "Answers of the catalogue that were kept.", ["kind"])
misses = Counter("aqad_catalog_cache_misses", "Answers of the catalogue that were made anew.", ["kind"])

_PREFIX = "aqad:catalog:"
_FORM = 1  # of what is kept; another form of answer is another name

# KEYS: the answer, the lease. ARGV: the edition, who asks, milliseconds of a lease.
# Answers what is kept of this edition, else whether the caller is the one to fill.
_CLAIM = """
local kept = redis.call('GET', KEYS[1])
if kept then
  local stamp = string.sub(kept, 1, string.find(kept, '\\n', 1, true) - 1)
  if string.sub(ARGV[1], 1, #stamp) == stamp then return kept end
end
if redis.call('SET', KEYS[2], ARGV[2], 'NX', 'PX', ARGV[3]) then return 1 end
return 0
"""

# KEYS: the answer, the lease. ARGV: whose lease it is; if there is something to keep, that and its seconds.
_END = """
if ARGV[2] then redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) end
if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
"""


@dataclass(frozen=True)
class Answer:
    """A body with a GAP for the stock of each of the products `ids`, and what is `available` of them now.

    An empty template says that there is no such thing. `by_stock`: which products it shows, or in what order,
    depends on what is in stock.
    """

    template: bytes
    ids: Sequence[int] = ()
    available: Sequence[int] = ()
    by_stock: bool = False
    digest: str = ""  # of the template, where it is known

    @property
    def body(self) -> bytes:
        first, *rest = self.template.split(GAP)
        pieces = [first]
        for left, piece in zip(self.available, rest, strict=True):
            pieces.append(b'"available":%d,"in_stock":%s' % (left, b"true" if left > 0 else b"false"))
            pieces.append(piece)
        return b"".join(pieces)

    @property
    def etag(self) -> str:
        """Strong: the same for the same bytes only, whether they were kept or not."""
        digest = self.digest or _digest(self.template)
        return f'"{_digest(f"{digest}{list(self.available)}".encode())}"'


NOTHING = Answer(b"")
UNKNOWN = object()


def fetch(kind: str, name: str, make: Callable[[], Answer], kept: Any = UNKNOWN) -> Answer:
    """The answer `name`, kept or from `make`; what `make` raises is not kept.

    `kind` is for the counters. `kept` is what Redis has at `key(name)`, where that is known already.
    """

    def made() -> Answer:
        misses.labels(kind).inc()
        return make()

    if not edition.may_be_kept():
        return made()
    place, me = key(name), secrets.token_hex(8)
    try:
        if kept is UNKNOWN:
            kept = redis_access.call(lambda redis: redis.get(place))
        found, current = _look({place: kept})
        answer = found.get(place)
        if answer is None:
            answer = _awaited(place, current, me)
    except RedisDown:
        return made()
    if answer is None:
        return _fill(place, current, me, made)
    hits.labels(kind).inc()
    return answer


def still_current(kept: Mapping[str, bytes]) -> dict[str, Answer]:
    """Those of the answers that Redis has, by their keys, which are current: one SELECT says so of all.

    Whoever takes one of them adds to `hits`.
    """
    if not kept or not edition.may_be_kept():
        return {}
    found, _current = _look(kept)
    return found


def key(name: str) -> str:
    """Where Redis has the answer `name`."""
    return f"{_PREFIX}{_digest(f'{_FORM} {settings.PUBLIC_URL} {name}'.encode())}"


def forget_all() -> None:
    """Empty the cache: for tests, and for operators who want to see it fill."""

    def work(redis: Any) -> None:
        for key in redis.scan_iter(f"{_PREFIX}*", count=1000):
            redis.delete(key)

    with suppress(RedisDown):
        redis_access.call(work)


def _look(kept: Mapping[str, bytes | None]) -> tuple[dict[str, Answer], str]:
    """Which of the answers that were `kept` are of the current edition, and that edition."""
    unpacked = {place: _unpacked(what) for place, what in kept.items() if what is not None}
    ids = list(dict.fromkeys(chain.from_iterable(one.ids for _, one in unpacked.values())))
    current, available = edition.current(ids)
    stock = {key: left for key, left in zip(ids, available, strict=True) if left is not None}
    found = {
        place: replace(answer, available=[stock[key] for key in answer.ids])
        for place, (stamp, answer) in unpacked.items()
        if current.startswith(stamp) and stock.keys() >= set(answer.ids)
    }
    return found, current


def _awaited(key: str, current: str, me: str) -> Answer | None:
    """What another reader fills meanwhile; None where the caller is to fill."""
    patience_ends = time.monotonic() + WAIT
    while True:
        claimed = redis_access.call(
            lambda redis: redis.eval(_CLAIM, 2, key, f"{key}:lease", current, me, int(LEASE * 1000))  # noqa: B023
        )
        if isinstance(claimed, bytes):
            found, current = _look({key: claimed})
            if key in found:
                return found[key]
        elif claimed or time.monotonic() > patience_ends:
            return None
        else:
            time.sleep(PAUSE)
            current = edition.current()[0]


def _fill(key: str, current: str, me: str, make: Callable[[], Answer]) -> Answer:
    """Make the answer and keep it. The edition was read before, so what is kept is that edition or newer."""
    kept: tuple[bytes, int] | tuple[()] = ()
    try:
        made = make()
        answer = replace(made, digest=_digest(made.template))
        stamp = current if answer.by_stock else current[: edition.GOODS]
        kept = _packed(stamp, answer), settings.PUBLIC_PAGE_SECONDS
    finally:
        with suppress(RedisDown):
            redis_access.call(lambda redis: redis.eval(_END, 2, key, f"{key}:lease", me, *kept))
    return answer


def _packed(stamp: str, answer: Answer) -> bytes:
    shown = ",".join(map(str, answer.ids))
    return f"{stamp}\n{answer.digest}\n{shown}\n".encode() + answer.template


def _unpacked(kept: bytes) -> tuple[str, Answer]:
    """The stamp and the answer, without what is available."""
    stamp, digest, shown, template = kept.split(b"\n", 3)
    ids = [int(each) for each in shown.split(b",")] if shown else []
    return stamp.decode(), Answer(template, ids, digest=digest.decode())


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
