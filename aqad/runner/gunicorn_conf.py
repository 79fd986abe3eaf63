"""gunicorn's settings, for `make run` and for the production image."""

import gc
import os
import signal
import sys

from gunicorn.arbiter import Arbiter
from gunicorn.workers.base import Worker
from prometheus_client import multiprocess

from aqad.environment.variables import find_faults
from aqad.lib.parent_death import follow_parent
from aqad.runner import cores

if faults := find_faults(os.environ):
    sys.exit(f"AQAD refuses to start: {'; '.join(faults)}.")

bind = os.environ.get("AQAD_BIND") or f"127.0.0.1:{os.environ.get('AQAD_PORT') or 8000}"
EXPRESS = "aqad.runner.express.worker.ExpressWorker"
worker_class = "gthread" if os.environ.get("AQAD_WEB_WORKER") == "gthread" else EXPRESS
workers = int(os.environ.get("AQAD_WEB_PROCESSES") or 2)
threads = 4
preload_app = True
control_socket_disable = True
timeout = 60
graceful_timeout = 10
keepalive = 5
raw_env = ["AQAD_DB_KEEP=1"]  # these threads live long enough to reuse connections
accesslog = None  # AQAD writes its own line for each request, with the request id
forwarded_allow_ips = ""  # AQAD itself knows which proxies to believe (AQAD_TRUSTED_PROXIES)

if metrics_folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
    os.makedirs(metrics_folder, exist_ok=True)  # before the application is loaded


def pre_fork(server: Arbiter, worker: Worker) -> None:
    """What is loaded so far stays shared: the collector of a worker would touch, and so copy, all of it."""
    gc.collect()
    gc.freeze()
    cores.give_core(server, worker)


def post_fork(server: Arbiter, worker: Worker) -> None:
    """A worker whose master was killed ends with it instead of holding the port."""
    follow_parent(server.pid, signal.SIGKILL)
    cores.keep_to_core(worker)


def post_worker_init(_worker: Worker) -> None:
    """The application is loaded: say from now on that this process lives."""
    from operations import pulse  # noqa: PLC0415 - needs Django, which this file is read before

    pulse.start("web")


def worker_exit(_server: Arbiter, _worker: Worker) -> None:
    """An ended worker is not missed."""
    from operations import pulse  # noqa: PLC0415

    pulse.stop()


def child_exit(_server: Arbiter, worker: Worker) -> None:
    """Take the gauges of an ended worker out of /metrics."""
    if metrics_folder:
        multiprocess.mark_process_dead(worker.pid, metrics_folder)
