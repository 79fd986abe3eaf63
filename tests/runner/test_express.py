"""The express lane: who waits together is answered together, and everything else is served as ever."""

import json
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from aqad.runner.express.arriving import PEEKED, UNASKED
from aqad.runner.express.lane import QUIET
from tests.runner import at_once_application
from tests.runner.express_server import LANE, THREAD, Server
from tests.runner.installation import eventually

pytestmark = pytest.mark.runner

HERE = b"GET /now HTTP/1.1\r\nHost: shop\r\n"


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("express"))
    yield server
    server.end()


@pytest.fixture
def server(serving: Server) -> Iterator[Server]:
    yield serving
    serving.gate.unlink(missing_ok=True)
    assert serving.in_the_lane().ask("/now")["way"] == LANE  # whatever the test did, it goes on
    serving.hang_up()


def test_who_waits_at_the_same_time_is_answered_together(server: Server) -> None:
    first, *others = [server.in_the_lane() for _ in range(6)]
    first.send(b"GET /now?gate HTTP/1.1\r\nHost: shop\r\n\r\n")
    eventually(server.gate.with_name("at the gate").exists, "the lane to be busy")
    for caller in others:
        caller.send(HERE + b"\r\n")
    assert server.connect().ask("/elsewhere")["way"] == THREAD  # which is free meanwhile
    server.gate.touch()
    assert [caller.answer()["together"] for caller in (first, *others)] == [1, 5, 5, 5, 5, 5]


def test_one_without_an_answer_is_called_for_by_itself_with_what_was_noted(server: Server) -> None:
    caller = server.connect()
    assert caller.ask("/now?later") == {"way": THREAD, "method": "GET", "body": "", "noted": "seen before"}
    assert caller.ask("/now")["way"] == LANE
    assert caller.ask("/now?later")["noted"] == "seen before"
    assert caller.ask("/elsewhere")["noted"] is None


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (b"GET /elsewhere HTTP/1.1\r\nHost: shop\r\n\r\n", ""),
        (b"POST /now HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nabcde", "abcde"),
        (b"GET /now HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nabcde", "abcde"),
        (HERE + b"Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n", "abcde"),
        (HERE + b"X-Long: " + b"x" * (PEEKED - 500) + b"\r\nX-Long: " + b"x" * 500 + b"\r\n\r\n", ""),
    ],
)
def test_whatever_is_more_than_a_plain_get_of_its_paths_goes_the_usual_way(
    server: Server, raw: bytes, body: str
) -> None:
    for caller in (server.connect(), server.in_the_lane()):
        for _ in range(2):
            caller.send(raw)
            assert caller.answer() == {
                "way": THREAD,
                "method": raw.split()[0].decode(),
                "body": body,
                "noted": None,
            }
        assert caller.ask("/now")["way"] == LANE


