"""How the story reads on a terminal: acts, people, requests, answers, and what happened behind."""

import json
import os
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

BOLD, DIM, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN = "1", "2", "31", "32", "33", "34", "35", "36"
WIDTH = 100
BODY_LINES = 4
SECRETS = {"password", "refresh", "access"}


def act(number: int, title: str) -> None:
    _print(f"\n{_paint(f'── Act {number} · {title} '.ljust(WIDTH, '─'), BOLD)}")


def scene(text: str) -> None:
    _print(f"\n  {_paint(text, BOLD)}")


def request(who: str, method: str, path: str, sent: Sequence[str] = ()) -> None:
    """`sent` is what goes along: the body, then each file."""
    _print(f"  {_paint(who.rjust(10), MAGENTA)}  {_paint(method, BLUE)} {_cut(path, WIDTH - 18)}")
    for part in sent:
        for line in textwrap.wrap(part, WIDTH - 14, max_lines=BODY_LINES, placeholder=" …"):
            _print(f"{'':14}{_paint(line, DIM)}")


def answer(status: int, facts: Iterable[tuple[str, Any]]) -> None:
    colour = GREEN if status < 400 else YELLOW
    start, used = f"{'':12}{_paint(f'← {status}', colour)}", 0
    for name, value in facts:
        text = _short(name, value)
        length = len(f" · {name} {text}")
        if used and used + length > WIDTH - 18:
            _print(start)
            start, used = f"{'':17}", 0
        start += f"{_paint(' · ' if used else '  ', DIM)}{_paint(name, DIM)} {text}"
        used += length
    _print(start)


def right(text: str) -> None:
    _print(f"{'':12}{_paint('✓', GREEN)} {text}")


def behind(kind: str, text: str) -> None:
    _print(f"  {_paint(kind.rjust(10), CYAN)}  {text}")


def wait(text: str) -> None:
    _print(f"{'':12}{_paint(text, DIM)}")


def end(text: str) -> None:
    _print(f"\n{_paint(text, BOLD)}\n")


def failure(text: str) -> None:
    _print(f"\n{_paint(text, RED)}\n")


def body(values: Mapping[str, Any] | None) -> list[str]:
    """A request's body without its secrets: one part, or none."""
    if not values:
        return []
    shown = {name: "…" if name in SECRETS else value for name, value in values.items()}
    return [json.dumps(shown, ensure_ascii=False, default=str)]


def file(field: str, name: str, content: bytes) -> str:
    return f"{field}: {name} ({len(content) / 1024:.1f} KB)"


def _short(name: str, value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return _cut(text, 12 if name in SECRETS else WIDTH - 24)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _paint(text: str, colour: str) -> str:
    plain = not sys.stdout.isatty() and not os.environ.get("FORCE_COLOR")
    return text if plain or os.environ.get("NO_COLOR") else f"\033[{colour}m{text}\033[0m"


def _print(text: str) -> None:
    print(text, flush=True)
