"""What can be taken away from AQAD, and what must be true after each fault."""

from collections.abc import Iterator
from typing import Any

import pytest
from celery import Celery, current_app
from django.core.management import call_command

from aqad.lib import redis_access, wakeup
from payments.tests.conftest import gateway, sandbox, sandbox_process

__all__ = ["gateway", "sandbox", "sandbox_process"]

NOBODY_LISTENS = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def _agrees_in_the_end(db: None) -> Iterator[None]:
    yield
    call_command("reconcile", "--fail")


@pytest.fixture
def no_redis(settings: Any) -> Iterator[None]:
    """Cache and limits gone; the broker is another matter."""
    settings.REDIS_URL = NOBODY_LISTENS
    settings.CACHES = {name: {**cache, "LOCATION": NOBODY_LISTENS} for name, cache in settings.CACHES.items()}
    yield
    redis_access.forget_connections()


@pytest.fixture
def no_broker(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wake-ups go to a broker that is not there; nothing is faked but its address."""
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    dead = Celery("dead", broker=NOBODY_LISTENS, set_as_current=False)
    ours = {name: current_app.conf[name] for name in ("task_publish_retry", "broker_transport_options")}
    dead.conf.update(ours)
    monkeypatch.setattr(wakeup, "current_app", dead)
