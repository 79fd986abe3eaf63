"""`<data>/demo-signins.json`: who can sign in to try AQAD. `make run` prints it, the story reads it."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

FILE = "demo-signins.json"
PASSWORD = "karak-tea-at-five"  # noqa: S105 - in the README; the demo is refused in production


class SignIn(TypedDict):
    role: str
    email: str
    password: str


def read_sign_ins(data: Path) -> list[SignIn]:
    path = data / FILE
    people: list[SignIn] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return people


def write_sign_ins(data: Path, people: Sequence[SignIn]) -> None:
    """Add people to the file, which its owner alone can read; a known e-mail gets the new password."""
    known = {person["email"]: person for person in [*read_sign_ins(data), *people]}
    data.mkdir(parents=True, exist_ok=True)
    unfinished = data / f"{FILE}.unfinished"
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(json.dumps(list(known.values()), indent=2) + "\n")
    unfinished.replace(data / FILE)
