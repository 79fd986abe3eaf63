"""Clients that send or read slowly, or announce more than they send: they take no thread, and are let go."""

import select
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aqad.runner.express.arriving import LONGEST, UNASKED
from tests.runner.at_once_application import BIG, MOST
from tests.runner.express_server import LANE, THREAD, Caller, Server
from tests.runner.installation import eventually

pytestmark = pytest.mark.runner

FEW, MANY = 24, 240
HERE = b"POST /elsewhere HTTP/1.1\r\nHost: shop\r\n"
FORM = HERE + b"Content-Type: multipart/form-data; boundary=x\r\n"
CHUNKED = HERE + b"Transfer-Encoding: chunked\r\n\r\n"

SLOW = {  # what is sent at once; the rest comes a byte at a time, or never
    "nothing": b"",
    "half a line": b"GET /elsewh",
    "header": HERE + b"X-Slow: ",
    "header over 8 KB": HERE + b"X-Long: " + b"x" * 8000 + b"\r\nX-Slow: " + b"x" * 4000,
    "no body": HERE + b"Content-Length: 10\r\n\r\n",
    "body": HERE + b"Content-Length: 10\r\n\r\nab",
    "66 KB of a form": FORM + b"Content-Length: 5000000\r\n\r\n" + b"x" * 66_000,
    "expects to be told to go on": FORM + b"Content-Length: 100\r\nExpect: 100-continue\r\n\r\n",
    "the same with a long body": FORM + b"Content-Length: 5000000\r\nExpect: 100-continue\r\n\r\n",
    "size of a chunk": CHUNKED,
    "chunk": CHUNKED + b"ffff\r\nab",
    "66 KB in chunks": CHUNKED + b"101d0\r\n" + b"x" * 66_000 + b"\r\n5\r\n",
    "trailers": CHUNKED + b"1\r\na\r\n0\r\nX-Slow: ",
    "second request": b"GET /elsewhere HTTP/1.1\r\nHost: shop\r\n\r\n" + HERE + b"X-Slow: ",
}
UNREAD = {  # whoever asks for it does not read it
    "of the lane": b"GET /now?big HTTP/1.1\r\nHost: shop\r\n\r\n",
    "file": b"GET /file HTTP/1.1\r\nHost: shop\r\n\r\n",
    "stream": b"GET /stream HTTP/1.1\r\nHost: shop\r\n\r\n",
}


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """It has more patience than any test takes: who is slow stays until the test is over."""
    server = Server(tmp_path_factory.mktemp("slow"), AQAD_REQUEST_PATIENCE="120", AQAD_SPOOL_MIB="4000")
    yield server
    server.end()


@pytest.fixture
def server(serving: Server) -> Iterator[Server]:
    yield serving
    serving.hang_up()


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("hasty"), AQAD_REQUEST_PATIENCE="1", AQAD_REQUEST_RATE="16384")
    yield server
    server.hang_up()
    server.end()


def is_silent(caller: Caller) -> bool:
    return not select.select([caller.socket], [], [], 0)[0]


def serves(server: Server) -> None:
    """Each kind of request is answered, several times over."""
    for _ in range(5):
        caller = server.connect()
        assert caller.ask("/elsewhere")["way"] == THREAD
        assert caller.ask("/now")["way"] == LANE
        caller.send(HERE + b"Content-Length: 5\r\n\r\nabcde")
        assert caller.answer()["body"] == "abcde"
        caller.send(HERE + f"Content-Length: {2 * UNASKED}\r\n\r\n".encode() + b"x" * 2 * UNASKED)
        assert len(caller.answer()["body"]) == 2 * UNASKED
        caller.hang_up()


def dribble(callers: list[Caller]) -> None:
    for caller in callers:
        caller.send(b"1")


@pytest.mark.parametrize("begun", SLOW.values(), ids=SLOW)
def test_who_sends_slowly_takes_no_thread(server: Server, begun: bytes) -> None:
    """There is one. gunicorn's own worker gives it to the first of them for as long as that one likes."""
    slow = [server.connect() for _ in range(FEW)]
    for caller in slow:
        caller.send(begun)
    for caller in slow:
        if begun.startswith(b"GET /elsewhere"):
            assert caller.answer()["way"] == THREAD
        if b"Expect" in begun:
            assert caller.socket.recv(100).startswith(b"HTTP/1.1 100 ")
    serves(server)
    if begun:
        dribble(slow)
    serves(server)
    assert all(map(is_silent, slow))  # so all of them were there meanwhile, unanswered


@pytest.mark.parametrize("asked", UNREAD.values(), ids=UNREAD)
def test_who_reads_slowly_takes_no_thread(server: Server, asked: bytes) -> None:
    slow = [server.connect() for _ in range(FEW)]
    for caller in slow:
        caller.send(asked)
    serves(server)
    read = 0
    while read < BIG:  # and whoever does read gets all of it
        read += len(slow[0].socket.recv(1_000_000))
    serves(server)


