"""Processes beside the test's own, on its database and Redis: one that obeys, and the web processes."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.db import connection

from aqad.runner.program import PROJECT
from catalog.models import Product
from tests.runner.installation import eventually, free_port

START = "import django; django.setup(); from catalog.tests import another_process as it; it.obey()"


class Process:
    """AQAD once more, on the same database and Redis."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", START],
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_until_ready(self) -> None:
        assert self._answer() == '"ready"\n'

    def read(self, *paths: str) -> Any:
        """Status and body of each, asked for at the same time."""
        return json.loads(self._tell("read", *paths))

    def change(self, how: str, what: str, product: Product, value: str) -> None:
        """`do`, `undo` (roll back), or `die` (be killed right after the commit)."""
        answered = self._tell(how, what, product.pk, value)
        assert answered == ("" if how == "die" else '"done"\n')

    def end(self) -> None:
        self._process.kill()
        self._process.communicate()

    def _tell(self, *order: Any) -> str:
        assert self._process.stdin
        self._process.stdin.write(f"{json.dumps(order)}\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()


class Reader:
    """One connection, over which one address is asked for again and again."""

    def __init__(self, port: int, path: str) -> None:
        self._connection, self._path = http.client.HTTPConnection("127.0.0.1", port, timeout=60), path

    def read(self) -> Any:
        self._connection.request("GET", self._path)
        return json.loads(self._connection.getresponse().read())

    def end(self) -> None:
        self._connection.close()


@contextmanager
def web_processes() -> Iterator[int]:
    """The port of the web processes, as `make run` starts them."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:aqad.runner.gunicorn_conf", "aqad.wsgi"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            command, env={**_environment(), "AQAD_PORT": str(port)}, cwd=PROJECT, stderr=log
        )
        try:
            eventually(partial(_answers, port), "the web processes to answer")
            yield port
        finally:
            process.terminate()
            process.wait()


def _answers(port: int) -> bool:
    asking = Reader(port, "/healthz")
    try:
        return asking.read() is not None
    except OSError:
        return False
    finally:
        asking.end()


def _environment() -> dict[str, str]:
    """For AQAD once more, on the same database and Redis."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    return {
        **os.environ,
        "DATABASE_URL": urlunsplit(database),
        "REDIS_URL": settings.REDIS_URL,
        "AQAD_RATE_DEFAULT": "100000/m",
        "PYTHONWARNINGS": "ignore",
        "AQAD_LOG_JSON": "1",
    }
