"""The embedded PostgreSQL: a cluster in the data folder, reached over a Unix socket only."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from aqad.runner.environment import quiet_environment
from aqad.runner.errors import RunnerError
from aqad.runner.program import Program
from aqad.runner.services import postgres_binaries
from aqad.runner.services.account import PopenIdentity, ServerAccount
from aqad.runner.services.closed_folder import open_home
from aqad.runner.services.predecessor import wait_for_end

NAME = "aqad"  # of the database and of its owner
ALWAYS = {"listen_addresses": "", "timezone": "UTC", "log_timezone": "UTC", "max_connections": "100"}
# What statements cost, kept by the server itself where it came with the module: `doctor slow` reads it.
STATISTICS = "pg_stat_statements"
WITH_STATISTICS = {
    "shared_preload_libraries": STATISTICS,
    f"{STATISTICS}.max": "1000",
    f"{STATISTICS}.track_utility": "off",
}
SMALLEST_BUFFERS, LARGEST_BUFFERS = 128, 1024  # MB; the smallest is PostgreSQL's own choice for any machine
THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "256MB"}


@dataclass(frozen=True)
class Postgres:
    binaries: Path
    cluster: Path
    sockets: Path
    log: Path
    account: ServerAccount | None
    throwaway: bool

    @classmethod
    def at(cls, home: Path, *, sockets: Path, log: Path, throwaway: bool = False) -> "Postgres":
        """The server whose files lie in `home`; its socket goes to a folder of its own below `sockets`."""
        account = ServerAccount.choose(home.resolve() / "cluster")
        home = open_home(home, account)
        binaries = postgres_binaries.reachable_by(account, postgres_binaries.find(), copy_to=home / "server")
        return cls(
            binaries=binaries,
            cluster=home / "cluster",
            sockets=sockets / "postgres",
            log=log,
            account=account,
            throwaway=throwaway,
        )

    @staticmethod
    def url(sockets: Path) -> str:
        return f"postgres://{NAME}@/{NAME}?host={quote(str(sockets / 'postgres'))}"

    def program(self) -> Program:
        options = {**ALWAYS, "unix_socket_directories": str(self.sockets)}
        options |= THROWAWAY if self.throwaway else {"shared_buffers": f"{_buffers()}MB"}
        if self.keeps_statistics:
            options |= WITH_STATISTICS
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            command=[str(self.binaries / "postgres"), "-D", str(self.cluster), *settings],
            environment=quiet_environment(),
            folder=Path("/"),
            stop_signal=signal.SIGINT,  # SIGTERM would wait for every client to leave
            orphan_signal=signal.SIGINT,
            account=self.account,
            may_be_hurried=False,
            log=self.log,
            prepare=self._prepare,
        )

    def is_ready(self) -> bool:
        return self._client("pg_isready", "-q").returncode == 0

    def make_database(self) -> None:
        """Create the database unless it is there, with the statistics of statements where they are kept."""
        names = self._client("psql", "-d", "postgres", "-tAc", "SELECT datname FROM pg_database").stdout
        if NAME not in names.split():
            self._make("createdb", NAME)
        if self.keeps_statistics:
            self._make("psql", "-d", NAME, "-qc", f"CREATE EXTENSION IF NOT EXISTS {STATISTICS}")

    @property
    def keeps_statistics(self) -> bool:
        folders = (self.binaries.parent / "lib", self.binaries.parent / "lib" / "postgresql")
        return any((folder / f"{STATISTICS}.so").exists() for folder in folders)

    def _make(self, *command: str) -> None:
        made = self._client(*command)
        if made.returncode:
            raise RunnerError(f"The database could not be made: {made.stderr.strip()}")

    def _prepare(self) -> None:
        own = self.account.own if self.account else partial(Path.mkdir, mode=0o700, exist_ok=True)
        own(self.sockets)
        if not self.cluster.exists():
            self._initialise()
        wait_for_end(
            "postgres",
            folder=self.cluster,
            pid_file=self.cluster / "postmaster.pid",
            stop_signal=signal.SIGINT,
        )
        # Where nobody reaps the dead (a container), PostgreSQL takes the one of this file for alive.
        (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def _initialise(self) -> None:
        """Make the cluster under another name first, so that a start cut short leaves no half cluster."""
        unfinished = self.cluster.with_name("cluster.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        locale = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
        command = [str(self.binaries / "initdb"), "-D", str(unfinished), "-U", NAME, "--auth=trust"]
        command += ["--encoding=UTF8", f"--locale={locale}", *(["--no-sync"] if self.throwaway else [])]
        done = self._run(command)
        if done.returncode:
            raise RunnerError(f"PostgreSQL's data folder could not be made:\n{done.stderr.strip()}")
        unfinished.rename(self.cluster)

    def _client(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        connection = ["-h", str(self.sockets), "-U", NAME]
        return self._run([str(self.binaries / name), *connection, *arguments])

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        identity = self.account.as_popen_arguments() if self.account else PopenIdentity()
        return subprocess.run(
            command, cwd="/", env=quiet_environment(), capture_output=True, text=True, check=False, **identity
        )


def _buffers() -> int:
    """MB that the server keeps pages in: a quarter of what memory there is, as its manual advises."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # no container, or one without a limit, which says "max"
        memory = min(memory, int(Path("/sys/fs/cgroup/memory.max").read_text()))
    return min(max(memory // 2**20 // 4, SMALLEST_BUFFERS), LARGEST_BUFFERS)
