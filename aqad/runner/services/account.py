"""As whom the database server runs: PostgreSQL refuses to run as root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from aqad.runner.errors import RunnerError

CANDIDATES = ("postgres", "nobody")


class PopenIdentity(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class ServerAccount:
    name: str
    uid: int
    gid: int

    @classmethod
    def choose(cls, owner_of: Path) -> "ServerAccount | None":
        """The account for the server, or None where we are an ordinary user and stay ourselves.

        Files that an earlier start left in `owner_of` keep their owner.
        """
        if os.geteuid() != 0:
            return None
        if owner_of.exists() and (uid := owner_of.stat().st_uid) != 0:
            return cls(name=f"user {uid}", uid=uid, gid=owner_of.stat().st_gid)
        for name in CANDIDATES:
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(name=name, uid=entry.pw_uid, gid=entry.pw_gid)
        raise RunnerError(
            "PostgreSQL does not run as root, and here is no user 'postgres' or 'nobody' to run it as.\n"
            "Start as an ordinary user, or name a database of your own in DATABASE_URL."
        )

    def as_popen_arguments(self) -> PopenIdentity:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_enter(self, folder: Path) -> bool:
        """Whether every folder on the way is open to this account."""
        return self._succeeds(["/bin/sh", "-c", 'cd -- "$1"', "sh", str(folder)])

    def can_run(self, binary: Path) -> bool:
        return self._succeeds([str(binary), "--version"])

    def own(self, folder: Path) -> None:
        """Make `folder` if need be, and give it to this account alone."""
        folder.mkdir(parents=True, exist_ok=True)
        os.chown(folder, self.uid, self.gid)
        folder.chmod(0o700)

    def _succeeds(self, command: list[str]) -> bool:
        try:
            done = subprocess.run(
                command, cwd="/", capture_output=True, check=False, **self.as_popen_arguments()
            )
        except OSError:
            return False
        return done.returncode == 0
