"""Few at once over all processes of this machine: who works takes a turn in a lane.

A turn is a lock (flock) on one of the lane's files in the data folder. The kernel gives it back when the
last process that holds it ends, so a `kill -9` leaves nothing behind and neither Redis nor the database is
needed; a lock of the database would hold a connection for as long as a picture is decoded, and a count in
Redis would have to be guessed after a crash. The child inherits the turn: it counts until the child ended,
even when its parent is gone. What is protected is the memory of a machine, so machines count for themselves.
"""

import fcntl
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from aqad.lib.errors import Unavailable

log = structlog.get_logger(__name__)

LOOK_AGAIN_SECONDS = 0.02

_lock = threading.Lock()
_threads: Counter[str] = Counter()


class Busy(Unavailable):
    """No turn came up in time; nothing was done."""

    message = _("Many files are being checked right now. Wait a moment and send yours again.")
    retry_after = 10


@dataclass(frozen=True)
class Lane:
    """A kind of work of which `at_once` may be done on this machine.

    At most `threads` of one process work or wait in it; who comes then is refused at once, so that pages
    are never without a thread.
    """

    name: str
    at_once: int
    threads: int = 3


@contextmanager
def take_turn(lane: Lane, *, within: float) -> Iterator[int]:
    """The file descriptor that holds a turn in the lane. Raises Busy after `within` seconds."""
    with _one_of_the_threads(lane):
        turn = _wait(lane, time.monotonic() + within)
        try:
            yield turn
        finally:
            os.close(turn)


@contextmanager
def _one_of_the_threads(lane: Lane) -> Iterator[None]:
    with _lock:
        if _threads[lane.name] >= lane.threads:
            raise Busy
        _threads[lane.name] += 1
    try:
        yield
    finally:
        with _lock:
            _threads[lane.name] -= 1


def _wait(lane: Lane, deadline: float) -> int:
    places = _places(lane)
    while True:
        for place in places:
            if (turn := _try(place)) is not None:
                return turn
        if time.monotonic() >= deadline:
            log.warning("no turn came up", lane=lane.name, at_once=lane.at_once)
            raise Busy
        time.sleep(LOOK_AGAIN_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311 - jitter, no secret


def _places(lane: Lane) -> list[Path]:
    folder = Path(settings.DATA_DIR) / "run" / "turns"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        log.error("the data folder cannot be written", folder=str(folder), error=str(error))
        raise Busy from error
    return [folder / f"{lane.name}-{number}" for number in range(1, lane.at_once + 1)]


def _try(place: Path) -> int | None:
    """A new opening of the file each time: locks of one opening would not exclude our own threads."""
    file = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BaseException as error:
        os.close(file)
        if isinstance(error, BlockingIOError):
            return None
        raise
    return file
