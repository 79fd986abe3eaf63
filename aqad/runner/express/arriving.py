"""A request as it arrives, byte by byte: no thread waits for what can be waited for without one."""

import socket
from typing import Any

from gunicorn.config import Config
from gunicorn.http.body import ChunkedReader, LengthReader
from gunicorn.http.errors import InvalidHeader, LimitRequestHeaders
from gunicorn.http.message import Request
from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import TConn

from aqad.runner.express.chunks import Chunks
from aqad.runner.express.spool import NoRoom, Room, Spool

LONGEST = 65_536  # bytes of a header
PEEKED = 8192  # bytes that are looked at to tell whether this is a request for the lane
UNASKED = 65_536  # bytes of a body that are taken from everybody; for more the application is asked

END = b"\r\n\r\n"


def peek(conn: TConn) -> bytes:
    """What can be read now, at most PEEKED bytes; nothing where the client hung up.

    Raises BlockingIOError where there is nothing to be read yet.
    """
    try:
        return bytes(conn.sock.recv(PEEKED, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except BlockingIOError:
        raise
    except OSError:
        return b""


class Arrival:
    """One request. Once `request` or `error` is there, its header is; once `whole`, so is its body.

    `most` is how many bytes of a body are taken. Where it has more, or there is no room for them, `withheld`
    says so, and nothing more is read of it.
    """

    def __init__(self, config: Config, client: Any, room: Room) -> None:
        self._config, self._client = config, client
        self._header = bytearray()
        self._chunks: Chunks | None = None
        self._body = Spool(room)
        self._early = b""  # of a body that the application is asked about
        self.request: Request | None = None
        self.error: Exception | None = None
        self.length = 0  # of the body, as far as it is known
        self.most = UNASKED
        self.whole = self.asks = self.withheld = self.no_room = False
        self.rest = b""  # what came behind the request

    @property
    def begun(self) -> bool:
        return bool(self._header)

    @property
    def is_ready(self) -> bool:
        """Whether a thread can answer it."""
        return self.whole or self.withheld or self.error is not None

    @property
    def is_too_long(self) -> bool:
        """Whether its body is longer than `most`, as far as is known."""
        return self.length > self.most

    def feed(self, data: bytes) -> None:
        """Take what was read."""
        try:
            if self.request is None:
                data = self._feed_header(data)
            if self.request is not None:
                self._feed_body(data)
        except NoRoom:
            self.withhold(no_room=True)
        except Exception as error:  # noqa: BLE001 - a thread raises it again, and says what is wrong
            self.error = error

    def take(self, most: int) -> None:
        """The application takes a body of so many bytes from this client."""
        self.most = most
        early, self._early = self._early, b""
        if self.is_too_long:
            self.withhold()
        elif early:
            self.feed(early)

    def withhold(self, *, no_room: bool = False) -> None:
        """Leave the body, or the rest of it, where it is: the application answers without."""
        self.withheld, self.no_room = True, no_room
        self._body.close()

    def prepared(self) -> Request | None:
        """The request with its body, as gunicorn hands it on. None where there is an error instead."""
        request = self.request
        if self.error or request is None:
            self._body.close()
            return None
        if self._chunks:
            kept = [(name, value) for name, value in request.headers if name != "TRANSFER-ENCODING"]
            request.headers = [*kept, ("CONTENT-LENGTH", str(self.length))]
        if self.withheld:
            request.force_close()
            request.body = Withheld(no_room=self.no_room)
        else:
            request.body = self._body.stream()
        return request

    def close(self) -> None:
        """Let go of the room it takes."""
        self._body.close()

    def _feed_header(self, data: bytes) -> bytes:
        """Returns what is behind it."""
        searched = max(0, len(self._header) - len(END))
        self._header += data
        end = self._header.find(END, searched)
        if end < 0:
            if len(self._header) > LONGEST:
                raise LimitRequestHeaders("max buffer headers")
            if self._header.count(b"\n") != self._header.count(b"\r\n"):
                raise InvalidHeader("bare LF as line terminator")
            return b""
        end += len(END)
        if end > LONGEST:
            raise LimitRequestHeaders("max buffer headers")
        rest = bytes(self._header[end:])
        request: Request = next(RequestParser(self._config, [bytes(self._header[:end])], self._client))
        reader = request.body.reader
        if isinstance(reader, ChunkedReader):
            self._chunks = Chunks()
        elif isinstance(reader, LengthReader):
            self.length = reader.length
        self.asks, request._expected_100_continue = request._expected_100_continue, False  # noqa: SLF001 - the loop tells it
        self.request = request
        return rest

    def _feed_body(self, data: bytes) -> None:
        if self._chunks is None:
            if self.is_too_long:
                self._early += data
                return
            wanted = self.length - self._body.size
            self._body.write(data[:wanted])
            self.rest = data[wanted:]
            self.whole = self._body.size == self.length
            return
        body = self._chunks.feed(data)
        self.length += len(body)
        self._body.write(body)
        self.whole = self._chunks.ended
        if self.whole:
            self.rest = self._chunks.rest


class Withheld:
    """The body of a request that is answered without. `no_room` tells why."""

    def __init__(self, *, no_room: bool) -> None:
        self.no_room = no_room

    def read(self, _size: int = -1) -> bytes:
        return b""

    readline = read
