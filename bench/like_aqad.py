"""gunicorn's settings for references and Oscar: as many processes, threads and cores as AQAD's own get."""

from typing import Any

from aqad.runner import cores

worker_class = "gthread"
workers = 2
threads = 4
preload_app = True
keepalive = 5
control_socket_disable = True
loglevel = "error"


def pre_fork(server: Any, worker: Any) -> None:
    cores.give_core(server, worker)


def post_fork(_server: Any, worker: Any) -> None:
    cores.keep_to_core(worker)
