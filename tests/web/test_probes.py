"""Probes and metrics: what they say when a part is missing, and to whom."""

from collections.abc import Callable, Iterator
from threading import Event
from typing import Any
from unittest.mock import patch

import pytest
from celery import Celery
from django.core.cache import cache
from django.db import OperationalError
from django.test import Client
from kombu.exceptions import OperationalError as BrokerDown

from aqad.lib import redis_access
from operations import health
from operations.tasks import heartbeat
from tests.web.conftest import DEAD_REDIS


def _fail() -> None:
    raise ConnectionError("host=10.1.2.3 secret")


@pytest.fixture
def all_well() -> Iterator[dict[str, Callable[[], None]]]:
    """Every part answers; a test takes one away."""
    with patch.dict(health.PARTS, dict.fromkeys(health.PARTS, lambda: None)):
        yield health.PARTS


def test_the_process_is_up_and_asks_nobody(client: Client) -> None:
    with patch.dict(health.PARTS, dict.fromkeys(health.PARTS, _fail)):
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"status": "ok"})
    assert response["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("all_well")
def test_all_parts_there(client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "cache": "ok",
        "broker": "ok",
        "storage": "ok",
        "workers": "ok",
        "degraded": [],
    }


@pytest.mark.parametrize("part", ["cache", "broker", "storage", "workers"])
def test_without_a_part_it_can_do_without_aqad_is_degraded(client: Client, all_well: Any, part: str) -> None:
    all_well[part] = _fail
    response = client.get("/readyz")
    assert response.status_code == 200
    body = response.json()
    assert (body["status"], body[part], body["degraded"]) == ("degraded", "down", [part])
    assert "secret" not in response.content.decode()


def test_without_the_database_aqad_is_unavailable(client: Client, all_well: Any) -> None:
    all_well["database"] = _fail
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert response.json()["degraded"] == ["database"]


def test_a_part_that_hangs_is_down(client: Client, all_well: Any) -> None:
    release = Event()
    all_well["storage"] = lambda: release.wait(30)
    with patch.object(health, "PATIENCE", 0.05):
        body = client.get("/readyz").json()
    release.set()
    assert body["degraded"] == ["storage"]


@pytest.mark.django_db
def test_the_database_answers_for_itself(client: Client) -> None:
    assert client.get("/readyz").json()["database"] == "ok"
    with patch("django.db.backends.base.base.BaseDatabaseWrapper.connect", side_effect=OperationalError):
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["database"] == "down"
    assert client.get("/readyz").json()["database"] == "ok"


def test_cache_and_broker_answer_for_themselves(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    health.check_cache()
    health.check_broker()
    settings.REDIS_URL = DEAD_REDIS
    with pytest.raises(redis_access.RedisDown):
        health.check_cache()
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)
    monkeypatch.setattr(health, "current_app", Celery("dead", broker=DEAD_REDIS, set_as_current=False))
    with pytest.raises(BrokerDown):
        health.check_broker()


def test_the_workers_live_while_every_queue_has_a_fresh_heartbeat(settings: Any) -> None:
    cache.delete_many(map(health.heartbeat_key, settings.TASK_QUEUES))
    with pytest.raises(RuntimeError, match="no heartbeat in urgent, messages, background"):
        health.check_workers()
    for queue in settings.TASK_QUEUES:
        heartbeat.apply(routing_key=queue)
        assert 0 < cache.ttl(health.heartbeat_key(queue)) <= health.HEARTBEAT_SECONDS
    health.check_workers()


def test_a_queue_that_nobody_serves_is_missed(settings: Any) -> None:
    health.note_heartbeat(settings.TASK_QUEUES)
    cache.delete(health.heartbeat_key("urgent"))
    heartbeat()  # called, not sent: it came through no queue and says nothing of any
    with pytest.raises(RuntimeError, match=r"no heartbeat in urgent$"):
        health.check_workers()


def test_metrics_are_unknown_without_a_token_and_closed_without_the_right_one(
    client: Client, settings: Any
) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = "let-me-in"
    for header in ("", "Bearer wrong", "let-me-in", "Bearer läßt"):
        response = client.get("/metrics", headers={"Authorization": header})
        assert response.status_code == 401
        assert response.json()["code"] == "unauthorized"
    response = client.get("/metrics", headers={"Authorization": "Bearer let-me-in"})
    assert response.status_code == 200
    assert b"django_http_requests_total" in response.content


def test_metrics_of_all_processes_are_read_together(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    settings.METRICS_TOKEN = "let-me-in"
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    response = client.get("/metrics", headers={"Authorization": "Bearer let-me-in"})
    assert response.status_code == 200
