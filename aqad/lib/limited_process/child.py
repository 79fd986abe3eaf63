"""The child's side: limits itself, then does one job on standard input.

Started by `running.run_limited`, by its path and never by import, so it imports only what every job needs:
a start takes some 40 ms. The answer on standard output is the length of a JSON header in four bytes, the
header, and the parts of the result one after the other.
"""

import importlib
import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

PROJECT = Path(__file__).resolve().parents[3]
NICENESS = 5  # pages go first, and yet a form that waits gets on
OUT_OF_MEMORY = 70  # exit code of a child that could not even say so


def main(parent: int, limits: dict[str, int], job: str, options: dict[str, Any]) -> None:
    """Answer with the job's facts and parts, or with the name of the error it ended with."""
    answer = _take_standard_output()
    _limit_this_process(parent, **limits)
    try:
        module, _, function = job.partition(":")
        facts, parts = getattr(importlib.import_module(module), function)(sys.stdin.buffer, **options)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except Exception as error:  # noqa: BLE001 - a parser of hostile bytes raises nearly anything
        facts, parts = {}, []
        _write(answer, {"error": f"{type(error).__name__}: {error}"[:500]}, parts)
    else:
        _write(answer, {"facts": facts, "sizes": [len(part) for part in parts]}, parts)
    os._exit(0)  # nothing is left to be tidied up, and a hostile file may have made tidying up slow


def _take_standard_output() -> IO[bytes]:
    """The pipe to the parent; whatever a library prints goes where errors go."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answer


def _limit_this_process(parent: int, memory: int, processor: int, wall: int) -> None:
    """Bytes of address space, seconds of processor time, seconds by the clock. No files, no core dump."""
    signal.alarm(wall)  # also where nobody is left to stop us
    os.nice(NICENESS)
    if hasattr(os, "sched_setaffinity"):  # a web process may be kept to one core
        os.sched_setaffinity(0, range(os.cpu_count() or 1))
    for kind, soft, hard in (
        (resource.RLIMIT_CPU, processor, processor + 1),
        (resource.RLIMIT_AS, memory, memory),
        (resource.RLIMIT_FSIZE, 0, 0),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        with suppress(ValueError, OSError):  # not every system knows all of them
            resource.setrlimit(kind, (soft, hard))
    sys.path.insert(0, str(PROJECT))
    follow: Callable[[int, signal.Signals], None] = importlib.import_module(
        "aqad.lib.parent_death"
    ).follow_parent
    follow(parent, signal.SIGKILL)


def _write(answer: IO[bytes], header: dict[str, Any], parts: list[bytes]) -> None:
    encoded = json.dumps(header).encode()
    answer.write(struct.pack("!L", len(encoded)) + encoded)
    for part in parts:
        answer.write(part)
    answer.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3], json.loads(sys.argv[4]))
