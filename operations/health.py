"""Is every part there? Each is asked with short patience, all at the same time."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

import structlog
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from aqad.lib import redis_access
from aqad.lib.files.storage import check_storage

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 60
PATIENCE = 2.0  # seconds for the slowest part

OK, DOWN = "ok", "down"

# A part that hangs keeps its thread; the next probe then finds it busy and says "down", in bounded memory.
_probes = ThreadPoolExecutor(max_workers=10, thread_name_prefix="health")


def check_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()  # the probe's thread has a connection of its own


def check_cache() -> None:
    redis_access.call(lambda redis: redis.ping())


def check_broker() -> None:
    with current_app.connection_for_write(connect_timeout=1) as broker:
        broker.ensure_connection(max_retries=0, timeout=1)


def heartbeat_key(queue: str) -> str:
    return f"operations:heartbeat:{queue}"


def note_heartbeat(queues: Iterable[str]) -> None:
    """A worker serves these queues."""
    now = timezone.now().isoformat()
    cache.set_many({heartbeat_key(queue): now for queue in queues}, HEARTBEAT_SECONDS)


def check_workers() -> None:
    """A heartbeat comes through beat, broker, queue and worker: all of them live, or none counts.

    Raises RuntimeError with the queues that nobody serves.
    """
    known = cache.get_many([heartbeat_key(queue) for queue in settings.TASK_QUEUES])
    if silent := [queue for queue in settings.TASK_QUEUES if heartbeat_key(queue) not in known]:
        raise RuntimeError(f"no heartbeat in {', '.join(silent)}")


PARTS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "cache": check_cache,
    "broker": check_broker,
    "storage": check_storage,
    "workers": check_workers,
}
ESSENTIAL = frozenset({"database"})


def states() -> dict[str, str]:
    """`ok` or `down` for each part, within PATIENCE seconds or a little more."""
    asked = {name: _probes.submit(_ask, name) for name in PARTS}
    return {name: _result(name, future) for name, future in asked.items()}


def _ask(name: str) -> None:
    PARTS[name]()


def _result(name: str, future: Future[None]) -> str:
    try:
        future.result(timeout=PATIENCE)
    except Exception as error:  # noqa: BLE001 - whatever it is, the part does not work
        future.cancel()
        log.warning("a part does not answer", part=name, error=f"{type(error).__name__}: {error}")
        return DOWN
    return OK
