"""The Celery application of the workers: `celery -A aqad worker`."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_before_create_process

from aqad.celery_conf import COMMON, SCHEDULE
from aqad.lib.web import task_context

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aqad.settings")

app = Celery("aqad")
app.conf.update(
    **COMMON,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    task_time_limit=120,
    task_soft_time_limit=90,
    beat_schedule=SCHEDULE,
)
app.autodiscover_tasks()
task_context.connect()


@worker_before_create_process.connect(weak=False)
def _share_memory(**_: Any) -> None:
    """As for the web processes: what the collector never touches stays shared with the children."""
    gc.collect()
    gc.freeze()
