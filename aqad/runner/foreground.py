"""A command that has the terminal to itself, such as pytest."""

import functools
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from types import FrameType

from aqad.lib.parent_death import follow_parent
from aqad.runner.program import PROJECT


def run_in_foreground(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run it to its end and return its exit code, as a shell would.

    Ctrl-C reaches it from the terminal, so we only wait; SIGTERM and SIGHUP come to us alone: passed on.
    """
    followed = functools.partial(follow_parent, os.getpid(), signal.SIGKILL)
    process = subprocess.Popen(
        list(command),
        env=dict(environment),
        cwd=PROJECT,
        preexec_fn=followed,  # noqa: PLW1509 - safe, the runner has no threads
    )

    def pass_on(number: int, _frame: FrameType | None) -> None:
        process.send_signal(number)

    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None),
        signal.SIGTERM: signal.signal(signal.SIGTERM, pass_on),
        signal.SIGHUP: signal.signal(signal.SIGHUP, pass_on),
    }
    try:
        code = process.wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return code if code >= 0 else 128 - code
