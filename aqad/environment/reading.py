"""The environment for the settings: judged as a whole before the first variable of it is used."""

import os
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from aqad.environment.variables import VARIABLES, find_faults


class Environment(environ.Env):
    """Reads only what is judged: see VARIABLES."""

    def get_value(self, var: Any, *args: Any, **kwargs: Any) -> Any:
        if var not in VARIABLES:
            raise ImproperlyConfigured(f"Say in aqad/environment/variables.py what {var} may be.")
        return super().get_value(var, *args, **kwargs)


def read_environment() -> Environment:
    """The variables, of which an empty one counts as not set, but for AQAD_GATEWAY, where it means no cards.

    Raises ImproperlyConfigured with all that is wrong with them.
    """
    if faults := find_faults(os.environ):
        raise ImproperlyConfigured(f"AQAD refuses to start: {'; '.join(faults)}.")
    env = Environment()
    env.ENVIRON = {name: value for name, value in os.environ.items() if value or name == "AQAD_GATEWAY"}
    return env
