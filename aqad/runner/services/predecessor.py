"""A server of an earlier run that still lives, or only left its pid file behind."""

import os
import signal
import subprocess
import time
from pathlib import Path

from aqad.runner.errors import RunnerError

PATIENCE = 30.0


def wait_for_end(pid_file: Path, executable: str, *, stop_signal: signal.Signals) -> None:
    """Return when no earlier server works on the folder of `pid_file`; a stale pid file is removed.

    An earlier server may be dying since its runner was killed; one that does not is asked to stop.
    The pid may have gone to a stranger (always, after a restart of a container), so the name is compared.
    """
    pid = _read_pid(pid_file)
    if pid is None:
        return
    deadline = time.monotonic() + PATIENCE
    asked_at = time.monotonic() + 3
    while _runs(pid, executable):
        if time.monotonic() > deadline:
            raise RunnerError(
                f"{executable} of an earlier start (process {pid}) does not end. End it and try again."
            )
        if time.monotonic() > asked_at:
            os.kill(pid, stop_signal)
            asked_at = deadline
        time.sleep(0.1)
    pid_file.unlink(missing_ok=True)


def _read_pid(pid_file: Path) -> int | None:
    try:
        first_line = pid_file.read_text().splitlines()[0]
        return int(first_line)
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _runs(pid: int, executable: str) -> bool:
    status = Path(f"/proc/{pid}/stat")
    if status.parent.parent.joinpath("self").exists():
        try:
            name, _, rest = status.read_text().rpartition(")")
        except (FileNotFoundError, ProcessLookupError):
            return False
        return name.partition("(")[2].startswith(executable[:15]) and rest.split()[0] not in "ZX"
    listing = subprocess.run(
        ["ps", "-o", "comm=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return executable in listing.stdout
