"""Servers for a test run: fresh, fast, and gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from aqad.runner.environment import Configuration, without_our_variables
from aqad.runner.folders import make_data_folder, throwaway_folder
from aqad.runner.services import embedded
from aqad.runner.supervisor import Supervisor


@contextmanager
def throwaway_services() -> Iterator[dict[str, str]]:
    """Yield a whole environment for a command: throwaway servers and nothing of the person's own settings."""
    environment = without_our_variables()
    with throwaway_folder() as folder, Supervisor(quiet=True) as supervisor:
        configuration = replace(Configuration.read(environment), data=folder / "data", demo=False)
        make_data_folder(configuration.data)
        sockets = folder / "sockets"
        sockets.mkdir(mode=0o711)
        urls = embedded.start(supervisor, configuration, sockets, throwaway=True)
        yield {**environment, **configuration.variables(), **urls}
