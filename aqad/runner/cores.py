"""Which processor core a web process keeps to, where there are no more cores than web processes.

A process of Python computes on one core at a time, but its threads wake on any. On two cores the scheduler
moved them about between the two: caches were cold, and a worker in the background took four times what its
niceness leaves it. Where cores are plenty nobody is kept to any, so that hashing and pictures have room.
"""

import os
from typing import Any


def give_core(server: Any, worker: Any) -> None:
    """Before gunicorn forks `worker`: the core that the fewest of the living keep to, or None."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    taken = [other.core for other in server.WORKERS.values()]
    worker.core = min(cores, key=taken.count) if 1 < len(cores) <= server.num_workers else None


def keep_to_core(worker: Any) -> None:
    """In the new process, before it starts threads."""
    if worker.core is not None:
        os.sched_setaffinity(0, {worker.core})
