"""One AQAD as `make run` starts it, without limits, with a big catalogue."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from aqad.runner import keys
from aqad.runner.folders import socket_folder
from aqad.runner.program import PROJECT
from aqad.runner.services.postgres import Postgres
from aqad.runner.services.valkey import Valkey
from tests.runner.installation import Installation

WITHOUT_LIMITS = {
    **{f"AQAD_RATE_{name}": "100000000/m" for name in ("LOGIN", "LOGIN_EMAIL", "ORDER", "DEFAULT")},
    "AQAD_MAX_OPEN_CARD_HOLDS": "100000000",
    "AQAD_MAX_OPEN_CASH_VALUE": "1000000000",
    "AQAD_MAX_OPEN_CARD_VALUE": "1000000000",
    "AQAD_NEW_BUYER_MAX_VALUE": "1000000000",
    "AQAD_NEW_BUYER_FREE_VALUE": "1000000000",
}


@contextmanager
def started(**variables: str) -> Iterator[Installation]:
    """AQAD with nothing in it yet, told `variables` besides; its files go when it stops."""
    with tempfile.TemporaryDirectory(prefix="aqad-bench-") as folder:
        os.chmod(folder, 0o711)
        installation = Installation(Path(folder), **WITHOUT_LIMITS | variables)
        installation.start()
        try:
            yield installation
        finally:
            if installation.is_running():
                installation.end(signal.SIGTERM)
            installation.remove()


def environment(installation: Installation) -> dict[str, str]:
    """What a process of this installation is told, for those that the benchmark adds."""
    sockets = socket_folder(installation.data)
    return {
        **os.environ,
        **installation.variables,
        **keys.load_or_make(installation.data),
        "DATABASE_URL": Postgres.url(sockets),
        "REDIS_URL": Valkey.cache_url(sockets),
        "CELERY_BROKER_URL": Valkey.broker_url(sockets),
    }


def run_module(name: str, *arguments: object, told: Mapping[str, str], said: str = "") -> str:
    """Run a module of the benchmark to its end and return what it printed; its progress goes to stderr.

    `said` is what it reads from its standard input.
    """
    command = [sys.executable, "-m", name, *map(str, arguments)]
    done = subprocess.run(
        command, cwd=PROJECT, env=told, check=True, stdout=subprocess.PIPE, text=True, input=said
    )
    return done.stdout
