"""The programs of AQAD that `run` keeps alive."""

import signal
import sys
from collections.abc import Mapping
from typing import Any

from aqad.runner.environment import Configuration, without_our_variables
from aqad.runner.errors import NOT_PREPARED
from aqad.runner.program import Program

Environment = Mapping[str, str]
# glibc keeps what a password's hash took (19 MiB) in each thread unless told to give it back.
FRUGAL = {
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": "131072",
    "MALLOC_TRIM_THRESHOLD_": "131072",
}
ROOT_IS_MEANT = "ignore:You're running the worker with superuser privileges"


def web(configuration: Configuration, environment: Environment) -> Program:
    return _module(
        "web",
        ["gunicorn", "--config", "python:aqad.runner.gunicorn_conf", "aqad.runner.prepared"],
        {**environment, **FRUGAL, **_metrics(configuration)},
        useless_again_after=NOT_PREPARED,
    )


def worker(configuration: Configuration, environment: Environment) -> Program:
    told = {**FRUGAL, **_metrics(configuration), "PYTHONWARNINGS": ROOT_IS_MEANT}
    told["CELERY_SKIP_CHECKS"] = "1"  # the web process made them; they would load all pages
    return _module("worker", ["aqad.runner.workers"], {**environment, **told})


def beat(configuration: Configuration, environment: Environment) -> Program:
    schedule = configuration.data / "run" / "celery-beat"
    return _module("beat", ["aqad.beat", "--schedule", str(schedule)], {**environment, **FRUGAL})


def gateway(configuration: Configuration, environment: Environment) -> Program:
    """The sandbox gateway: a stranger that knows of AQAD only what a payment company would be told."""
    folder = configuration.data / "sandbox"
    folder.mkdir(exist_ok=True)
    told = {name: value for name, value in environment.items() if name.startswith("AQAD_SANDBOX_")}
    told |= {
        "AQAD_GATEWAY_PORT": str(configuration.gateway_port),
        "AQAD_SANDBOX_DATA": str(folder),
        "AQAD_SANDBOX_WEBHOOK_URL": f"{configuration.url}/api/payments/webhooks/sandbox",
        "PYTHONUNBUFFERED": "1",
    }
    return _module("gateway", ["payments.gateways.sandbox"], {**without_our_variables(), **told})


def prepare_metrics(configuration: Configuration) -> None:
    """Empty the folder in which the processes share their counters."""
    folder = configuration.data / "run" / "metrics"
    folder.mkdir(exist_ok=True)
    for left in folder.glob("*.db"):
        left.unlink()


def _metrics(configuration: Configuration) -> dict[str, str]:
    return {"PROMETHEUS_MULTIPROC_DIR": str(configuration.data / "run" / "metrics")}


def _module(name: str, arguments: list[str], environment: Environment, **details: Any) -> Program:
    return Program(
        name=name,
        command=[sys.executable, "-m", *arguments],
        environment=environment,
        stop_signal=signal.SIGTERM,
        **details,
    )
