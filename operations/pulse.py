"""Each process says every few seconds that it lives, what it costs and what it was started with.

The records lie in Redis, so that the operations console sees the processes of every host.
"""

import json
import os
import platform
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt
import psutil
import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from redis import Redis

from aqad.lib import redis_access
from aqad.lib.redis_access import RedisDown
from operations import deployments, fingerprints
from operations.doctor.slow import history

log = structlog.get_logger(__name__)

SECONDS = 10.0
SILENT_AFTER = 35.0  # seconds: three beats and a little
FORGOTTEN_AFTER = 24 * 3600.0
SPECIMEN_SECONDS = 120  # a specimen token lives no longer, and no entrance takes one
SPECIMEN = "specimen"

_KEY = "aqad:processes"
_stop = threading.Event()


@dataclass(frozen=True)
class Process:
    """`specimen` is a token signed with the key of that process; it opens nothing."""

    kind: str
    host: str
    pid: int
    started: float
    seen: float
    cpu: float  # per cent of one core since the last beat, its children included
    memory: int  # bytes, its children included
    version: str
    commit: str
    settings: dict[str, str] = field(default_factory=dict)
    specimen: str = ""

    @property
    def lives(self) -> bool:
        return time.time() - self.seen < SILENT_AFTER


def start(kind: str) -> None:
    """Beat from now on, in a thread that ends with the process."""
    _stop.clear()
    threading.Thread(target=_beat_on, args=(kind,), name="pulse", daemon=True).start()


def stop() -> None:
    """A process that ends as it should is not missed."""
    _stop.set()
    with suppress(RedisDown):
        redis_access.call(lambda redis: redis.hdel(_KEY, _name(platform.node(), os.getpid())))


def of_this_process(kind: str, known: dict[int, psutil.Process] | None = None) -> Process:
    """How this process is now. `known` keeps the processes: CPU is measured from one beat to the next."""
    cpu, memory = _cost(known if known is not None else {})
    return Process(
        kind=kind,
        host=platform.node(),
        pid=os.getpid(),
        started=psutil.Process().create_time(),
        seen=time.time(),
        cpu=round(cpu, 1),
        memory=memory,
        version=settings.VERSION,
        commit=deployments.commit(),
        settings=fingerprints.of_settings(),
        specimen=_specimen(),
    )


def beat(process: Process) -> None:
    """Leave a sign of life. Raises RedisDown."""
    line = json.dumps(asdict(process))
    redis_access.call(lambda redis: redis.hset(_KEY, _name(process.host, process.pid), line))


def processes() -> list[Process]:
    """All that beat within a day, the silent ones too. Forgets older ones. Raises RedisDown."""

    def work(redis: Redis) -> list[Process]:
        raw: Any = redis.hgetall(_KEY)
        known = {name: Process(**json.loads(line)) for name, line in raw.items()}
        gone = [name for name, each in known.items() if time.time() - each.seen > FORGOTTEN_AFTER]
        if gone:
            redis.hdel(_KEY, *gone)
        return [each for name, each in known.items() if name not in gone]

    return sorted(redis_access.call(work), key=lambda each: (each.host, each.kind, each.pid))


def forget_all() -> None:
    """For tests."""
    redis_access.call(lambda redis: redis.delete(_KEY))


def _beat_on(kind: str) -> None:
    known: dict[int, psutil.Process] = {}
    recorded = kind != "web"
    while not _stop.is_set():
        recorded = recorded or _record_deployment()
        try:
            with suppress(RedisDown):
                beat(of_this_process(kind, known))
                if kind == "web":
                    history.keep()
        except Exception:
            log.exception("the pulse missed a beat")
        _stop.wait(SECONDS)


def _record_deployment() -> bool:
    try:
        deployments.record_deployment()
    except DatabaseError as error:  # it is tried again at the next beat
        log.warning("a deployment could not be written down", error=type(error).__name__)
        return False
    finally:
        connection.close()
    return True


def _cost(known: dict[int, psutil.Process]) -> tuple[float, int]:
    own = psutil.Process()
    alive = {each.pid: known.get(each.pid, each) for each in (own, *own.children(recursive=True))}
    known.clear()
    known.update(alive)
    cpu, memory = 0.0, 0
    for each in alive.values():
        with suppress(psutil.Error):
            cpu += each.cpu_percent()
            memory += each.memory_info().rss
    return cpu, memory


def _specimen() -> str:
    now = int(datetime.now(UTC).timestamp())
    claims = {"token_type": SPECIMEN, "iss": settings.SIMPLE_JWT["ISSUER"], "exp": now + SPECIMEN_SECONDS}
    key, algorithm = settings.SIMPLE_JWT["SIGNING_KEY"], settings.SIMPLE_JWT["ALGORITHM"]
    return jwt.encode(claims, key, algorithm=algorithm)


def _name(host: str, pid: int) -> str:
    return f"{host}:{pid}"
