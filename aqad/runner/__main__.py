"""The commands of the runner: `python -m aqad.runner run|test|check|manage|healthy`."""

import sys

from aqad.runner.commands.check import check
from aqad.runner.commands.healthy import is_healthy
from aqad.runner.commands.manage import run_manage
from aqad.runner.commands.run import run
from aqad.runner.commands.test import run_tests
from aqad.runner.environment import Configuration
from aqad.runner.errors import RunnerError, StopRequested
from aqad.runner.terminal import plain

USAGE = """usage: python -m aqad.runner <command>
  run                  start AQAD with everything it needs, until Ctrl-C
  test [pytest's …]    run the test suite on throwaway servers
  check                run linters, types, import rules, migration and deployment checks
  healthy              exit code 0 when AQAD answers on this machine
  manage <command …>   run a manage.py command on the data of `run`"""


def main(arguments: list[str]) -> int:
    """Run one command and return the exit code."""
    match arguments:
        case ["run"]:
            return run()
        case ["test", *rest]:
            return run_tests(rest)
        case ["check"]:
            return check()
        case ["healthy"]:
            return 0 if is_healthy(Configuration.read()) else 1
        case ["manage", _, *_]:
            return run_manage(arguments[1:])
        case _:
            plain(USAGE)
            return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except RunnerError as error:
        plain(f"\n{error}")
        sys.exit(1)
    except (StopRequested, KeyboardInterrupt):
        sys.exit(130)
