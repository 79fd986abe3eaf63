"""A server of an earlier run that still lives, or only left its pid file behind."""

import os
import signal
import subprocess
import time
from pathlib import Path

from aqad.runner.errors import RunnerError

PATIENCE = 30.0
ASK_AFTER = 3.0
PROCESSES = Path("/proc")


def wait_for_end(executable: str, *, folder: Path, pid_file: Path, stop_signal: signal.Signals) -> None:
    """Return when no earlier `executable` works in `folder`; a stale pid file is removed.

    An earlier server may be dying since its runner was killed, and the children of a killed one outlive it
    for a moment; what does not end by itself is asked to. The pid in the file may have gone to a stranger
    (after the restart of a container it always has), so the name is compared.
    """
    started = time.monotonic()
    asked = False
    while left := _processes(executable, folder, pid_file):
        waited = time.monotonic() - started
        if waited > PATIENCE:
            raise RunnerError(f"{executable} of an earlier start does not end: end process {left[0]}.")
        if waited > ASK_AFTER and not asked:
            asked = True
            for pid in left:
                _ask(pid, stop_signal)
        time.sleep(0.05)
    pid_file.unlink(missing_ok=True)


def _processes(executable: str, folder: Path, pid_file: Path) -> list[int]:
    """Linux knows which processes stand in the folder; elsewhere there is the pid file."""
    if PROCESSES.joinpath("self").exists():
        numbers = (int(entry.name) for entry in PROCESSES.iterdir() if entry.name.isdecimal())
        return [pid for pid in numbers if _stands_in(pid, executable, folder)]
    pid = _read_pid(pid_file)
    return [pid] if pid and executable in _name_of(pid) else []


def _stands_in(pid: int, executable: str, folder: Path) -> bool:
    process = PROCESSES / str(pid)
    try:
        named = (
            process.joinpath("comm").read_text().startswith(executable[:15])
        )  # the kernel keeps 15 characters
        return named and process.joinpath("cwd").samefile(folder)
    except OSError:  # it ended, or is not ours to look at
        return False


def _name_of(pid: int) -> str:
    command = ["ps", "-o", "comm=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _read_pid(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _ask(pid: int, stop_signal: signal.Signals) -> None:
    try:
        os.kill(pid, stop_signal)
    except ProcessLookupError:
        return
