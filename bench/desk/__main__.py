"""`python -m bench.desk`: what the admin site's lists, cards and sealing cost on tables of a million rows.

On servers of its own, which are gone afterwards. Speed is told, never judged.
"""

import subprocess
import sys

from aqad.runner.commands.throwaway import throwaway_services

if __name__ == "__main__":
    with throwaway_services() as told:
        command = [sys.executable, "-m", "bench.desk.measure", *sys.argv[1:]]
        sys.exit(subprocess.run(command, env=told, check=False).returncode)
