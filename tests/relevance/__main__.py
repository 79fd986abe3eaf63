"""Print how well searches find what is meant, on servers of its own."""

import sys

from aqad.runner.commands.test import run_tests

if __name__ == "__main__":
    sys.exit(run_tests(["-q", "-n0", "-rP", "-k", "judged_queries", "tests/relevance"]))
