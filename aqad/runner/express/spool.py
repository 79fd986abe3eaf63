"""Room on the disk for what arrives slowly or is read slowly: bounded, and nobody else's to read."""

import io
import os
import tempfile
import threading
from pathlib import Path
from typing import IO

IN_MEMORY = 65_536  # bytes of a body or an answer that take no file


class NoRoom(OSError):
    """All the room is taken, by this client and others; or the disk is full."""


class Room:
    """The room of one process. Its files have no name, so none is left behind, whatever ends the process."""

    def __init__(self, size: int) -> None:
        self._left = size
        self._lock = threading.Lock()
        self._folder = _folder()

    def open(self) -> IO[bytes]:
        """A file without a name. Raises NoRoom."""
        try:
            return tempfile.TemporaryFile("w+b", buffering=0, dir=self._folder)
        except OSError as error:
            raise NoRoom(*error.args) from error

    def take(self, size: int) -> None:
        """Raises NoRoom."""
        with self._lock:
            if size > self._left:
                raise NoRoom("the room for slow transfers is taken")
            self._left -= size

    def give_back(self, size: int) -> None:
        with self._lock:
            self._left += size


class Spool:
    """Bytes in the order they came: in memory as long as they are few, else in a file."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._memory = bytearray()
        self.file: IO[bytes] | None = None
        self.size = self._taken = 0

    def write(self, data: bytes | memoryview) -> None:
        """Raises NoRoom."""
        self.size += len(data)
        if self.file is None and self.size <= IN_MEMORY:
            self._memory += data
            return
        if self.file is None:
            self.open()
            self._write(self._memory)
            self._memory = bytearray()
        self._write(data)

    def open(self) -> IO[bytes]:
        """From now on all goes into a file. Raises NoRoom."""
        self.file = self.file or self._room.open()
        return self.file

    def stream(self) -> IO[bytes]:
        """All of it, to be read from the beginning."""
        if self.file is None:
            return io.BytesIO(self._memory)
        self.file.seek(0)
        return io.BufferedReader(self.file)  # type: ignore[type-var] # a raw file, since nothing buffers it

    def close(self) -> None:
        """Let go of the room."""
        if self.file is not None:
            self.file.close()
        self._room.give_back(self._taken)
        self._taken = 0

    def _write(self, data: bytes | bytearray | memoryview) -> None:
        self._room.take(len(data))
        self._taken += len(data)
        left = memoryview(data)
        try:
            while left and self.file:
                left = left[self.file.write(left) :]
        except OSError as error:
            raise NoRoom(*error.args) from error


def _folder() -> str:
    """In the data folder; where that cannot be written, one of our own in the system's temporary folder."""
    folder = Path(os.environ.get("AQAD_DATA_DIR") or "var").absolute() / "spool"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        with tempfile.TemporaryFile(dir=folder):
            return str(folder)
    except OSError:
        return tempfile.mkdtemp(prefix="aqad-spool-")
