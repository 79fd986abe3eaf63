"""Beat's application: `celery -A aqad.beat beat`. It sends names of tasks and needs nothing of Django."""

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
