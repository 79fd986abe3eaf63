"""`python -m aqad.runner manage …`: a manage.py command with the servers it needs."""

import os
import sys

from aqad.runner import keys
from aqad.runner.environment import Configuration
from aqad.runner.folders import is_running, make_data_folder, only_runner, socket_folder, sockets_in
from aqad.runner.foreground import run_in_foreground
from aqad.runner.services import embedded
from aqad.runner.supervisor import Supervisor


def run_manage(arguments: list[str]) -> int:
    """Run it on the servers of a running AQAD, or else on its data with servers for this once."""
    configuration = Configuration.read()
    make_data_folder(configuration.data)
    sockets = socket_folder(configuration.data)
    if is_running(configuration.data):
        return _run(configuration, embedded.addresses(configuration, sockets), arguments)
    with (
        only_runner(configuration.data, "a manage.py command"),
        sockets_in(sockets),
        Supervisor(quiet=True) as supervisor,
    ):
        return _run(configuration, embedded.start(supervisor, configuration, sockets), arguments)


def _run(configuration: Configuration, urls: dict[str, str], arguments: list[str]) -> int:
    secret = {} if configuration.production else keys.load_or_make(configuration.data)
    environment = {**os.environ, **configuration.variables(), **secret, **urls}
    return run_in_foreground([sys.executable, "manage.py", *arguments], environment)
