"""The folders a run uses: its data, one runner at a time, and a short place for its sockets."""

import fcntl
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aqad.runner.errors import RunnerError

LONGEST_SOCKET = 107  # bytes the kernel takes for a socket's path
COMMON_TEMPORARY = Path("/tmp")  # noqa: S108 - owner and mode of what we make there are checked
SOCKET_ROOM = len("/postgres/.s.PGSQL.5432.lock")


def make_data_folder(data: Path) -> None:
    """Make the data folder and its parts, or say why not."""
    try:
        if not data.exists():  # mails and documents are nobody else's to read
            data.mkdir(parents=True)
            let_database_through(data)
        for part in (data, data / "log", data / "run"):
            part.mkdir(exist_ok=True)
            if not os.access(part, os.R_OK | os.W_OK | os.X_OK):
                raise PermissionError
    except OSError as error:
        raise RunnerError(
            f"The data folder {data} cannot be written ({error.strerror or 'it belongs to another user'}).\n"
            "Choose another with AQAD_DATA_DIR, or start as its owner."
        ) from error


@contextmanager
def only_runner(data: Path, url: str) -> Iterator[None]:
    """Hold the data folder; raises RunnerError while another runner does. The kernel lets go when we die."""
    with (data / "run" / "runner.lock").open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise RunnerError(
                f"AQAD already runs on {data} ({lock.read().strip() or 'just starting'}).\n"
                "Stop it there with Ctrl-C, or start a second one with its own AQAD_DATA_DIR and AQAD_PORT."
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, {url}")
        lock.flush()
        yield
        lock.truncate(0)


def is_running(data: Path) -> bool:
    """Whether a runner holds the data folder."""
    path = data / "run" / "runner.lock"
    if not path.exists():
        return False
    with path.open("r", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def socket_folder(data: Path) -> Path:
    """Where the sockets of the servers of `data` lie: always the same short place outside it."""
    name = f"aqad-{os.geteuid()}-{hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:10]}"
    folder = temporary_folder() / name
    if len(os.fsencode(folder)) + SOCKET_ROOM > LONGEST_SOCKET:
        folder = COMMON_TEMPORARY / name
    return folder


def temporary_folder() -> Path:
    """Root's own TMPDIR may be closed to the account that runs the database."""
    return COMMON_TEMPORARY if os.geteuid() == 0 else Path(tempfile.gettempdir())


@contextmanager
def sockets_in(folder: Path) -> Iterator[Path]:
    """Make the socket folder, ours alone, and take it away at the end."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise RunnerError(f"{folder} belongs to someone else: remove it, or set TMPDIR to another folder.")
    let_database_through(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def let_database_through(folder: Path) -> None:
    """Close the folder to others; as root, leave the way open to the part of the database's account."""
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


@contextmanager
def throwaway_folder() -> Iterator[Path]:
    """A folder that is gone afterwards, with a path short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="aqad-", dir=temporary_folder()))
    let_database_through(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