def test_two_hundred_and_forty_of_all_kinds_take_no_thread(server: Server) -> None:
    kinds = [*SLOW.values(), *UNREAD.values()]
    slow = [server.connect() for _ in range(MANY)]
    for number, caller in enumerate(slow):
        caller.send(kinds[number % len(kinds)])
    serves(server)
    dribble([caller for number, caller in enumerate(slow) if 0 < number % len(kinds) < len(SLOW)])
    serves(server)


@pytest.mark.parametrize("expects", [b"", b"Expect: 100-continue\r\n"])
@pytest.mark.parametrize("length", [MOST + 1, 5_000_000_000, 10**30])
def test_a_body_that_is_too_long_is_refused_before_it_comes_and_drained_by_nobody(
    server: Server, length: int, expects: bytes
) -> None:
    slow = [server.connect() for _ in range(FEW)]
    for caller in slow:
        caller.send(FORM + expects + f"Content-Length: {length}\r\n\r\n".encode())
        status, headers, _ = caller.response()
        assert (status, headers["Connection"]) == (413, "close")
    serves(server)
    dribble(slow)
    serves(server)


def test_the_application_says_how_long_a_body_it_takes(server: Server) -> None:
    for length, most, status in [
        (UNASKED, 0, 413),
        (UNASKED + 1, 0, 413),
        (UNASKED + 1, UNASKED + 1, 200),
        (UNASKED + 2, UNASKED + 1, 413),
    ]:
        for kind in ("length", "chunks"):
            caller = server.connect()
            head = f"POST /elsewhere?most={most} HTTP/1.1\r\nHost: shop\r\n"
            if kind == "length":
                caller.send(f"{head}Content-Length: {length}\r\n\r\n".encode() + b"x" * length)
            else:
                body = f"{length:x}\r\n".encode() + b"x" * length + b"\r\n0\r\n\r\n"
                caller.send(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + body)
            assert caller.response()[0] == status, (length, most, kind)


def test_an_endless_body_in_chunks_is_refused_once_it_is_too_long(server: Server) -> None:
    caller = server.connect()
    caller.send(CHUNKED)
    piece, sent = b"100000\r\n" + b"x" * 0x100000 + b"\r\n", 0
    while is_silent(caller) and sent < 10 * MOST:
        try:
            caller.send(piece)
        except OSError:
            break
        sent += len(piece)
    assert caller.response()[0] == 413


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_a_body_in_chunks_however_cut_is_the_same(server: Server, size: int) -> None:
    text = "".join(chr(97 + number % 26) for number in range(20_000 if size > 1 else 2000))
    chunks = "".join(
        f"{len(text[at : at + 700]):X};a=b\r\n{text[at : at + 700]}\r\n" for at in range(0, len(text), 700)
    )
    raw = (
        CHUNKED
        + chunks.encode()
        + b"0\r\nX-Trailer: a\r\n\r\n"
        + b"GET /elsewhere HTTP/1.1\r\nHost: shop\r\n\r\n"
    )
    caller = server.connect()
    caller.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for at in range(0, len(raw), size):
        caller.send(raw[at : at + size])
    assert caller.answer()["body"] == text
    assert caller.answer()["body"] == ""


@pytest.mark.parametrize(
    "raw",
    [
        CHUNKED + b"zz\r\n",
        CHUNKED + b"-1\r\n",
        CHUNKED + b"5\r\nabcdefg",
        CHUNKED + b"5\nabcde\n0\n\n",
        CHUNKED + b"1" * 300,
        CHUNKED + b"1\r\na\r\n" * 40_000,
        CHUNKED + b"0\r\nX-Long: " + b"x" * 9000,
        HERE + b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
        HERE + b"Transfer-Encoding: unheard-of\r\n\r\n",
        HERE + b"Transfer-Encoding: gzip\r\n\r\n",
        HERE + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        HERE + b"Content-Length: -5\r\n\r\n",
        HERE + b"Content-Length: +5\r\n\r\nabcde",
        HERE + b"Content-Length: 5, 5\r\n\r\nabcde",
        HERE + b"Content-Length: \xb2\r\n\r\n",
        HERE + b"Content-Length: " + b"9" * 5000 + b"\r\n\r\n",
        HERE + b"Expect: something\r\n\r\n",
        HERE + b"Host: other\r\n\r\n",
        HERE + b"X-Long: " + b"x" * LONGEST + b"\r\n\r\n",
        HERE + b"X: y\r\n" * 200 + b"\r\n",
        HERE + b"No colon\r\n\r\n",
        b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: shop\r\n\r\n",
        b"GET / HTTP/1.1\nHost: shop\n\n",
        b"GET / HTTP/9.9\r\nHost: shop\r\n\r\n",
        b"\r\n\r\n\r\n\r\n",
        b"\0\0\r\n\r\n",
    ],
)
def test_what_is_no_request_is_its_senders_fault(server: Server, raw: bytes) -> None:
    caller = server.connect()
    caller.send(raw)
    line = caller.socket.makefile("rb").readline()
    assert 400 <= int(line.split()[1]) < 500, line
    serves(server)


