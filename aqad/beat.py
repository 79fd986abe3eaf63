"""Beat: `python -m aqad.beat --schedule FILE`. It sends names of tasks and needs nothing of Django.

Started without Celery's command line, which would load what it needs to talk to people: 20 MiB.
"""

import argparse
import logging.config
from typing import Any

from celery import Celery
from celery.signals import setup_logging

from aqad.celery_conf import COMMON, SCHEDULE, env
from aqad.lib import logs

app = Celery("aqad", fixups=[])  # the usual fix-up would load all of AQAD
app.conf.update(**COMMON, beat_schedule=SCHEDULE)


@setup_logging.connect(weak=False)
def _log_as_everybody(**_: Any) -> None:
    production = env.str("AQAD_ENV", default="development") == "production"
    json = production or env.bool("AQAD_LOG_JSON", default=False)
    logging.config.dictConfig(logs.dictionary(json=json))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m aqad.beat")
    parser.add_argument("--schedule", required=True, help="the file that keeps when each task was sent last")
    asked = parser.parse_args()
    app.Beat(schedule=asked.schedule, loglevel="INFO", quiet=True).run()


if __name__ == "__main__":
    main()
