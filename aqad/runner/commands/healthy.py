"""Whether the web process on this machine answers, for a container's health check."""

from aqad.runner import ports
from aqad.runner.environment import Configuration


def is_healthy(configuration: Configuration) -> bool:
    return ports.answers(configuration.port, "/healthz", host=configuration.host)
