"""`make test`: the suite on servers of its own."""

import sys

from aqad.runner.commands.throwaway import throwaway_services
from aqad.runner.foreground import run_in_foreground

PARALLEL = ["-n", "2"]  # conftest.py says which tests one of them runs alone


def run_tests(arguments: list[str]) -> int:
    """Run pytest and return its exit code. Nothing is printed after its closing line.

    REDIS_URL names database 1 and CELERY_BROKER_URL database 0; conftest.py moves a pytest worker `gw<n>`
    on by 2n.
    """
    with throwaway_services() as environment:
        return run_in_foreground([sys.executable, "-m", "pytest", *PARALLEL, *arguments], environment)
