"""How often somebody may ask: sliding windows in Redis, one count for all processes, exact in parallel.

Each (limit, subject) keeps the times of its last n hits; a hit is refused while the n-th newest is younger
than the window. Deciding and counting is one script, so parallel requests cannot slip through. Why this and
not django-ratelimit: docs/decisions/rate-limits.md.
"""

import re
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from ipaddress import IPv6Address, ip_address, ip_network
from itertools import islice
from math import ceil
from typing import Literal

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from redis import Redis

from aqad.lib import redis_access
from aqad.lib.errors import RateLimited
from aqad.lib.web.errors import refuse

# With Redis down these go on in each process by itself; the others are let through.
GUARDED = frozenset(
    {"login", "login_email", "login_known", "password", "code", "email_change", "register", "reset"}
)
EXEMPT = ("/api/payments/webhooks/", "/static/", "/media/")
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})

COUNTED = "aqad.counted"  # in a WSGI environ: this request is counted already

_PREFIX = "aqad:limit:"
_RATE = re.compile(r"([1-9][0-9]*)/([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

# A key holds the list of times, newest first; n, the window in ms, and whether to count this hit go with it.
# Answers the milliseconds to wait, 0 when allowed. The clock is Redis's own: one for all processes.
_DECIDE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function wait(key, n, window, count)
  local oldest = redis.call('LINDEX', key, n - 1)
  if oldest then
    local left = oldest + window - now
    if left > 0 then return left end
  end
  if count == '1' then
    redis.call('LPUSH', key, string.format('%.0f', now))
    redis.call('LTRIM', key, 0, n - 1)
    redis.call('PEXPIRE', key, window)
  end
  return 0
end
"""
# KEYS: one for each limit, asked in this order until one refuses. ARGV: three for each.
_SCRIPT = f"""{_DECIDE}
for at, key in ipairs(KEYS) do
  local left = wait(key, ARGV[3 * at - 2], ARGV[3 * at - 1], ARGV[3 * at])
  if left > 0 then return left end
end
return 0
"""
# KEYS: one for each hit by the same limit, then what to get. ARGV: the limit, how many hits, and for each of
# them which of the things to get it asks for. What only refused hits ask for is not got.
_SCRIPT_AND_GET = f"""{_DECIDE}
local hits, waits, wanted, got = tonumber(ARGV[3]), {{}}, {{}}, {{}}
for at = 1, hits do
  waits[at] = wait(KEYS[at], ARGV[1], ARGV[2], '1')
  if waits[at] == 0 then wanted[tonumber(ARGV[3 + at])] = true end
end
for at = 1, #KEYS - hits do got[at] = wanted[at] and redis.call('GET', KEYS[hits + at]) or false end
return {{waits, got}}
"""


@dataclass(frozen=True)
class Limit:
    """A stricter limit that a view declares: `limits = (Limit("register", by="address"),)`."""

    name: str
    by: Literal["address", "user"]


@dataclass(frozen=True)
class Blocked:
    """Who is refused by which limit, for how many seconds more."""

    limit: str
    subject: str
    seconds: int


@dataclass(frozen=True)
class Rate:
    hits: int
    milliseconds: int


def check(name: str, subject: str) -> None:
    """Count a hit of `subject` (an address, user, e-mail). Raises RateLimited when it is one too many."""
    check_all([name], subject)


def check_all(names: Sequence[str], subject: str) -> None:
    """`check` by one limit after the other, in one call; those after one that refuses do not count."""
    if wait := _ask(names, subject, count=True):
        raise RateLimited(_seconds(wait))


def count_and_get(name: str, asked: Sequence[tuple[str, str]]) -> tuple[list[bool], dict[str, bytes]]:
    """Count a hit for each (subject, key) in `asked`, and fetch what Redis has at the keys, in one call.

    Answers which of them the limit allows, and what is at the keys that these ask for. Opens when Redis
    is down.
    """
    rate = parse_rate(settings.RATE_LIMITS[name])
    places = {key: at for at, key in enumerate(dict.fromkeys(key for _, key in asked), 1)}
    keys = [*(_key(name, subject) for subject, _ in asked), *places]
    arguments = (rate.hits, rate.milliseconds, len(asked), *(places[key] for _, key in asked))
    try:
        waits, got = redis_access.call(
            lambda redis: redis.eval(_SCRIPT_AND_GET, len(keys), *keys, *arguments)
        )
    except redis_access.RedisDown:
        return [True] * len(asked), {}
    return [wait == 0 for wait in waits], {key: what for key, what in zip(places, got, strict=True) if what}


def refuse_when_blocked(name: str, subject: str) -> None:
    """Raise RateLimited when the limit is used up, without counting: before costly work such as hashing."""
    if wait := is_blocked(name, subject):
        raise RateLimited(wait)


def is_blocked(name: str, subject: str) -> int:
    """Seconds to wait until `subject` may try again; 0 when it may now. Counts nothing."""
    wait = _ask([name], subject, count=False)
    return _seconds(wait) if wait else 0


def count_failure(name: str, subject: str) -> None:
    """Count one failure, for limits on failures only. Never raises: the failure has its own answer."""
    _ask([name], subject, count=True)


def forgive(name: str, subject: str) -> None:
    """Take back the newest hit.

    `check` before and this after success make a limit on failures that parallel guesses cannot pass.
    """
    key = _key(name, subject)
    _local.forgive(key)
    try:
        redis_access.call(lambda redis: redis.lpop(key))
    except redis_access.RedisDown:
        return


def blocked_now(at_most: int = 100_000) -> list[Blocked]:
    """Everybody whom a limit refuses now, the longest first, out of the first `at_most` counts.

    For operators: it walks all counts in Redis, without counting. Raises RedisDown.
    """
    keys = redis_access.call(lambda redis: list(islice(redis.scan_iter(f"{_PREFIX}*", 1000), at_most)))
    waits: list[int] = []
    for some in (keys[start : start + 500] for start in range(0, len(keys), 500)):
        waits += redis_access.call(partial(_ask_many, some))
    found = [
        Blocked(*_limit_and_subject(key), _seconds(wait))
        for key, wait in zip(keys, waits, strict=True)
        if wait
    ]
    return sorted(found, key=lambda each: -each.seconds)


@lru_cache(maxsize=4096)
def network(address: str) -> str:
    """What counts as one client: an IPv4 address, or the /64 network an IPv6 subscriber gets."""
    parsed = ip_address(address) if address else None
    return str(ip_network((parsed, 64), strict=False)) if isinstance(parsed, IPv6Address) else address


@lru_cache(maxsize=4096)
def address_subject(address: str) -> str:
    """The subject of a limit by client address."""
    return f"address:{network(address) or 'unknown'}"


@lru_cache(maxsize=64)
def parse_rate(text: str) -> Rate:
    """`5/m` → five in a minute. Raises ImproperlyConfigured on anything else."""
    match = _RATE.fullmatch(text)
    if match is None:
        raise ImproperlyConfigured(f"{text!r} is no rate such as 5/m")
    return Rate(int(match[1]), _SECONDS[match[2]] * 1000)


class RateLimitMiddleware:
    """The `default` limit by client address; a refused request costs one call to Redis and nothing else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        exempt = request.path in PROBES or request.path.startswith(EXEMPT) or COUNTED in request.META
        if not exempt:
            try:
                check("default", address_subject(getattr(request, "client_address", "")))
            except RateLimited as error:
                return refuse(request, error)
        return self.get_response(request)


class LocalLimiter:
    """The same windows within one process, for the limits that must not open when Redis is down."""

    def __init__(self, keys: int = 10_000) -> None:
        self._keys = keys
        self._lock = threading.Lock()
        self._hits: OrderedDict[str, deque[float]] = OrderedDict()

    def ask(self, key: str, rate: Rate, *, count: bool) -> int:
        """Milliseconds to wait, 0 when allowed."""
        now = time.monotonic() * 1000
        with self._lock:
            hits = self._hits.setdefault(key, deque())
            self._hits.move_to_end(key)
            while len(self._hits) > self._keys:
                self._hits.popitem(last=False)
            while hits and hits[0] <= now - rate.milliseconds:
                hits.popleft()
            if len(hits) >= rate.hits:
                return max(1, ceil(hits[-rate.hits] + rate.milliseconds - now))
            if count:
                hits.append(now)
            return 0

    def forgive(self, key: str) -> None:
        with self._lock:
            if hits := self._hits.get(key):
                hits.pop()

    def forget(self) -> None:
        with self._lock:
            self._hits.clear()


_local = LocalLimiter()


def forget_all() -> None:
    """Forget every count: for tests and for an operator who must let people in again."""
    _local.forget()

    def delete(redis: Redis) -> None:
        for key in redis.scan_iter(match=f"{_PREFIX}*", count=1000):
            redis.delete(key)

    redis_access.call(delete)


def _ask(names: Sequence[str], subject: str, *, count: bool) -> int:
    rates = [parse_rate(settings.RATE_LIMITS[name]) for name in names]
    keys = [_key(name, subject) for name in names]
    told = [value for rate in rates for value in (rate.hits, rate.milliseconds, int(count))]
    try:
        return redis_access.call(lambda redis: int(redis.eval(_SCRIPT, len(keys), *keys, *told)))
    except redis_access.RedisDown:
        guarded = [number for number, name in enumerate(names) if name in GUARDED]
        return max((_local.ask(keys[number], rates[number], count=count) for number in guarded), default=0)


def _ask_many(keys: list[bytes], redis: Redis) -> list[int]:
    pipeline = redis.pipeline(transaction=False)
    for key in keys:
        name, _subject = _limit_and_subject(key)
        rate = parse_rate(settings.RATE_LIMITS.get(name, "1/s"))
        pipeline.eval(_SCRIPT, 1, key, rate.hits, rate.milliseconds, 0)
    return [int(wait) for wait in pipeline.execute()]


def _limit_and_subject(key: bytes) -> tuple[str, str]:
    name, _, subject = key.decode().removeprefix(_PREFIX).partition(":")
    return name, subject


def _key(name: str, subject: str) -> str:
    return f"{_PREFIX}{name}:{subject}"


def _seconds(milliseconds: int) -> int:
    return ceil(milliseconds / 1000)
