"""Ask clamd whether a file carries a virus.

Speaks INSTREAM of clamd(8): `zINSTREAM\\0`, chunks with their length in four bytes, a zero length;
the answer is `stream: OK`, `stream: <name> FOUND` or an error, ended by a zero byte.
"""

import socket
import struct
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aqad.lib.errors import Unavailable
from aqad.lib.files.clean_file import BadFile

CONNECT_SECONDS = 3
ANSWER_SECONDS = 20
CHUNK_BYTES = 256 * 1024
ANSWER_MAX_BYTES = 4096


class ScannerUnavailable(Unavailable):
    """A scanner is configured and did not answer: nothing passes unscanned."""

    message = gettext_lazy("Files cannot be checked right now. Try again in a moment.")


def scan(content: bytes) -> None:
    """Raise BadFile if clamd finds a virus, ScannerUnavailable if it cannot tell; no-op without CLAMD_URL."""
    if not settings.CLAMD_URL:
        return
    try:
        answer = _ask(settings.CLAMD_URL, content)
    except OSError as error:
        raise ScannerUnavailable from error
    if answer.endswith(b" FOUND"):
        raise BadFile(_("The file carries a virus. Send a clean one."))
    if answer != b"stream: OK":
        raise ScannerUnavailable


def _ask(url: str, content: bytes) -> bytes:
    with _connect(url) as clamd:
        clamd.settimeout(ANSWER_SECONDS)
        clamd.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK_BYTES):
            chunk = content[start : start + CHUNK_BYTES]
            clamd.sendall(struct.pack("!L", len(chunk)) + chunk)
        clamd.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < ANSWER_MAX_BYTES:
            received = clamd.recv(ANSWER_MAX_BYTES)
            if not received:
                break
            answer += received
    return answer.rstrip(b"\0")


def _connect(url: str) -> socket.socket:
    """`tcp://host:3310` or `unix:///path/to/clamd.sock`."""
    address = urlsplit(url)
    if address.scheme == "tcp":
        return socket.create_connection((address.hostname or "", address.port or 3310), CONNECT_SECONDS)
    clamd = socket.socket(socket.AF_UNIX)
    clamd.settimeout(CONNECT_SECONDS)
    try:
        clamd.connect(address.path)
    except OSError:
        clamd.close()
        raise
    return clamd
