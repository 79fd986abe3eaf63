"""A body in chunks (RFC 9112, 7.1), read as it comes: gunicorn's own reader waits for the next one."""

import re
from collections.abc import Callable

from gunicorn.http.errors import ChunkMissingTerminator, InvalidChunkSize, InvalidHeader

LONGEST_LINE = 256  # of a chunk's size and its extensions
MOST_TRAILERS = 8192  # bytes
SLACK = 65_536  # bytes of sizes and line ends beyond as many as the body itself has

_END = b"\r\n"
_SIZE = re.compile(rb"([0-9a-fA-F]{1,15})(?:[ \t]*;[\t\x20-\x7e\x80-\xff]*)?")


class Chunks:
    """Takes bytes, gives those of the body. Trailers are read and forgotten."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._left = 0  # bytes of the present chunk
        self._next: Callable[[bytearray], bool] = self._size
        self._came = self._gave = self._trailers = 0
        self.ended = False

    @property
    def rest(self) -> bytes:
        """What came behind the end."""
        return bytes(self._buffer)

    def feed(self, data: bytes) -> bytes:
        """What these bytes bring of the body. Raises an error of gunicorn's for what is no chunk."""
        self._buffer += data
        self._came += len(data)
        body = bytearray()
        while not self.ended and self._next(body):
            pass
        self._gave += len(body)
        if not self.ended and self._came > 2 * self._gave + SLACK:
            raise InvalidChunkSize(b"the chunks are too small")
        return bytes(body)

    def _size(self, _body: bytearray) -> bool:
        line = self._line()
        if line is None:
            if len(self._buffer) > LONGEST_LINE:
                raise InvalidChunkSize(b"the line of its size is too long")
            return False
        size = _SIZE.fullmatch(line)
        if size is None:
            raise InvalidChunkSize(line[:LONGEST_LINE])
        self._left = int(size[1], 16)
        self._next = self._data if self._left else self._trailer
        return True

    def _data(self, body: bytearray) -> bool:
        piece = self._buffer[: self._left]
        body += piece
        del self._buffer[: len(piece)]
        self._left -= len(piece)
        if self._left:
            return False
        self._next = self._terminator
        return True

    def _terminator(self, _body: bytearray) -> bool:
        if len(self._buffer) < len(_END):
            return False
        if self._buffer[: len(_END)] != _END:
            raise ChunkMissingTerminator(bytes(self._buffer[: len(_END)]))
        del self._buffer[: len(_END)]
        self._next = self._size
        return True

    def _trailer(self, _body: bytearray) -> bool:
        line = self._line()
        self._trailers += len(self._buffer) if line is None else len(line)
        if self._trailers > MOST_TRAILERS:
            raise InvalidHeader("the trailers are too long")
        self.ended = line == b""
        return line is not None

    def _line(self) -> bytes | None:
        at = self._buffer.find(_END)
        if b"\n" in (self._buffer if at < 0 else self._buffer[:at]):
            raise InvalidHeader("bare LF as line terminator")
        if at < 0:
            return None
        line = bytes(self._buffer[:at])
        del self._buffer[: at + len(_END)]
        return line
