"""Public answers of the catalogue kept in Redis, never older than the last change.

An entry depends on *tags*: one per product, one for the shape of lists (what is sold, names, prices), one
for stock, and always `all`. Each tag has a version, a random token. A reader takes the versions before it
reads the database and stores its answer beside them; an entry counts only while every version is the same.
A writer calls one of the functions that tell of a change inside its transaction. That gives the tags a new
version and marks them as being written; after commit they get another version and the mark goes. Hence:

- A reader that read before the commit took its versions before the mark: its entry is dead at once.
- A reader that comes while the transaction is open sees the mark: it reads the database and stores nothing.
- A writer killed between commit and its second step leaves the mark, which ends by itself after MARK_SECONDS,
  longer than a transaction lives here. So does a rollback: dear, not wrong; call these functions late.
- Two writers have a mark each; the first to commit does not lift the other's.
- A Redis that restarted from an old snapshot, or a replica that took over, has no scripts loaded. Whoever
  finds that out renews `all` together with loading them, so that nothing from before counts.
- A writer that cannot reach Redis writes all the same, and renews `all` when it reaches Redis again. Should
  other processes reach it meanwhile, what they serve is at most settings.PUBLIC_PAGE_SECONDS old.

Redis down: answers come from the database.
"""

import hashlib
import secrets
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from redis.exceptions import NoScriptError

from aqad.lib import redis_access
from aqad.lib.redis_access import RedisDown

SHAPE = "shape"
STOCK = "stock"
MARK_SECONDS = 120
_ALL = "all"
_PREFIX = "aqad:catalog:"
_VERSION_SECONDS = 24 * 3600  # longer than any entry; a version that is gone comes back as another one

# ARGV: prefix, a token for tags without a version, seconds it lives, then for each entry its name and its
# tags in one comma-separated text. Answers for each its versions (none while one is being written) and body.
_READ = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = {}
local function version(tag)
  if known[tag] == nil then
    if redis.call('ZCOUNT', ARGV[1] .. 'w:' .. tag, now, '+inf') > 0 then
      known[tag] = false
    else
      local key = ARGV[1] .. 'v:' .. tag
      known[tag] = redis.call('GET', key) or ARGV[2]
      if known[tag] == ARGV[2] then redis.call('SET', key, ARGV[2], 'EX', ARGV[3]) end
    end
  end
  return known[tag]