@pytest.mark.parametrize("begun", SLOW.values(), ids=SLOW)
def test_who_is_too_slow_is_let_go(hasty: Server, begun: bytes) -> None:
    caller = hasty.connect()
    caller.send(begun)
    came = b""
    with_more = caller.socket
    while piece := with_more.recv(65_536):
        came += piece
    assert (b" 408 " in came) is bool(begun)


@pytest.mark.parametrize("begun", [SLOW["header"], SLOW["66 KB of a form"], SLOW["chunk"], SLOW["trailers"]])
def test_a_byte_now_and_then_prolongs_nothing(hasty: Server, begun: bytes) -> None:
    caller = hasty.connect()
    caller.send(begun)
    while is_silent(caller):
        time.sleep(0.2)
        caller.send(b"1")
    assert caller.socket.recv(100).startswith(b"HTTP/1.1 408 ")


def test_who_reads_nothing_is_let_go(hasty: Server) -> None:
    slow = hasty.connect()
    slow.send(UNREAD["file"])
    time.sleep(5)  # longer than the patience with a silent reader
    came = 0
    try:
        while piece := slow.socket.recv(1_000_000):
            came += len(piece)
    except ConnectionResetError:
        pass
    assert came < BIG


def test_a_slow_but_honest_upload_and_download_have_their_time(hasty: Server) -> None:
    """Both take longer than the patience with a header, or with silence; they go on, so they are let."""
    caller = hasty.connect()
    size, pieces = 400_000, 40
    caller.send(HERE + f"Content-Length: {size}\r\n\r\n".encode())
    for _ in range(pieces):
        time.sleep(0.1)
        caller.send(b"x" * (size // pieces))
    assert len(caller.answer()["body"]) == size
    caller.send(UNREAD["file"])
    read = 0
    for _ in range(40):
        time.sleep(0.1)
        read += len(caller.socket.recv(100_000))
    while read < BIG:
        piece = caller.socket.recv(1_000_000)
        assert piece
        read += len(piece)


def test_the_many_make_room_for_whoever_comes(tmp_path: Path) -> None:
    server = Server(tmp_path, AQAD_REQUEST_PATIENCE="120", AQAD_CONNECTIONS_PER_ADDRESS="20")
    slow = [server.connect() for _ in range(60)]
    for number, caller in enumerate(slow):
        try:
            caller.send(b"" if number % 2 else SLOW["header"])
        except OSError:  # let go already
            continue
    serves(server)
    assert slow[0].socket.recv(1) == b""
    server.hang_up()
    server.end()


def test_a_trusted_proxy_brings_as_many_as_the_process_takes(tmp_path: Path) -> None:
    limits = {"AQAD_CONNECTIONS_PER_ADDRESS": "5", "AQAD_TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.0/8"}
    server = Server(tmp_path, AQAD_REQUEST_PATIENCE="120", AQAD_CONNECTIONS="60", **limits)
    slow = [server.connect() for _ in range(50)]
    serves(server)
    assert all(map(is_silent, slow))
    more = [server.connect() for _ in range(50)]
    serves(server)
    assert slow[0].socket.recv(1) == b""
    assert is_silent(more[-1])
    server.hang_up()
    server.end()


def test_the_room_on_the_disk_is_bounded_and_comes_back(tmp_path: Path) -> None:
    server = Server(tmp_path, AQAD_REQUEST_PATIENCE="120", AQAD_SPOOL_MIB="2")
    half = b"x" * 900_000
    begun = [server.connect() for _ in range(2)]
    for caller in begun:
        caller.send(HERE + b"Content-Length: 1000000\r\n\r\n" + half)
        for _ in range(50):  # each is a turn of the loop, which reads a piece of what was sent
            serves_small(server)
    assert _refused(server)
    assert all(map(is_silent, begun))
    for caller in begun:
        caller.hang_up()
    eventually(lambda: not _refused(server), "the room to come back")
    folder = tmp_path / "spool"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert list(folder.iterdir()) == []
    server.hang_up()
    server.end()


def _refused(server: Server) -> bool:
    caller = server.connect()
    caller.send(HERE + b"Content-Length: 1000000\r\n\r\n" + b"x" * 1_000_000)
    status = caller.response()[0]
    caller.hang_up()
    assert status in {200, 503}
    return status == 503


def serves_small(server: Server) -> None:
    caller = server.connect()
    assert caller.ask("/elsewhere")["way"] == THREAD
    caller.send(HERE + b"Content-Length: 5\r\n\r\nabcde")
    assert caller.answer()["body"] == "abcde"
