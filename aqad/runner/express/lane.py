"""The loop over connections whose last request was one that is answered at once."""

import re
import selectors
import socket
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Protocol

from aqad.lib.web.at_once import Ready
from aqad.runner.express.arriving import END, peek
from aqad.runner.express.connection import Connection
from aqad.runner.express.waiting import Waiting, parsed

if TYPE_CHECKING:
    from aqad.runner.express.worker import ExpressWorker

QUIET = 1.0  # seconds after which a connection goes back to gunicorn, which closes those that stay quiet

# With one of these a request may have a body, or wants something of its own.
_MORE = re.compile(rb"\n(?:content-length|transfer-encoding|expect|upgrade):", re.IGNORECASE)

Environ = dict[str, Any]


class AnswersAtOnce(Protocol):
    """A WSGI application that can do so."""

    at_once_below: Sequence[str]  # beginnings of paths

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Any: ...

    def answer_at_once(self, environs: Sequence[Environ]) -> list[Ready | None]:
        """None for a request that the application is to be called for by itself, with the same environ."""


class ExpressLane(threading.Thread):
    """What has an underscore runs in this thread, the rest in the worker's main thread."""

    def __init__(self, worker: "ExpressWorker", application: AnswersAtOnce) -> None:
        super().__init__(name="express lane", daemon=True)
        self._worker = worker
        self._application = application
        self._beginnings = tuple(f"GET {path}".encode() for path in application.at_once_below)
        self._poller = selectors.DefaultSelector()
        self._entering: SimpleQueue[Connection] = SimpleQueue()
        self._used: dict[
            Connection, float
        ] = {}  # when each connection that stays here was, the quietest first

    def start(self) -> None:
        self._bell, self._ringing = socket.socketpair()
        for end in (self._bell, self._ringing):
            end.settimeout(0)
        self._poller.register(self._ringing, selectors.EVENT_READ)
        super().start()

    def wants(self, there: bytes) -> bool:
        """Whether what is there to be read is one request for a path of ours, to its end."""
        return self.is_alive() and self._is_ours(there)

    def take(self, conn: Connection) -> None:
        """From now on this lane reads from the connection."""
        self._entering.put(conn)
        self.ring()

    def ring(self) -> None:
        """Wake the lane."""
        with suppress(BlockingIOError):  # then it rings already
            self._bell.send(b"\0")

    def run(self) -> None:
        while self._worker.alive:
            try:
                self._turn()
            except Exception:  # whatever befalls one must not end the lane for all
                self._worker.log.exception("The express lane stumbled.")
        for conn in [*self._used, *self._entered()]:
            self._leave(conn)
            self._worker.give_back(conn, keep=True)

    def _turn(self) -> None:
        """Read whatever can be read, answer all of it together, and let go of who was quiet."""
        readable: list[Connection] = []
        for key, _ in self._poller.select(QUIET if self._used else None):
            readable += [key.data] if key.data else self._entered()
        waiting = [one for conn in readable if (one := self._received(conn))]
        for one, ready in zip(waiting, self._answers(waiting), strict=True):
            if ready:
                self._send(one, ready)
            else:
                self._leave(one.conn)
                self._worker.answer_by_itself(one)
        now = time.monotonic()
        while self._used and self._used[conn := next(iter(self._used))] + QUIET < now:
            self._leave(conn)
            self._worker.give_back(conn, keep=True)

    def _entered(self) -> list[Connection]:
        with suppress(BlockingIOError):
            self._ringing.recv(4096)
        entered = []
        while not self._entering.empty():
            conn = self._entering.get()
            entered.append(conn)
        return entered

    def _stay(self, conn: Connection) -> None:
        if conn in self._used:
            del self._used[conn]
        else:
            self._poller.register(conn.sock, selectors.EVENT_READ, conn)
        self._used[conn] = time.monotonic()

    def _leave(self, conn: Connection) -> None:
        if conn in self._used:
            del self._used[conn]
            self._poller.unregister(conn.sock)

    def _received(self, conn: Connection) -> Waiting | None:
        """The request that has come, where this is the place for it."""
        try:
            there = peek(conn)
        except BlockingIOError:
            self._stay(conn)
            return None
        if not self._is_ours(there):
            self._leave(conn)
            self._worker.look_again(conn)
            return None
        waiting = parsed(conn, there, self._worker.cfg)
        if waiting is None:
            self._leave(conn)
            self._worker.receive(conn)
        else:
            with suppress(OSError):  # who hangs up now is noticed when the answer is sent
                conn.sock.recv(len(there))
        return waiting

    def _is_ours(self, there: bytes) -> bool:
        return (
            there.startswith(self._beginnings)
            and there.find(END) == len(there) - len(END)
            and not _MORE.search(there)
        )

    def _answers(self, waiting: list[Waiting]) -> list[Ready | None]:
        if not waiting:
            return []
        try:
            return self._application.answer_at_once([one.environ for one in waiting])
        except Exception:
            self._worker.log.exception("There is no answer at once.")
            return [None] * len(waiting)

    def _send(self, one: Waiting, ready: Ready) -> None:
        rest, keep = b"", False
        try:
            rest, keep = one.answered(ready, closing=not self._worker.alive)
            rest = rest[one.conn.sock.send(rest) :]
        except BlockingIOError:  # no room for any of it yet
            pass
        except OSError:  # nobody is there any more
            rest, keep = b"", False
        except Exception:
            self._worker.log.exception("An answer at once cannot be written.")
        if keep and not rest:
            self._stay(one.conn)
            return
        self._leave(one.conn)
        self._worker.give_back(one.conn, keep=keep, rest=rest)
