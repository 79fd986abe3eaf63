"""Lines on the terminal: who speaks stands in front, in a colour where there is a terminal."""

import os
import sys

RUNNER = "aqad"
WIDTH = 8
COLOURS = {
    RUNNER: 36,
    "web": 32,
    "worker": 35,
    "beat": 34,
    "gateway": 33,
    "postgres": 94,
    "valkey": 91,
}
PLAIN = 37
BOLD = 1


def say(text: str, *, speaker: str = RUNNER) -> None:
    """Print each line of `text` behind its speaker's name."""
    prefix = _painted(f"{speaker:<{WIDTH}} |", COLOURS.get(speaker, PLAIN))
    _write("".join(f"{prefix} {line}\n" for line in text.splitlines() or [""]))


def heading(text: str) -> None:
    _write(f"\n{_painted(f'── {text} '.ljust(78, '─'), BOLD)}\n")


def plain(text: str) -> None:
    _write(f"{text}\n")


def bold(text: str) -> str:
    return _painted(text, BOLD)


def _painted(text: str, colour: int) -> str:
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return text
    return f"\033[{colour}m{text}\033[0m"


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except (BrokenPipeError, OSError):
        # Nobody reads any more (`make run | head`, a closed window). Only a signal asks to stop.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - kept open
