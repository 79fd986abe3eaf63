"""What gunicorn writes an answer to, in place of the socket: it never waits for whoever reads."""

import os
import socket
from collections import deque
from typing import IO

from aqad.runner.express.spool import IN_MEMORY, Room, Spool

PIECE = 1024 * 1024  # bytes asked of the kernel at once


class Outlet:
    """Sends what the client takes now and keeps the rest, which the loop sends by `flush`.

    Used by one thread at a time: first the one that answers, then the worker's main thread.
    """

    def __init__(self, sock: socket.socket, room: Room) -> None:
        self._sock, self._room = sock, room
        self._parts: deque[memoryview | _Part] = deque()
        self._in_memory = 0
        self._spool: Spool | None = None
        self._ended = False

    @property
    def waits(self) -> bool:
        """Whether something is still to be sent."""
        return bool(self._parts)

    def sendall(self, data: bytes) -> None:
        """Raises OSError where nobody is there any more, NoRoom where the rest can be kept nowhere."""
        self._check()
        left = memoryview(data)
        if not self._parts or not self.flush()[1]:
            left = left[_sent(self._sock, left) :]
        if left:
            self.keep(left)

    def send(self, data: bytes) -> int:
        self.sendall(data)
        return len(data)

    def sendfile(self, file: IO[bytes], offset: int = 0, count: int | None = None) -> int:
        """As of a socket. What is not sent now is sent from the file later, whoever closes it meanwhile."""
        self._check()
        size = os.fstat(file.fileno()).st_size - offset if count is None else count
        self._parts.append(_Part(os.dup(file.fileno()), offset, size))
        self.flush()
        return size

    def keep(self, data: bytes | memoryview) -> None:
        """Send this later. Raises NoRoom."""
        if self._spool is None and self._in_memory + len(data) <= IN_MEMORY:
            self._parts.append(memoryview(bytes(data)))
            self._in_memory += len(data)
            return
        self._spool = self._spool or Spool(self._room)
        file = self._spool.open()
        last = self._parts[-1] if self._parts else None
        at = self._spool.size
        self._spool.write(data)
        if isinstance(last, _Part) and last.spooled and last.offset + last.count == at:
            last.count += len(data)
        else:
            self._parts.append(_Part(os.dup(file.fileno()), at, len(data), spooled=True))

    def flush(self) -> tuple[int, bool]:
        """Send what the client takes now: how many bytes, and whether some are left. Raises OSError."""
        total = 0
        while self._parts:
            part = self._parts[0]
            if isinstance(part, _Part):
                size = part.send(self._sock)
                done = part.count == 0
            else:
                size = _sent(self._sock, part)
                self._parts[0] = part = part[size:]
                self._in_memory -= size
                done = not part
            total += size
            if not done:
                return total, True
            self._parts.popleft()
            if isinstance(part, _Part):
                part.close()
        self._forget_spool()
        return total, False

    def close(self) -> None:
        """Nothing more is sent; the socket itself belongs to the loop."""
        self._ended = True
        for part in self._parts:
            if isinstance(part, _Part):
                part.close()
        self._parts.clear()
        self._forget_spool()

    def shutdown(self, _how: int) -> None:
        raise OSError("the loop hangs up")

    def setblocking(self, _flag: bool) -> None:  # noqa: FBT001 - as of a socket
        """It never blocks."""

    def settimeout(self, _seconds: float | None) -> None:
        """It never blocks."""

    def gettimeout(self) -> float:
        return 0.0

    def fileno(self) -> int:
        return self._sock.fileno()

    def _check(self) -> None:
        if self._ended:
            raise BrokenPipeError("nobody is there any more")

    def _forget_spool(self) -> None:
        if self._spool is not None:
            self._spool.close()
            self._spool = None


class _Part:
    """Bytes of a file that wait to be sent."""

    def __init__(self, descriptor: int, offset: int, count: int, *, spooled: bool = False) -> None:
        self._descriptor, self.offset, self.count, self.spooled = descriptor, offset, count, spooled

    def send(self, sock: socket.socket) -> int:
        total = 0
        while self.count:
            try:
                size = os.sendfile(sock.fileno(), self._descriptor, self.offset, min(self.count, PIECE))
            except BlockingIOError:
                break
            if size == 0:  # the file is shorter than it was said to be
                raise BrokenPipeError("the file ended early")
            self.offset += size
            self.count -= size
            total += size
        return total

    def close(self) -> None:
        os.close(self._descriptor)


def _sent(sock: socket.socket, data: memoryview) -> int:
    total = 0
    try:
        while total < len(data):
            total += sock.send(data[total : total + PIECE])
    except BlockingIOError:
        pass
    return total
