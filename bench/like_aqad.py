"""gunicorn's settings for references and Oscar: the cores that AQAD's own processes would get."""

from typing import Any

from aqad.runner import cores


def pre_fork(server: Any, worker: Any) -> None:
    cores.give_core(server, worker)


def post_fork(_server: Any, worker: Any) -> None:
    cores.keep_to_core(worker)
