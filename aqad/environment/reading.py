"""The environment for the settings: judged as a whole before the first variable of it is used."""

import os

import environ
from django.core.exceptions import ImproperlyConfigured

from aqad.environment.variables import find_faults


def read_environment() -> environ.Env:
    """The variables, of which an empty one counts as not set, but for AQAD_GATEWAY, where it means no cards.

    Raises ImproperlyConfigured with all that is wrong with them.
    """
    if faults := find_faults(os.environ):
        raise ImproperlyConfigured(f"AQAD refuses to start: {'; '.join(faults)}.")
    env = environ.Env()
    env.ENVIRON = {name: value for name, value in os.environ.items() if value or name == "AQAD_GATEWAY"}
    return env
