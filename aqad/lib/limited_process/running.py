"""Hostile bytes are parsed in a child that can exhaust nothing but itself.

    result = run_limited("aqad.lib.files.pdf_inspector:inspect_pdf", content, limits=LIMITS, lanes=[PAPERS])

The job is a function of any module of the project. It takes the file (binary, seekable) and the given
options, and returns facts (a dict that JSON can hold) and parts (a list of bytes). It is imported in the
child, which starts with an empty environment: no settings, no secrets, no Django unless it imports them.
"""

import json
import os
import select
import signal
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import structlog
from django.conf import settings

from aqad.lib.limited_process import child
from aqad.lib.limited_process.turns import Busy, Lane, take_turn

log = structlog.get_logger(__name__)

READ_BYTES = 1024 * 1024
STOPPING_SIGNALS: dict[int, str] = {
    signal.SIGXCPU: "processor time",
    signal.SIGKILL: "processor time or memory",
}
GRACE_SECONDS = 2  # by which the parent's patience is longer than the child's own alarm


class TooCostly(Exception):
    """The job was stopped by its limits: of memory, processor time or the result's size."""


class JobFailed(Exception):
    """The job raised, or its process crashed. The text is for logs."""


@dataclass(frozen=True)
class Limits:
    """`memory` in bytes of address space (a bare Python with Pillow takes some 60 MiB), times in seconds."""

    memory: int
    processor: int
    wall: int
    output: int  # bytes of the result


@dataclass(frozen=True)
class Result:
    facts: dict[str, Any]
    parts: list[bytes]


def run_limited(
    job: str, source: bytes | Path, *, limits: Limits, lanes: Sequence[Lane], **options: Any
) -> Result:
    """Run `module:function` on `source` in a child; it dies with this process.

    `source` is the content or the path of a file with it. A turn is taken in each of the lanes in their
    order, which must be the same everywhere; all of them together are waited for AQAD_CHECK_WAIT_SECONDS.
    `options` must fit into JSON. Raises TooCostly, JobFailed, Busy (503: no turn came up, or the clock ran
    out), OSError where the path cannot be read. Not within a transaction: it takes seconds.
    """
    deadline = time.monotonic() + settings.LIMITED_WAIT_SECONDS
    with ExitStack() as stack:
        turns = [stack.enter_context(take_turn(lane, within=deadline - time.monotonic())) for lane in lanes]
        file = stack.enter_context(_as_file(source) if isinstance(source, bytes) else source.open("rb"))
        return _read_answer(_run(_command(job, limits, options), file, limits, turns))


@contextmanager
def _as_file(content: bytes) -> Iterator[IO[bytes]]:
    """A file and not a pipe: the job may seek, and nobody has to write while somebody reads."""
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        yield file


def _command(job: str, limits: Limits, options: dict[str, Any]) -> list[str]:
    own = {name: value for name, value in asdict(limits).items() if name != "output"}
    return [sys.executable, "-I", child.__file__, str(os.getpid()), json.dumps(own), job, json.dumps(options)]


def _run(command: list[str], file: IO[bytes], limits: Limits, turns: Sequence[int]) -> bytes:
    """What the child writes. Popen without `preexec_fn` spawns by vfork, safe with threads around."""
    try:
        process = subprocess.Popen(
            command,
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={},
            pass_fds=turns,
        )
    except OSError as error:  # no memory or no process left for it
        log.error("a limited process could not be started", error=str(error))
        raise Busy from error
    with process:
        try:
            output = _collect(process, limits)
        except BaseException:
            process.kill()
            raise
    _judge_end(process.returncode)
    return output


def _collect(process: subprocess.Popen[bytes], limits: Limits) -> bytes:
    assert process.stdout is not None  # noqa: S101 - it was started with one
    deadline = time.monotonic() + limits.wall + GRACE_SECONDS
    output = bytearray()
    reader = select.poll()
    reader.register(process.stdout, select.POLLIN)
    while True:
        if not reader.poll(max(0.0, deadline - time.monotonic()) * 1000):
            raise _too_slow()
        received = process.stdout.read(READ_BYTES)
        if not received:
            break
        output += received
        if len(output) > limits.output:
            raise TooCostly("size of the result")
    try:
        process.wait(max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired as error:
        raise _too_slow() from error
    return bytes(output)


def _too_slow() -> Busy:
    """The clock ran out before the job's processor time did: this machine is at fault, not the file."""
    log.warning("a limited process had too little of the processor")
    return Busy()


def _judge_end(code: int) -> None:
    """By the exit code; who was stopped by the kernel, our own limits or its alarm was too costly."""
    if code == child.OUT_OF_MEMORY:
        raise TooCostly("memory")
    if -code == signal.SIGALRM:
        raise _too_slow()
    if why := STOPPING_SIGNALS.get(-code):
        raise TooCostly(why)
    if code != 0:
        raise JobFailed(f"ended with {code}")


def _read_answer(output: bytes) -> Result:
    try:
        (length,) = struct.unpack_from("!L", output)
        header = json.loads(output[4 : 4 + length])
    except (struct.error, ValueError) as error:
        raise JobFailed("an answer that cannot be read") from error
    if "error" in header:
        raise JobFailed(header["error"])
    parts, start = [], 4 + length
    for size in header["sizes"]:
        parts.append(output[start : start + size])
        start += size
    return Result(header["facts"], parts)
