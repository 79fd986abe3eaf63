"""Secrets of a development installation: made once, kept in the data folder, readable by its owner alone."""

import json
import os
import secrets
from pathlib import Path

FILE = "keys.json"
NAMES = (
    "SECRET_KEY",
    "AQAD_JWT_SIGNING_KEY",
    "AQAD_METRICS_TOKEN",
    "AQAD_SANDBOX_API_KEY",
    "AQAD_SANDBOX_WEBHOOK_SECRET",
)


def load_or_make(data: Path) -> dict[str, str]:
    """The installation's keys; what the environment names comes first and is not stored."""
    path = data / FILE
    stored: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    missing = {name: secrets.token_urlsafe(48) for name in NAMES if name not in stored}
    if missing:
        stored |= missing
        _write(path, json.dumps(stored, indent=2) + "\n")
    return {name: os.environ.get(name) or stored[name] for name in NAMES}


def _write(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    unfinished.replace(path)
