"""A gunicorn of its own with AQAD's worker, and callers that send it what they like, byte by byte."""

import http.client
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from aqad.runner.program import PROJECT
from tests.runner import at_once_application
from tests.runner.installation import eventually, free_port

LANE, THREAD = "express lane", "a thread"
PATIENCE = 60.0


class Server:
    """gunicorn with one process and one thread."""

    def __init__(self, folder: Path, **variables: str) -> None:
        self.folder = folder
        self.gate, self.log = folder / "gate", folder / "log"
        self.port = free_port()
        self._callers: list[Caller] = []
        command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{self.port}", "--threads", "1"]
        command += ["--worker-class", "aqad.runner.express.worker.ExpressWorker", "--no-control-socket"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "tests.runner.at_once_application"],
                cwd=PROJECT,
                env={
                    **os.environ,
                    at_once_application.GATE: str(self.gate),
                    "AQAD_DATA_DIR": str(folder),
                    "AQAD_WEB_PROCESSES": "1",
                    **variables,
                },
                stderr=log,
            )
        eventually(self._is_up, "gunicorn to answer")

    def _is_up(self) -> bool:
        try:
            return self.connect().ask("/") is not None
        except OSError:
            return False
        finally:
            self.hang_up()

    def connect(self) -> "Caller":
        self._callers.append(Caller(self.port))
        return self._callers[-1]

    def in_the_lane(self) -> "Caller":
        """A connection that the lane reads from."""
        caller = self.connect()
        assert caller.ask("/now")["way"] == LANE
        return caller

    def hang_up(self) -> None:
        while self._callers:
            self._callers.pop().hang_up()

    def end(self) -> int:
        self.process.terminate()
        return self.process.wait(PATIENCE)


class Caller:
    """A connection that stays open."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self._received = self.socket.makefile("rb")

    def ask(self, path: str) -> Any:
        self.send(f"GET {path} HTTP/1.1\r\nHost: shop\r\n\r\n".encode())
        return self.answer()

    def send(self, raw: bytes) -> None:
        self.socket.sendall(raw)

    def answer(self) -> Any:
        return json.loads(self.response()[2])

    def response(self, method: str = "GET") -> tuple[int, http.client.HTTPMessage, bytes]:
        status = int(self._received.readline().split()[1])
        headers = http.client.parse_headers(self._received)
        length = 0 if method == "HEAD" else int(headers["Content-Length"])
        return status, headers, self._received.read(length)

    def hang_up(self) -> None:
        self._received.close()
        self.socket.close()

    def is_closed(self) -> bool:
        return self.socket.recv(1) == b""
