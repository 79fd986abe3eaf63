"""What AQAD needs before it starts: a child process of `run`.

One process for all commands, because every start of Django costs a second.
"""

import os
from typing import Any

import django
from django.core.management import call_command

COMMANDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("migrate", {"interactive": False, "verbosity": 0}),
    ("collectstatic", {"interactive": False, "verbosity": 0}),
    ("bootstrap", {}),
)


def main() -> None:
    """Run the commands; the first that fails ends the start."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aqad.settings")
    django.setup()
    for name, options in COMMANDS:
        print(f"manage.py {name}", flush=True)
        call_command(name, **options)


if __name__ == "__main__":
    main()
