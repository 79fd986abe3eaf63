"""A data folder that the database's account cannot reach, such as one in root's home.

Opening its way to others is not ours to decide, so the cluster lies elsewhere and a link says where.
"""

import shutil
import tempfile
from pathlib import Path

from aqad.runner.services.account import ServerAccount
from aqad.runner.terminal import say

ELSEWHERE = Path("/var/lib")


def open_home(home: Path, account: ServerAccount | None) -> Path:
    """The folder for the database's files: `home`, or where the link `home` points to; made if need be."""
    if home.is_symlink() and not home.exists():
        home.unlink()
    if account is None:
        home.mkdir(parents=True, exist_ok=True)
        return home
    if not home.exists():
        account.own(home)
    home = home.resolve()
    return home if account.can_enter(home) else _move_out(home, account)


def _move_out(home: Path, account: ServerAccount) -> Path:
    elsewhere = Path(tempfile.mkdtemp(prefix="aqad-postgres-", dir=ELSEWHERE))
    shutil.copytree(home, elsewhere, symlinks=True, dirs_exist_ok=True)
    account.own(elsewhere)
    for path in elsewhere.rglob("*"):
        shutil.chown(path, account.uid, account.gid)
    shutil.rmtree(home)
    home.symlink_to(elsewhere)
    say(f"{home} is closed to {account.name}, who runs the database for root: its files lie in {elsewhere}")
    return elsewhere