end
local answer = {}
for i = 4, #ARGV, 2 do
  local versions = ''
  for tag in string.gmatch(ARGV[i + 1], '[^,]+') do
    local one = version(tag)
    if not one then versions = '' break end
    versions = versions .. one .. ';'
  end
  local body = versions ~= '' and redis.call('GET', ARGV[1] .. 'e:' .. ARGV[i])
  if body and string.sub(body, 1, #versions + 1) == versions .. '|' then
    body = string.sub(body, #versions + 2)
  else
    body = false
  end
  answer[#answer + 1] = versions
  answer[#answer + 1] = body
end
return answer
"""

# ARGV: prefix, the new version, seconds it lives, milliseconds a mark lives (0: lift it), the mark, tags.
_CHANGE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 6, #ARGV do
  local marks = ARGV[1] .. 'w:' .. ARGV[i]
  redis.call('SET', ARGV[1] .. 'v:' .. ARGV[i], ARGV[2], 'EX', ARGV[3])
  if ARGV[4] == '0' then
    redis.call('ZREM', marks, ARGV[5])
  else
    redis.call('ZREMRANGEBYSCORE', marks, '-inf', now)
    redis.call('ZADD', marks, now + ARGV[4], ARGV[5])
    redis.call('PEXPIRE', marks, ARGV[4])
  end
end
"""


class _Debt:
    """Whether this process owes Redis a renewal of everything, because it could not tell of a change."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owed = 0
        self._paid = 0

    def owe(self) -> None:
        with self._lock:
            self._owed += 1

    def pay(self, client: Any) -> None:
        owed = self._owed
        if owed != self._paid:
            client.set(f"{_PREFIX}v:{_ALL}", _token(), ex=_VERSION_SECONDS)
            with self._lock:
                self._paid = max(self._paid, owed)


_debt = _Debt()


def product_tag(product_id: int) -> str:
    return f"p{product_id}"


def products_changed(ids: Collection[int]) -> None:
    """Products are new, changed, hidden or gone. Call it in the transaction, late; safe to repeat."""
    if ids:
        _changed([SHAPE, *map(product_tag, sorted(ids))])


def stock_moved(ids: Collection[int]) -> None:
    """Stock of products moved. Call it in the transaction, late; safe to repeat."""
    if ids:
        _changed([STOCK, *map(product_tag, sorted(ids))])


def everything_changed() -> None:
    """What many products show changed: a vendor, a brand, a category. Call it in the transaction, late."""
    _changed([_ALL])


def forget_all() -> None:
    """Empty the cache, marks and versions included: for tests, and for operators after work in SQL."""

    def work(client: Any) -> None:
        for key in client.scan_iter(f"{_PREFIX}*", count=1000):
            client.delete(key)

    with suppress(RedisDown):
        redis_access.call(work)


def fetch(
    entries: Mapping[str, Sequence[str]], make: Callable[[list[str]], Mapping[str, bytes]]
) -> dict[str, bytes]:
    """The bodies of `entries` (name → tags), those that are not kept from `make(names)`.

    What `make` leaves out does not exist and is left out here too. One round trip if all are kept, else two.
    """
    versions: dict[str, bytes] = {}
    found: dict[str, bytes] = {}
    try:
        arguments = [text for name, tags in entries.items() for text in (name, ",".join([_ALL, *tags]))]
        answer = _run(_READ, _token(), _VERSION_SECONDS, *arguments)
        for position, name in enumerate(entries):
            versions[name], body = answer[2 * position], answer[2 * position + 1]
            if body is not None:
                found[name] = body
    except RedisDown:
        versions.clear()
    missing = [name for name in entries if name not in found]
    if missing:
        made = make(missing)
        _store({name: versions[name] + b"|" + body for name, body in made.items() if versions.get(name)})
        found.update(made)
    return {name: found[name] for name in entries if name in found}


def _changed(tags: Sequence[str]) -> None:
    mark = _token()
    with suppress(RedisDown):  # the second step follows, or it owes
        _run(_CHANGE, _token(), _VERSION_SECONDS, MARK_SECONDS * 1000, mark, *tags)
    transaction.on_commit(partial(_committed, mark, tags), robust=True)


def _committed(mark: str, tags: Sequence[str]) -> None:
    try:
        _run(_CHANGE, _token(), _VERSION_SECONDS, 0, mark, *tags)
    except RedisDown:
        _debt.owe()


def _store(entries: Mapping[str, bytes]) -> None:
    if not entries:
        return

    def work(client: Any) -> None:
        pipeline = client.pipeline(transaction=False)
        for name, body in entries.items():
            pipeline.set(f"{_PREFIX}e:{name}", body, ex=settings.PUBLIC_PAGE_SECONDS)
        pipeline.execute()

    try:
        redis_access.call(work)
    except RedisDown:
        return


def _run(script: str, *arguments: str | int) -> Any:
    sha = hashlib.sha1(script.encode(), usedforsecurity=False).hexdigest()

    def work(client: Any) -> Any:
        _debt.pay(client)
        try:
            return client.evalsha(sha, 0, _PREFIX, *arguments)
        except NoScriptError:
            _load_scripts(client)
            return client.evalsha(sha, 0, _PREFIX, *arguments)

    return redis_access.call(work)


def _load_scripts(client: Any) -> None:
    """This Redis has forgotten its scripts, so it may have forgotten changes: nothing kept in it counts."""
    pipeline = client.pipeline(transaction=True)
    pipeline.set(f"{_PREFIX}v:{_ALL}", _token(), ex=_VERSION_SECONDS)
    for script in (_READ, _CHANGE):
        pipeline.script_load(script)
    pipeline.execute()


def _token() -> str:
    return secrets.token_hex(8)
