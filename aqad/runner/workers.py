"""The workers of `make run`: AQAD is loaded once, then each worker is a fork that shares what is loaded.

All take what is urgent first, and one takes nothing else: mails to a slow server hold up mails, a sheet of
50,000 rows other sheets, and neither a payment. Each is one process (Celery's pool "solo"): with a pool of
processes each, as production has them, the three would take 100 MiB more. So time limits are kept here.
"""

import gc
import os
import signal
import sys
import time
from dataclasses import dataclass
from importlib import import_module

from aqad.celery_conf import BACKGROUND, MESSAGES, URGENT
from aqad.lib.parent_death import follow_parent
from aqad.runner.program import stand_back_as_session
from aqad.runner.terminal import plain

STANDS_BACK = 10  # niceness: whoever waits for an answer comes first, mails come second
AGAIN_AFTER = 1.0  # seconds before a worker that died is started again
# What a worker loads when it starts or with its first task; loaded before the fork it is shared.
USED_BY_ALL = (
    "celery.apps.worker",
    "celery.bin.worker",
    "celery.concurrency.solo",
    "celery.worker.consumer",
    "django.core.mail.backends.smtp",
    "django.template.loader",
    "kombu.transport.redis",
    "requests",
)


@dataclass(frozen=True)
class Worker:
    """`queues` in the order in which they are served."""

    name: str
    queues: tuple[str, ...]
    niceness: int = 0


WORKERS = (
    Worker("urgent", (URGENT,)),
    Worker("messages", (URGENT, MESSAGES), STANDS_BACK),
    Worker("background", (URGENT, BACKGROUND), STANDS_BACK),
)


class Workers:
    """Keeps all workers running until asked to stop."""

    def __init__(self) -> None:
        self._running: dict[int, Worker] = {}
        self._stopping = False

    def run(self) -> None:
        _load()
        signal.signal(signal.SIGTERM, self._stop)
        for worker in WORKERS:
            self._start(worker)
        while self._running:
            pid, _status = os.wait()
            ended = self._running.pop(pid, None)
            if ended and not self._stopping:
                plain(f"the worker “{ended.name}” ended, starting it again")
                time.sleep(AGAIN_AFTER)
                self._start(ended)

    def _start(self, worker: Worker) -> None:
        if self._stopping:
            return
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])  # until it is known whom to tell
        parent = os.getpid()
        if not (pid := os.fork()):
            _become(worker, parent)
        self._running[pid] = worker
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])

    def _stop(self, *_: object) -> None:
        self._stopping = True
        for pid in self._running:
            os.kill(pid, signal.SIGTERM)


class TimeLimits:
    """As in Celery's pool of processes: a task is told after `soft` seconds and killed after `hard`."""

    def __init__(self, soft: float, hard: float) -> None:
        self._soft, self._hard = soft, hard
        self._told = False

    def keep(self) -> None:
        """In this process, from now on; its tasks run in the main thread."""
        from celery.signals import task_postrun, task_prerun  # noqa: PLC0415

        signal.signal(signal.SIGALRM, self._is_over)
        task_prerun.connect(self._begin, weak=False)
        task_postrun.connect(self._end, weak=False)

    def _begin(self, **_: object) -> None:
        self._told = False
        signal.setitimer(signal.ITIMER_REAL, self._soft, self._hard - self._soft)

    def _end(self, **_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _is_over(self, *_: object) -> None:
        from celery.exceptions import SoftTimeLimitExceeded  # noqa: PLC0415

        if self._told:
            os.kill(os.getpid(), signal.SIGKILL)  # its row becomes due again, and another worker starts
        self._told = True
        raise SoftTimeLimitExceeded


def _load() -> None:
    from aqad.celery import app  # noqa: PLC0415 - in here, so that the runner can read this file without Django

    app.loader.import_default_modules()
    app.finalize()
    for name in USED_BY_ALL:
        import_module(name)
    gc.collect()
    gc.freeze()


def _become(worker: Worker, parent: int) -> None:
    """Never returns. A session of its own, because Linux weighs processors by session (autogroup)."""
    from aqad.celery import app  # noqa: PLC0415

    os.setsid()
    follow_parent(parent, signal.SIGKILL)
    os.nice(worker.niceness)
    stand_back_as_session(worker.niceness)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    TimeLimits(app.conf.task_soft_time_limit, app.conf.task_time_limit).keep()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGTERM])
    command = ["--quiet", "worker", "--loglevel", "INFO", "--hostname", f"{worker.name}@%h"]
    command += ["--queues", ",".join(worker.queues), "--pool", "solo", "--prefetch-multiplier", "1"]
    app.worker_main([*command, "--without-gossip", "--without-mingle"])
    sys.exit(0)


if __name__ == "__main__":
    Workers().run()