def test_the_body_may_come_after_the_header_that_announces_it(server: Server) -> None:
    caller = server.in_the_lane()
    caller.send(HERE + b"Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
    assert b"100 Continue" in caller.socket.recv(100)
    caller.send(b"abcde")
    assert caller.answer()["body"] == "abcde"


def test_a_request_in_pieces_and_two_in_one_piece_are_each_answered_once(server: Server) -> None:
    caller = server.in_the_lane()
    caller.send(HERE)
    assert server.connect().ask("/now")["way"] == LANE  # nobody else waits for the rest
    caller.send(b"\r\n")
    assert caller.answer()["way"] == THREAD  # the lane reads only what comes in one piece
    caller.send((HERE + b"\r\n") * 2 + b"GET /elsewhere HTTP/1.1\r\nHost: shop\r\n\r\n")
    assert [caller.answer()["way"] for _ in range(3)] == [THREAD] * 3
    assert caller.ask("/now")["way"] == LANE


@pytest.mark.parametrize("path", ["/now", "/now?later"])
@pytest.mark.parametrize("kind", ["HTTP/1.1\r\nConnection: close", "HTTP/1.0"])
def test_the_connection_is_closed_where_the_client_says_so(server: Server, path: str, kind: str) -> None:
    caller = server.connect()
    caller.send(f"GET {path} {kind}\r\nHost: shop\r\n\r\n".encode())
    status, headers, _ = caller.response()
    assert (status, headers["Connection"]) == (200, "close")
    assert caller.is_closed()


def test_what_is_no_request_is_told_so(server: Server) -> None:
    for caller in (server.connect(), server.in_the_lane()):
        caller.send(b"GET /now HTTP/1.1\r\nHost: shop\r\nno header\r\n\r\n")
        assert caller.response()[0] == 400
        assert caller.is_closed()


def test_a_head_has_no_body(server: Server) -> None:
    caller = server.in_the_lane()
    caller.send(b"HEAD /now HTTP/1.1\r\nHost: shop\r\n\r\n")
    status, headers, body = caller.response("HEAD")
    assert (status, int(headers["Content-Length"]) > 0, body) == (200, True, b"")


def test_who_reads_slowly_holds_up_nobody(server: Server) -> None:
    slow = server.in_the_lane()
    slow.send(b"GET /now?big HTTP/1.1\r\nHost: shop\r\n\r\n")
    first = slow.socket.recv(1000)
    assert server.in_the_lane().ask("/now")["way"] == LANE
    head, _, body = first.partition(b"\r\n\r\n")
    size = int(head.lower().split(b"content-length: ")[1].split()[0])
    while len(body) < size:
        body += slow.socket.recv(1_000_000)
    assert len(json.loads(body)["filling"]) == at_once_application.BIG
    assert slow.ask("/now")["way"] == LANE


def test_who_hangs_up_is_not_missed(server: Server) -> None:
    for _ in range(3):
        gone = server.in_the_lane()
        gone.send(b"GET /now?big HTTP/1.1\r\nHost: shop\r\n\r\n")
        gone.hang_up()
    assert server.in_the_lane().ask("/now")["way"] == LANE


def test_an_application_that_fails_at_once_is_called_for_each_by_itself(server: Server) -> None:
    caller = server.in_the_lane()
    assert caller.ask("/now?fail")["way"] == THREAD
    assert "as the test wants it" in server.log.read_text()
    assert caller.ask("/now")["way"] == LANE


def test_an_answer_that_cannot_be_written_ends_its_connection(server: Server) -> None:
    caller = server.in_the_lane()
    caller.send(b"GET /now?broken HTTP/1.1\r\nHost: shop\r\n\r\n")
    assert caller.is_closed()


def test_a_connection_that_was_quiet_is_served_when_it_speaks(server: Server) -> None:
    caller = server.in_the_lane()
    time.sleep(1.5 * QUIET)
    assert caller.ask("/now")["way"] == LANE
    assert caller.ask("/elsewhere")["way"] == THREAD


def test_connections_that_say_nothing_take_no_thread(server: Server) -> None:
    """gunicorn's own worker keeps its one thread for 5 s for each of them."""
    silent = [server.connect() for _ in range(100)]
    assert server.connect().ask("/elsewhere")["way"] == THREAD
    assert [silent[0].ask("/elsewhere")["way"], silent[1].ask("/now")["way"]] == [THREAD, LANE]


@pytest.mark.parametrize(
    ("begun", "rest", "body"),
    [
        (b"GET /elsewhere HTTP/1.1\r\nHost: sh", b"op\r\n\r\n", ""),
        (HERE, b"Content-Length: 5\r\n\r\nabcde", "abcde"),
        (b"POST /now HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\n\r\nab", b"cde", "abcde"),
        (HERE + b"content-length:" + str(UNASKED).encode() + b"\r\n\r\n", b"x" * UNASKED, "x" * UNASKED),
    ],
    ids=["header", "length", "body", "long body"],
)
def test_who_sends_slowly_takes_no_thread(server: Server, begun: bytes, rest: bytes, body: str) -> None:
    """gunicorn's own worker keeps its one thread for as long as the first of them likes."""
    slow = [server.connect() for _ in range(20)]
    for caller in slow:
        caller.send(begun)
    assert server.connect().ask("/elsewhere")["way"] == THREAD
    slow[0].send(rest)
    answer = slow[0].answer()
    assert (answer["way"], answer["body"]) == (THREAD, body)
    assert slow[0].ask("/now")["way"] == LANE


def test_a_long_body_is_read_as_it_comes(server: Server) -> None:
    body = "x" * (5 * UNASKED)
    caller = server.connect()
    caller.send(f"POST /now HTTP/1.1\r\nHost: shop\r\nContent-Length: {len(body)}\r\n\r\n".encode())
    for at in range(0, len(body), UNASKED // 2):
        caller.send(body[at : at + UNASKED // 2].encode())
    assert caller.answer()["body"] == body


@pytest.mark.parametrize(
    "begun", [b"", b"GET /now HTT", b"POST /now HTTP/1.1\r\nContent-Length: 5\r\n\r\nab"]
)
def test_who_ends_in_the_middle_is_let_go(server: Server, begun: bytes) -> None:
    caller = server.connect()
    caller.send(begun)
    caller.socket.shutdown(socket.SHUT_WR)
    while not caller.is_closed():
        pass


def test_who_does_not_hang_up_holds_up_nobody(server: Server) -> None:
    """gunicorn's own worker waits 2 s for each of them, and does nothing else."""
    for path in ["/now", "/elsewhere"] * 20:
        caller = server.connect()
        caller.send(f"GET {path} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n".encode())
        assert caller.response()[0] == 200
        caller.send(b"and so on")
    assert server.connect().ask("/elsewhere")["way"] == THREAD


def test_a_server_that_ends_lets_go_of_its_connections(tmp_path: Path) -> None:
    server = Server(tmp_path)
    caller = server.in_the_lane()
    assert server.end() == 0
    assert caller.is_closed()
    server.hang_up()
    assert "stumbled" not in server.log.read_text()
