"""How much of a request has arrived: no thread waits for what can be waited for without one."""

import re
import socket
import struct
from array import array
from fcntl import ioctl
from termios import FIONREAD

from gunicorn.workers.gthread import TConn

LONGEST = 8192  # bytes of a header that is waited for
MOST = 65_536  # bytes of a request that are waited for; the rest of a long body is read by a thread
SILENCE = struct.pack("ll", 30, 0)  # seconds and microseconds, as struct timeval

END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r", re.IGNORECASE)
_ASKS = re.compile(rb"\nexpect:", re.IGNORECASE)  # the client sends the body when it is told to


def peek(conn: TConn) -> bytes:
    """What can be read now, at most LONGEST bytes; nothing where the client hung up.

    Raises BlockingIOError where there is nothing to be read yet.
    """
    try:
        return bytes(conn.sock.recv(LONGEST, socket.MSG_PEEK | socket.MSG_DONTWAIT))
    except BlockingIOError:
        raise
    except OSError:
        return b""


def to_come(conn: TConn, there: bytes) -> int:
    """How many bytes must be there before somebody should read, where they are not yet; else 0."""
    header, end, _ = there.partition(END)
    if not end:
        return len(there) + 1 if 0 < len(there) < LONGEST else 0
    length = _LENGTH.search(header + end)
    if length is None or _ASKS.search(header):
        return 0
    wanted = min(len(header) + len(end) + int(length[1]), MOST)
    return wanted if wanted > _available(conn, there) else 0


def call_when(conn: TConn, there: int) -> None:
    """Let the connection count as readable when so many bytes are there, or no more will come."""
    conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, there)


def limit_silence(conn: TConn) -> None:
    """Let a thread that reads or writes end after so long without a byte, by an OSError."""
    for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
        conn.sock.setsockopt(socket.SOL_SOCKET, option, SILENCE)


def _available(conn: TConn, there: bytes) -> int:
    if len(there) < LONGEST:
        return len(there)
    count = array("i", [0])
    ioctl(conn.sock.fileno(), FIONREAD, count)
    return count[0]
