"""`make run`: the servers, then AQAD, until Ctrl-C."""

import os
import time

from aqad.runner import keys, ports, programs
from aqad.runner.commands.healthy import is_healthy
from aqad.runner.environment import Configuration
from aqad.runner.errors import StopRequested
from aqad.runner.folders import make_data_folder, only_runner, socket_folder, sockets_in
from aqad.runner.services import embedded
from aqad.runner.summary import summary
from aqad.runner.supervisor import Supervisor
from aqad.runner.terminal import plain, say

ANSWERS_WITHIN = 300.0  # seconds, on a slow machine that fills an empty database first


def run() -> int:
    """Start everything, keep it running, stop it in order when asked to."""
    started = time.monotonic()
    configuration = Configuration.read()
    make_data_folder(configuration.data)
    with only_runner(configuration.data, configuration.url):
        ports.require_free(configuration.port, "AQAD_PORT")
        if configuration.runs_sandbox:
            ports.require_free(configuration.gateway_port, "AQAD_GATEWAY_PORT")
        with sockets_in(socket_folder(configuration.data)) as sockets, Supervisor() as supervisor:
            try:
                urls = embedded.start(supervisor, configuration, sockets)
                _start_aqad(supervisor, configuration, _environment(configuration, urls))
                plain(summary(configuration, time.monotonic() - started))
                supervisor.watch()
            except StopRequested:
                pass
            say("Stopping. Once more Ctrl-C hurries.")
        say(f"Stopped. Everything is kept in {configuration.data}")
    return 0


def _environment(configuration: Configuration, urls: dict[str, str]) -> dict[str, str]:
    made = {} if configuration.production else keys.load_or_make(configuration.data)
    return {**os.environ, **configuration.variables(), **made, **urls}


def _start_aqad(supervisor: Supervisor, configuration: Configuration, environment: dict[str, str]) -> None:
    if configuration.runs_sandbox:  # it needs nothing of AQAD, so it comes up meanwhile
        supervisor.start(programs.gateway(configuration, environment))
    programs.prepare_metrics(configuration)
    web = programs.web(configuration, environment)
    supervisor.start(web)
    supervisor.wait_until(lambda: is_healthy(configuration), web, within=ANSWERS_WITHIN, every=0.05)
    supervisor.start(programs.worker(configuration, environment))
    supervisor.start(programs.beat(configuration, environment))
    supervisor.stop_first(web)  # so that nothing is accepted that nobody works off
