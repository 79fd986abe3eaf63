"""What AQAD needs before it serves: the tables as they are now, the static files, the starting data."""

import os
import sys
import traceback
from typing import Any

import django
from django.core.management import call_command
from django.db import connections

from aqad.runner.errors import NOT_PREPARED

COMMANDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("migrate", {"interactive": False, "verbosity": 0}),
    ("collectstatic", {"interactive": False, "verbosity": 0}),
    ("bootstrap", {}),
)


def main() -> None:
    """Run the commands, safe to repeat; the first that fails ends the process. Leaves no connection open."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aqad.settings")
    django.setup()
    for name, options in COMMANDS:
        print(f"manage.py {name}", flush=True)
        try:
            call_command(name, **options)
        except Exception:  # noqa: BLE001 - whatever it is, it is told and the start ends
            traceback.print_exc()
            sys.exit(NOT_PREPARED)
    connections.close_all()
