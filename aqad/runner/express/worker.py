"""What gunicorn starts: its own worker, which gives some connections to the lane."""

import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

from aqad.runner.express.lane import LONGEST, ExpressLane
from aqad.runner.express.waiting import Waiting


class ExpressWorker(ThreadWorker):
    """The `worker_class` of gunicorn."""

    wsgi: Any
    lane: ExpressLane | None = None

    def load_wsgi(self) -> None:
        super().load_wsgi()
        if hasattr(self.wsgi, "at_once_below") and self.cfg.proxy_protocol == "off":
            self.lane = ExpressLane(self, self.wsgi)

    def run(self) -> None:
        if self.lane:
            self.lane.start()
        super().run()

    def enqueue_req(self, conn: TConn) -> None:
        """Where a connection goes that is new or has something to read. Called in the main thread."""
        if not self.alive or self.cfg.is_ssl or (conn.parser and conn.parser.unreader.buf.getvalue()):
            super().enqueue_req(conn)
            return
        try:
            there = conn.sock.recv(LONGEST, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            self._wait_for(conn)
            return
        except OSError:
            there = b""
        if self.lane and self.lane.wants(there):
            self.lane.take(conn)
        else:
            super().enqueue_req(conn)

    def give_to_threads(self, conn: TConn, received: bytes) -> None:
        """A connection from which something was read that is not for the lane."""
        conn.parser.unreader.unread(received)
        super().enqueue_req(conn)

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

    def _wait_for(self, conn: TConn) -> None:
        """A connection that says nothing yet waits without a thread: browsers open some in advance."""
        self._wait(conn, partial(self.on_pending_socket_readable, conn))

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
            if client.recv(LONGEST):
                return
        self.poller.unregister(client)
        self.pending_conns.remove(conn)
        self.nr_conns -= 1
        conn.close()

    def _wait(self, conn: TConn, readable: Callable[[socket.socket], None]) -> None:
        """Without a thread; gunicorn closes what is pending too long."""
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, readable)


def _sent(conn: TConn, rest: bytes, *, keep: bool) -> bool:
    conn.sock.settimeout(None)
    conn.sock.sendall(rest)
    return keep


def _is_to_be_closed(done: "Future[Any]") -> bool:
    return not done.cancelled() and done.exception() is None and done.result() is False
