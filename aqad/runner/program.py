"""One process the runner starts: what it is, how it is started and how it is stopped."""

import contextlib
import functools
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from signal import Signals

from aqad.lib.parent_death import follow_parent
from aqad.runner.services.account import PopenIdentity, ServerAccount

PROJECT = Path(__file__).resolve().parents[2]


def _nothing() -> None:
    return None


@dataclass(frozen=True)
class Program:
    """`prepare` runs before every start; `log` takes the output, which otherwise goes to the terminal.

    `niceness` is how far it stands back when there is more to do than processors (0 to 19). Starting it again
    after it ended with the exit code `useless_again_after` would change nothing.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    folder: Path = PROJECT
    stop_signal: Signals = signal.SIGTERM
    orphan_signal: Signals = signal.SIGKILL
    patience: float = 20.0  # seconds from the stop signal to SIGKILL
    may_be_hurried: bool = True  # a second Ctrl-C kills it; a server of data is always given its time
    account: ServerAccount | None = None
    log: Path | None = None
    niceness: int = 0
    useless_again_after: int | None = None
    prepare: Callable[[], None] = field(default=_nothing)

    def spawn(self) -> subprocess.Popen[bytes]:
        """Start it in a session of its own, so that a Ctrl-C meant for the runner does not reach it.

        To be called from the main thread only: the kernel ties the death signal to the thread.
        """
        self.prepare()
        if self.log is None:
            return self._popen(subprocess.PIPE)
        with self.log.open("ab") as output:
            return self._popen(output.fileno())

    def _popen(self, output: int) -> subprocess.Popen[bytes]:
        identity = self.account.as_popen_arguments() if self.account else PopenIdentity()
        # Safe in a fork because the runner has no threads.
        return subprocess.Popen(
            list(self.command),
            env=dict(self.environment),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=functools.partial(self._settle, os.getpid()),  # noqa: PLW1509
            **identity,
        )

    def _settle(self, parent: int) -> None:
        follow_parent(parent, self.orphan_signal)
        if self.niceness:
            os.nice(self.niceness)
            stand_back_as_session(self.niceness)

    def last_words(self, lines: int = 15) -> str:
        """The end of its log file, for an error message."""
        if self.log is None or not self.log.exists():
            return ""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


def stand_back_as_session(niceness: int) -> None:
    """Where Linux shares processors between sessions (autogroup), a process's own niceness is not enough."""
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(niceness))


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of a process and of the children it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
