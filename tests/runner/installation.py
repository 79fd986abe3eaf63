"""One AQAD as `make run` starts it, in a folder of its own and on ports of its own."""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from aqad.runner.environment import without_our_variables
from aqad.runner.folders import socket_folder
from aqad.runner.program import PROJECT

PATIENCE = 240.0  # until something must have happened, on however busy a machine


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def eventually(happens: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline, f"still waiting for: {what}"
        time.sleep(0.05)


class Installation:
    def __init__(self, folder: Path, **variables: str) -> None:
        self.data = folder / "data of AQAD"
        self.port = free_port()
        self.gateway_port = free_port()
        self.output = folder / "output.txt"
        self.variables = {
            "AQAD_DATA_DIR": str(self.data),
            "AQAD_PORT": str(self.port),
            "AQAD_GATEWAY_PORT": str(self.gateway_port),
            "AQAD_DEMO": "0",
            "HTTP_PROXY": "http://127.0.0.1:9",  # nobody listens there: loopback calls must not go through it
            **variables,
        }
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one of the runner's commands to its end."""
        return subprocess.run(
            self._command(*arguments),
            env=self._environment(),
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self) -> None:
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                self._command("run"), env=self._environment(), cwd=PROJECT, stdout=output, stderr=output
            )
        try:
            eventually(lambda: "AQAD is up" in self.said() or not self.is_running(), "AQAD to come up")
            assert self.is_running(), self.said()
        except AssertionError:
            self.process.kill()  # what it started dies with it
            raise

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def end(self, number: signal.Signals) -> int:
        """Send the runner a signal, wait for its end, and return its exit code."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def remove(self) -> None:
        """Take the database's files away, also where root had to keep them outside a closed folder."""
        shutil.rmtree((self.data / "postgres").resolve(), ignore_errors=True)

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def status(self, path: str) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def execute(self, statement: str) -> list[tuple]:
        sockets = socket_folder(self.data) / "postgres"
        with psycopg.connect(host=str(sockets), user="aqad", dbname="aqad") as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def processes(self, containing: str = "") -> list[int]:
        """Everything this installation runs, found by what it was started with; the runner itself apart."""
        folders = (str(self.data).encode(), str(socket_folder(self.data)).encode())
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdecimal() or (self.process and int(entry.name) == self.process.pid):
                continue
            try:
                words = entry.joinpath("cmdline").read_bytes()
                known = words + entry.joinpath("environ").read_bytes()
            except OSError:
                continue
            if any(folder in known for folder in folders) and containing.encode() in words:
                found.append(int(entry.name))
        return found

    def master(self, containing: str) -> int | None:
        """The process of this kind that the runner itself started."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return next((pid for pid in self.processes(containing) if str(pid) in children), None)

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "aqad.runner", *arguments]

    def _environment(self) -> dict[str, str]:
        unwanted = {"COLUMNS", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER"}
        kept = {name: value for name, value in without_our_variables().items() if name not in unwanted}
        return {**kept, "PATH": os.environ["PATH"], **self.variables}
