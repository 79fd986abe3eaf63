"""What the tests have done in a limited child. Imports nothing of AQAD."""

import os
import sys
import time
from pathlib import Path
from typing import IO, Any

Answer = tuple[dict[str, Any], list[bytes]]


def describe_process(file: IO[bytes], **options: Any) -> Answer:
    print("a library that talks")  # noqa: T201 - must not get into the answer
    content = file.read()
    file.seek(0)
    facts = {
        "environment": sorted(os.environ),
        "options": options,
        "niceness": os.nice(0),
        "again": file.read() == content,
        "django": "django" in sys.modules,
    }
    return facts, [content, content[::-1], b""]


def use_memory(_file: IO[bytes], mib: int) -> Answer:
    kept = bytearray(mib * 1024 * 1024)
    return {"bytes": len(kept)}, []


def use_processor(_file: IO[bytes]) -> Answer:
    while True:
        pass


def wait(_file: IO[bytes]) -> Answer:
    time.sleep(60)
    return {}, []


def close_and_stay(_file: IO[bytes]) -> Answer:
    """The pipe ends, the process does not."""
    os.closerange(3, 64)
    time.sleep(60)
    return {}, []


def write_much(_file: IO[bytes], mib: int) -> Answer:
    return {}, [bytes(mib * 1024 * 1024)]


def write_file(_file: IO[bytes], path: str) -> Answer:
    Path(path).write_bytes(b"anything")
    return {}, []


def fail(_file: IO[bytes], words: str) -> Answer:
    raise ValueError(words)


def crash(_file: IO[bytes]) -> Answer:
    os.abort()


def say_who(_file: IO[bytes], path: str, seconds: float) -> Answer:
    """Write our process id where a test reads it, through a pipe, as files cannot be written."""
    fifo = os.open(path, os.O_WRONLY)
    os.write(fifo, f"{os.getpid()}\n".encode())
    os.close(fifo)
    time.sleep(seconds)
    return {}, []
