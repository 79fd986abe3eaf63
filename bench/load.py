"""Requests sent by wrk, and what came of them."""

import json
import os
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).with_name("requests.lua")
THREADS = 2


class ToolMissing(Exception):
    """A program that the benchmark needs is not installed."""


@dataclass(frozen=True)
class Request:
    path: str
    method: str = "GET"
    token: str = ""
    body: str = ""

    def line(self) -> str:
        return "\t".join((self.method, self.path, self.token, self.body))


@dataclass(frozen=True)
class Outcome:
    """What one run gave. `rate` counts good answers (2xx, 3xx) a second; p50 and p99 are milliseconds."""

    rate: float
    p50: float
    p99: float
    good: int
    refused: int


def tool(name: str, package: str) -> str:
    """The path of a program. Raises ToolMissing with what to install."""
    if found := shutil.which(name) or shutil.which(name, path="/usr/sbin"):
        return found
    raise ToolMissing(f"{name} is not installed (on Debian: apt install {package})")


def run(url: str, requests: Sequence[Request], *, connections: int, seconds: int) -> Outcome:
    """Send `requests` again and again over `connections`. Raises RuntimeError when connections break."""
    if requests[0].method == "GET":
        _wait_for_the_last(url + requests[0].path, connections)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "requests"
        file.write_text("\n".join(request.line() for request in requests) + "\n", encoding="utf-8")
        command = [
            tool("wrk", "wrk"),
            f"-t{THREADS}",
            f"-c{connections}",
            f"-d{seconds}s",
            "--timeout",
            "30s",
        ]
        said = subprocess.run(
            [*command, "-s", str(SCRIPT), url],
            env={**os.environ, "BENCH_REQUESTS": str(file)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    return _outcome(json.loads(said.splitlines()[-1]))


def _wait_for_the_last(address: str, connections: int) -> None:
    """Until the server has answered what an earlier load left waiting: wrk hangs up, the server works on.

    Oscar's searches kept its product page from any answer for seconds.
    """

    def ask(_number: int) -> None:
        with suppress(urllib.error.HTTPError), urllib.request.urlopen(address, timeout=60) as answer:
            answer.read()

    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(ask, range(connections)))


def _outcome(told: dict[str, int]) -> Outcome:
    if told["broken"]:
        raise RuntimeError(f"{told['broken']} connections broke")
    good = told["requests"] - told["refused"]
    return Outcome(
        rate=good / (told["microseconds"] / 1e6),
        p50=told["p50"] / 1000,
        p99=told["p99"] / 1000,
        good=good,
        refused=told["refused"],
    )
