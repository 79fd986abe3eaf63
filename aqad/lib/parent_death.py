"""A child dies with its parent, even when the parent is killed outright."""

import ctypes
import os
import sys
from signal import Signals

PR_SET_PDEATHSIG = 1
_libc = (
    ctypes.CDLL(None) if sys.platform == "linux" else None
)  # loaded before any fork, so that a fork only calls it


def follow_parent(parent: int, death_signal: Signals) -> None:
    """Ask the kernel for `death_signal` when the process `parent` ends. To be called in the child.

    Only Linux knows this; elsewhere an orphan stays and the next start waits for it or stops it.
    """
    if _libc is None:
        return
    _libc.prctl(PR_SET_PDEATHSIG, int(death_signal))
    if os.getppid() != parent:  # it ended before we asked
        os.kill(os.getpid(), death_signal)
