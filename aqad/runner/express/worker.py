"""What gunicorn starts: its own worker, with a loop that reads whole requests and sends slow answers."""

import errno
import selectors
import socket
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Any

import gunicorn
from gunicorn.config import Config
from gunicorn.http import wsgi
from gunicorn.http.errors import InvalidHeader, UnsupportedTransferCoding
from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from aqad.runner.express.arriving import UNASKED, Arrival, peek
from aqad.runner.express.bounds import MIB, Bounds, Deadline, Pace
from aqad.runner.express.connection import Connection, Exchange
from aqad.runner.express.holding import Holding
from aqad.runner.express.lane import ExpressLane
from aqad.runner.express.spool import NoRoom, Room
from aqad.runner.express.waiting import Waiting

KNOWN = 27  # the gunicorn this is written for, and tested with
PIECE = 65_536  # bytes read of one connection before others have their turn
HEARD_OUT = 128 * MIB  # bytes that are read and forgotten of who does not hang up
HEARING = 30.0  # seconds, likewise, where a body was refused unread
UNLIMITED = 64 * MIB  # bytes of a body, where the application does not say
FULL = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class ExpressWorker(ThreadWorker):
    """The `worker_class` of gunicorn. What has to do with connections is done in the main thread.

    With TLS or the PROXY protocol of gunicorn's own, which AQAD leaves to what stands in front of it, it is
    gunicorn's worker as it is.
    """

    wsgi: Any
    lane: ExpressLane | None = None

    @classmethod
    def check_config(cls, cfg: Config, log: Any) -> None:
        super().check_config(cfg, log)
        if gunicorn.version_info[0] != KNOWN:
            raise RuntimeError(
                f"AQAD's web worker is written for gunicorn {KNOWN}, and this is {gunicorn.__version__}: "
                "install the one that requirements/ name, or set AQAD_WEB_WORKER=gthread."
            )

    def init_process(self) -> None:
        self.bounds = Bounds.read()
        self.room = Room(self.bounds.room)
        super().init_process()

    def load_wsgi(self) -> None:
        super().load_wsgi()
        self.plain = bool(self.cfg.is_ssl or self.cfg.proxy_protocol != "off")
        if hasattr(self.wsgi, "at_once_below") and not self.plain:
            self.lane = ExpressLane(self, self.wsgi)

    def run(self) -> None:
        self.holding = Holding(self.poller, self.bounds, self._stumbled)
        if not self.plain:
            self.worker_connections = self.bounds.connections + len(self.sockets) + 1  # the oldest makes room
        if self.lane:
            self.lane.start()
        super().run()

    def handle_exit(self, sig: int, frame: Any) -> None:
        super().handle_exit(sig, frame)
        if self.lane:
            self.lane.ring()

    # Connections that come, wait and go

    def accept(self, listener: socket.socket) -> None:
        if self.plain:
            super().accept(listener)
            return
        try:
            sock, client = listener.accept()
        except OSError as error:
            if error.errno in FULL:
                self.log.error("No more connections can be taken: %s", error)
                for conn in self.holding.all():
                    self._close(conn)
            elif error.errno not in (errno.EAGAIN, errno.ECONNABORTED, errno.EWOULDBLOCK):
                raise
            return
        conn = Connection(self.cfg, sock, client, listener.getsockname(), self.room)
        self.nr_conns += 1
        self.holding.enter(conn)
        if first := self.holding.one_too_many(conn, self.nr_conns):
            self._close(first)
        if first is not conn:
            self._listen(conn)

    def murder_pending(self) -> None:
        """Let go of those who were too slow, or silent for too long."""
        super().murder_pending()
        for conn in self.holding.over():
            if conn.arrival and conn.arrival.begun and not conn.arrival.is_ready:
                with suppress(OSError):
                    conn.sock.send(TOO_SLOW)
            self._close(conn)

    def murder_keepalived(self, force: bool = False) -> None:  # noqa: FBT001, FBT002 - gunicorn's signature
        super().murder_keepalived(force)
        if force:
            for conn in self.holding.all():
                self._close(conn)

    def _cap_keepalive(self, deadline: float) -> None:
        """Who says nothing keeps no worker from ending."""
        super()._cap_keepalive(deadline)
        for conn in list(self.holding.idle()):
            self.holding.shorten(conn, Deadline(deadline - time.monotonic()))

    def _later(self, work: Callable[..., None], conn: Connection, *arguments: Any) -> None:
        """In the main thread, which no connection may end."""

        def run() -> None:
            try:
                work(conn, *arguments)
            except Exception:  # noqa: BLE001 - it is logged there
                self._stumbled(conn)

        self.method_queue.defer(run)

    def _stumbled(self, conn: Connection) -> None:
        self.log.exception("The loop stumbled.")
        self._close(conn)

    def _close(self, conn: Connection) -> None:
        if conn.closed:
            return
        self.nr_conns -= 1
        self.holding.leave(conn)
        conn.close()

    # A request that arrives

    def _listen(self, conn: Connection) -> None:
        """Look at a connection without a request."""
        try:
            there = peek(conn)
        except BlockingIOError:
            self._wait_for_request(conn, self.bounds.header)
            return
        if self.lane and self.lane.wants(there):
            self.lane.take(conn)
        else:
            self._receive(conn)

    def _wait_for_request(self, conn: Connection, seconds: float) -> None:
        conn.since = time.monotonic()
        seconds = seconds if self.alive else min(seconds, STOP_KEEPALIVE_LINGER)
        self.holding.hold(conn, self._listen, Deadline(seconds))

    def _receive(self, conn: Connection, until: Any = None) -> None:
        """Read what has come of a request."""
        try:
            data = conn.sock.recv(PIECE)
        except BlockingIOError:
            data = None
        except OSError:
            data = b""
        if data == b"":  # in the middle of a request, or before one: there is nobody to answer
            self._close(conn)
            return
        if conn.arrival is None:
            conn.arrival = Arrival(self.cfg, conn.client, self.room)
            until = Deadline(self.bounds.header)
        if data:
            self._take_in(conn, conn.arrival, data, until)
        else:
            self.holding.hold(conn, partial(self._receive, until=until), until)

    def _take_in(self, conn: Connection, arrival: Arrival, data: bytes, until: Any) -> None:
        arrival.feed(data)
        if arrival.request and not isinstance(until, Pace):
            until = Pace(self.bounds)
        if isinstance(until, Pace):
            until.moved(len(data))
        self._go_on(conn, arrival, until)

    def _go_on(self, conn: Connection, arrival: Arrival, until: Any) -> None:
        """Answer a request that is there, else wait for more of it."""
        if arrival.is_ready:
            self._dispatch(conn, arrival)
        elif arrival.is_too_long and arrival.most == UNASKED:
            self._ask(conn, arrival, until)
        elif arrival.is_too_long:
            arrival.withhold()
            self._dispatch(conn, arrival)
        else:
            if arrival.asks and not self._told_to_continue(conn, arrival):
                return
            self.holding.hold(conn, partial(self._receive, until=until), until)

    def _told_to_continue(self, conn: Connection, arrival: Arrival) -> bool:
        arrival.asks = False
        try:
            conn.sock.send(CONTINUE)
        except OSError:
            self._close(conn)
            return False
        return True

    def _ask(self, conn: Connection, arrival: Arrival, until: Any) -> None:
        """In a thread: how long a body the application takes from whoever sent this header."""
        done = self.tpool.submit(self._longest_body, conn, arrival)
        done.add_done_callback(partial(self._later, self._told, conn, arrival, until))

    def _longest_body(self, conn: Connection, arrival: Arrival) -> int:
        if not hasattr(self.wsgi, "longest_body"):
            return UNLIMITED
        _, environ = wsgi.create(arrival.request, conn.outlet, conn.client, conn.server, self.cfg)
        return int(self.wsgi.longest_body(environ))

    def _told(self, conn: Connection, arrival: Arrival, until: Any, done: "Future[int]") -> None:
        try:
            most = done.result()
        except Exception:
            self.log.exception("The application does not say how long a body it takes.")
            most = 0
        if isinstance(until, Pace):
            until.moved(0)  # who waits for us is not silent
        arrival.take(most)
        self._go_on(conn, arrival, until)

    # Its answer

    def _dispatch(self, conn: Connection, arrival: Arrival) -> None:
        exchange = Exchange(conn, arrival)
        self._in_a_thread(conn, partial(self.handle, exchange))

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Whatever is wrong with a request is its sender's fault, a transfer coding nobody knows included."""
        if isinstance(exc, UnsupportedTransferCoding):
            exc = InvalidHeader("TRANSFER-ENCODING")
        super().handle_error(req, client, addr, exc)

    def look_again(self, conn: Connection) -> None:
        """At a connection with something to read that is not for the lane."""
        self._later(self._listen, conn)

    def receive(self, conn: Connection) -> None:
        """What the lane could not read as a request: a thread says what is wrong with it."""
        self._later(self._receive, conn)

    def answer_by_itself(self, one: Waiting) -> None:
        """In a thread, a request without an answer at once."""
        self._in_a_thread(one.conn, partial(self._answered, one))

    def give_back(self, conn: Connection, *, keep: bool, rest: bytes = b"") -> None:
        """To the main thread, which sends the rest of the answer and waits for what comes next, or closes."""
        self._later(self._sent_in_part, conn, keep, rest)

    def _in_a_thread(self, conn: Connection, work: Callable[[], Any]) -> None:
        done = self.tpool.submit(work)
        done.add_done_callback(partial(self._later, self._finish, conn))

    def _answered(self, one: Waiting) -> bool:
        """Whether the connection stays open."""
        try:
            return one.answered_by(self.wsgi, closing=not self.alive)
        except OSError:  # nobody is there any more
            return False
        except Exception:
            self.log.exception("Error handling request")
            return False

    def _sent_in_part(self, conn: Connection, keep: bool, rest: bytes) -> None:  # noqa: FBT001 - a callback
        try:
            if rest:
                conn.outlet.keep(rest)
        except NoRoom:
            self._close(conn)
        else:
            self._send(conn, keep=keep, until=Pace(self.bounds))

    def _finish(self, conn: Connection, done: "Future[Any]") -> None:
        """What becomes of a connection whose request was handled."""
        keep = not done.cancelled() and done.exception() is None and bool(done.result())
        self._send(conn, keep=keep, until=Pace(self.bounds))

    def _send(self, conn: Connection, *, keep: bool, until: Pace) -> None:
        """Send what is left of an answer, as fast as the client reads."""
        try:
            size, left = conn.outlet.flush()
        except OSError:
            self._close(conn)
            return
        if left:
            until.moved(size) if size else None
            go_on = partial(self._send, keep=keep, until=until)
            self.holding.hold(conn, go_on, until, selectors.EVENT_WRITE)
        elif keep:
            self._next(conn)
        else:
            self._hang_up(conn)

    def _next(self, conn: Connection) -> None:
        """Wait for another request, or take the one that has come already."""
        arrival, conn.arrival = conn.arrival, None
        rest = arrival.rest if arrival else b""
        if arrival:
            arrival.close()
        if not rest:
            self._wait_for_request(conn, self.cfg.keepalive)
            return
        conn.since = time.monotonic()
        conn.arrival = Arrival(self.cfg, conn.client, self.room)
        self._take_in(conn, conn.arrival, rest, Deadline(self.bounds.header))

    def _hang_up(self, conn: Connection) -> None:
        """Close when the client does, that the last of the answer is not lost (RFC 9112, 9.6)."""
        was_refused = conn.arrival is not None and conn.arrival.withheld
        if conn.arrival:
            conn.arrival.close()
            conn.arrival = None
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
        else:
            until = Deadline(HEARING if was_refused else self.bounds.header)
            self.holding.hold(conn, partial(self._hear_out, heard=0, until=until), until)

    def _hear_out(self, conn: Connection, heard: int, until: Deadline) -> None:
        try:
            data = conn.sock.recv(PIECE)
        except BlockingIOError:
            data = b"\0"
        except OSError:
            data = b""
        heard += len(data)
        if data and heard < HEARD_OUT:
            self.holding.hold(conn, partial(self._hear_out, heard=heard, until=until), until)
        else:
            self._close(conn)
