"""Each parallel test process counts, caches and queues in Redis databases of its own."""

import os
import re

from django.conf import settings

from aqad.celery import app
from aqad.lib import redis_access

_NUMBER = re.compile(r"(?<=[?&]db=)\d+|(?<=[?&]virtual_host=)\d+|(?<=/)\d+$")


def keep_apart() -> None:
    """Move this process on by two databases per number; called before anything connects."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))

    def moved(url: str) -> str:
        return _NUMBER.sub(lambda found: str(int(found[0]) + 2 * worker), url)

    redis_access.PATIENCE = 5.0  # a busy test machine is not a Redis that is down
    settings.REDIS_URL = moved(settings.REDIS_URL)
    for cache in settings.CACHES.values():
        cache["LOCATION"] = settings.REDIS_URL
    settings.CELERY_BROKER_URL = app.conf.broker_url = moved(settings.CELERY_BROKER_URL)
