"""What gunicorn starts: its own worker, which gives some connections to the lane."""

import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from gunicorn.workers.gthread import TConn, ThreadWorker

from aqad.runner.express.arriving import call_when, limit_silence, peek, to_come
from aqad.runner.express.lane import ExpressLane
from aqad.runner.express.waiting import Waiting

PATIENCE = 10.0  # seconds, with a client that says nothing, or not all of a request, or does not hang up


class ExpressWorker(ThreadWorker):
    """The `worker_class` of gunicorn."""

    wsgi: Any
    lane: ExpressLane | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # How many bytes of a request must have arrived before a thread reads it.
        self._arriving: WeakKeyDictionary[TConn, int] = WeakKeyDictionary()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        if hasattr(self.wsgi, "at_once_below") and self.cfg.proxy_protocol == "off":
            self.lane = ExpressLane(self, self.wsgi)

    def run(self) -> None:
        if self.lane:
            self.lane.start()
        super().run()

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        if self.lane:
            self.lane.ring()

    def enqueue_req(self, conn: TConn) -> None:
        """Where a connection goes that is new or has something to read. Called in the main thread."""
        if waited_for := self._arriving.pop(conn, 0):
            call_when(conn, 1)
        if not self.alive or self.cfg.is_ssl or (conn.parser and conn.parser.unreader.buf.getvalue()):
            self.give_to_threads(conn)
            return
        if not conn.initialized:
            limit_silence(conn)
        try:
            there = peek(conn)
        except BlockingIOError:
            self._wait(conn, partial(self.on_pending_socket_readable, conn))
            return
        if self.lane and self.lane.wants(there):
            self.lane.take(conn)
        elif (wanted := to_come(conn, there)) > waited_for:
            self._arriving[conn] = wanted
            call_when(conn, wanted)
            self._wait(conn, partial(self.on_pending_socket_readable, conn))
        else:
            self.give_to_threads(conn)

    def give_to_threads(self, conn: TConn) -> None:
        super().enqueue_req(conn)

    def look_again(self, conn: TConn) -> None:
        """At a connection with something to read that is not for the lane."""
        self.method_queue.defer(self.enqueue_req, conn)

    def answer_by_itself(self, one: Waiting) -> None:
        """In a thread, a request without an answer at once."""
        self._in_a_thread(one.conn, partial(self._answered, one))

    def send_in_thread(self, conn: TConn, rest: bytes, *, keep: bool) -> None:
        """The `rest` of an answer, to somebody who reads slowly."""
        self._in_a_thread(conn, partial(_sent, conn, rest, keep=keep))

    def give_back(self, conn: TConn, *, keep: bool) -> None:
        """To the main thread, which closes the connection or waits for what comes next."""
        done: Future[bool] = Future()
        done.set_result(keep)
        self.method_queue.defer(self.finish_request, conn, done)

    def finish_request(self, conn: TConn, fs: "Future[Any]") -> None:
        """What becomes of a connection after an answer. Called in the main thread."""
        if self.alive and not self.cfg.is_ssl and _is_to_be_closed(fs):
            self._hang_up(conn)
        else:
            super().finish_request(conn, fs)

    def _in_a_thread(self, conn: TConn, work: Callable[[], bool]) -> None:
        done = self.tpool.submit(work)
        done.add_done_callback(partial(self.method_queue.defer, self.finish_request, conn))

    def _answered(self, one: Waiting) -> bool:
        """Whether the connection stays open."""
        one.conn.sock.settimeout(None)
        try:
            return one.answered_by(self.wsgi, closing=not self.alive)
        except OSError:  # nobody is there any more
            return False
        except Exception:
            self.log.exception("Error handling request")
            return False

    def _hang_up(self, conn: TConn) -> None:
        """Close when the client does, that the last of the answer is not lost (RFC 9112, 9.6)."""
        try:
            conn.sock.settimeout(0)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.nr_conns -= 1
            conn.close()
        else:
            self._wait(conn, partial(self._hear_out, conn))

    def _hear_out(self, conn: TConn, client: socket.socket) -> None:
        with suppress(OSError):
            if client.recv(4096):
                return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        self.nr_conns -= 1
        conn.close()

    def _cap_keepalive(self, deadline: float) -> None:
        """Who says nothing keeps no worker from ending, either."""
        super()._cap_keepalive(deadline)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, deadline)

    def _wait(self, conn: TConn, readable: Callable[[socket.socket], None]) -> None:
        """Without a thread: browsers connect in advance, and some clients are slow, or want to harm."""
        conn.timeout = time.monotonic() + PATIENCE
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)


def _sent(conn: TConn, rest: bytes, *, keep: bool) -> bool:
    conn.sock.settimeout(None)
    conn.sock.sendall(rest)
    return keep


def _is_to_be_closed(done: "Future[Any]") -> bool:
    return not done.cancelled() and done.exception() is None and done.result() is False
