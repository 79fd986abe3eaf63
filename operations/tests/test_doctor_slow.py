"""`doctor slow`, on a system that is well and on one broken in each way."""

import contextlib
import logging
import os
import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from celery import current_app
from django.core.cache import cache
from django.db import connection
from django.db.models.functions import Now
from rest_framework.test import APIClient
from structlog.contextvars import bound_contextvars

from aqad.lib import recent, slow_queries
from catalog.models import Product
from notifications.models import OutboxEvent
from operations import health
from operations.doctor.slow import figures, history, locks, queues
from operations.doctor.slow import question as slow
from operations.tests import breaking
from operations.tests.reading import cells, found

PATIENCE = 60.0  # seconds, on a busy machine

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("well")]


@pytest.fixture(autouse=True)
def _patient(settings: Any) -> None:
    """A busy test machine is no fault of the system, nor are tests before this one that found little kept."""
    settings.SLOW_QUERY_MS = 60_000
    settings.DOCTOR = {**settings.DOCTOR, "answer_ms": 60_000, "statement_ms": 60_000, "cache_hit_percent": 0}


def test_a_system_that_is_well() -> None:
    report = slow.ask()
    assert [finding.sentence for finding in report.wrong] == []
    assert (report.verdict, report.next_step) == ("Nothing is wrong.", "")


def test_an_endpoint_that_takes_too_long_of_late(
    anonymous_api: APIClient, product: Product, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DOCTOR = {**settings.DOCTOR, "answer_ms": 0}
    with monkeypatch.context() as earlier:
        then = time.time() - 1000
        earlier.setattr(time, "time", lambda: then)
        history.keep()
    for _ in range(20):
        assert anonymous_api.get(f"/api/products/{product.code}").status_code == 200
    report = slow.ask()
    assert report.verdict.startswith("GET catalog.ProductView is slow: 5 of 100 requests take longer than")
    assert report.next_step


def test_a_slow_statement_without_its_values(settings: Any) -> None:
    settings.SLOW_QUERY_MS = 20
    settings.DOCTOR = {**settings.DOCTOR, "statement_ms": 20}
    with bound_contextvars(task="orders.tasks.expire_holds"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.03), %s, 'card 4242424242424242'", ["secret"])
    settings.SLOW_QUERY_MS = 60_000
    report = slow.ask()
    assert report.verdict.startswith("The slowest statement of the last 15 minutes took")
    assert "(orders.tasks.expire_holds): SELECT pg_sleep(?), …" in report.verdict
    evidence = cells([found(report, "Slow statements")])
    assert "secret" not in evidence
    assert "4242424242424242" not in evidence


def test_a_slow_statement_names_its_view_and_request(
    anonymous_api: APIClient, product: Product, settings: Any
) -> None:
    settings.SLOW_QUERY_MS = 0
    anonymous_api.get(f"/api/products/{product.code}", headers={"X-Request-ID": "slow-one-1234"})
    settings.SLOW_QUERY_MS = 60_000
    kept = [each for each in recent.newest(slow_queries.KIND) if each["request_id"] == "slow-one-1234"]
    assert kept
    assert all("roduct" in each["place"] for each in kept)


def test_a_slow_statement_of_a_command_is_shown_and_blamed_for_nothing(settings: Any) -> None:
    settings.SLOW_QUERY_MS = 20
    breaking.sql("SELECT pg_sleep(0.03)")
    settings.SLOW_QUERY_MS = 60_000
    report = slow.ask()
    assert report.wrong == []
    assert "SELECT pg_sleep(?)" in cells([found(report, "Slow statements")])


def test_a_fast_statement_is_not_kept() -> None:
    assert Product.objects.count() == 0
    assert recent.newest(slow_queries.KIND) == []


@pytest.mark.parametrize(
    ("statement", "normal"),
    [
        ("SELECT 1\n  FROM a  WHERE b = 'it''s'", "SELECT ? FROM a WHERE b = ?"),
        ("SELECT a FROM t WHERE id IN (%s, %s, %s)", "SELECT a FROM t WHERE id IN (…)"),
        ("INSERT INTO t VALUES (%s, %s), (%s, %s)", "INSERT INTO t VALUES (…), …"),
        ("SELECT t1.c2 FROM t1 LIMIT 21", "SELECT t1.c2 FROM t1 LIMIT ?"),
    ],
)
def test_the_same_statement_is_the_same_text(statement: str, normal: str) -> None:
    assert slow_queries.normal(statement) == normal


def test_who_blocks_whom(product: Product, settings: Any) -> None:
    settings.DOCTOR = {**settings.DOCTOR, "blocked_seconds": 0}
    parameters = connection.get_connection_params()
    told = {
        name: parameters[name]
        for name in ("dbname", "user", "password", "host", "port")
        if parameters.get(name)
    }
    statement = f"SELECT 1 FROM catalog_stock WHERE product_id = {product.pk} FOR UPDATE"
    with psycopg.connect(**told) as holder, psycopg.connect(**told) as waiter:
        holder.execute(statement)
        pids = holder.info.backend_pid, waiter.info.backend_pid

        def wait() -> None:
            with contextlib.suppress(psycopg.Error):
                waiter.execute(statement)

        waiting = threading.Thread(target=wait)
        waiting.start()
        finding, deadline = locks.examine(), time.monotonic() + PATIENCE
        while not finding.wrong and time.monotonic() < deadline:
            finding = locks.examine()
        holder.rollback()
        waiting.join()
        waiter.rollback()
    assert finding.wrong
    assert finding.sentence.startswith(f"Database process {pids[0]} blocks {pids[1]}")
    assert finding.next_step.endswith(f"pg_terminate_backend({pids[0]});")
    assert locks.examine().sentence == "Nobody waits for a lock."


def test_a_transaction_left_open(settings: Any) -> None:
    settings.DOCTOR = {**settings.DOCTOR, "transaction_seconds": 0}
    parameters = connection.get_connection_params()
    told = {
        name: parameters[name]
        for name in ("dbname", "user", "password", "host", "port")
        if parameters.get(name)
    }
    with psycopg.connect(**told) as other:
        other.execute("SELECT 1")
        report = slow.ask()
        assert f"process {other.info.backend_pid} is open for" in report.verdict


def test_a_worker_that_died() -> None:
    breaking.process("worker", pid=os.getpid() + 1, seen=time.time() - 600)
    report = slow.ask()
    assert report.verdict.startswith("No process of this kind lives: worker; the last sign of life came at")
    assert "silent since" in cells([found(report, "Processes")])


def test_workers_that_do_nothing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(health.PARTS, "workers", health.check_workers)
    cache.delete_many(map(health.heartbeat_key, settings.TASK_QUEUES))  # which another test may have left
    report = slow.ask()
    assert report.verdict == "These parts do not answer: workers."
    assert "Start a worker" in report.next_step


def test_work_that_waits() -> None:
    OutboxEvent.objects.create(
        kind="vendor_approved", recipients=[], once="1", due_at=Now() - timedelta(minutes=10)
    )
    report = slow.ask()
    assert report.verdict == "Work waits: 1 in the queue “messages to people”, the oldest for 10 min."


def test_a_part_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise OSError("no route")

    monkeypatch.setitem(health.PARTS, "storage", refuse)
    report = slow.ask()
    assert report.verdict == "These parts do not answer: storage."
    assert "Start what is down" in report.next_step


def test_a_broker_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current_app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    report = slow.ask()
    assert report.verdict == "The broker does not answer."
    assert "Start the broker" in report.next_step


def test_more_messages_than_workers_take(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "MANY", 3)
    settings.TASK_QUEUES = ("an idle queue", "a queue nobody else sends to")
    with current_app.connection_for_write() as broker:
        queue = broker.SimpleQueue("a queue nobody else sends to")
        queue.clear()
        try:
            for number in range(3):
                queue.put({"number": number})
            report = slow.ask()
        finally:
            queue.clear()
            queue.close()
    assert report.verdict == "3 messages wait at the broker for “a queue nobody else sends to”."
    assert "start more workers" in report.next_step


def test_more_connections_than_are_good(settings: Any) -> None:
    settings.DOCTOR = {**settings.DOCTOR, "connections_percent": 1}
    report = slow.ask()
    assert re.match(r"\d+ of 100 database connections are in use\.", report.verdict)
    assert "max_connections" in report.next_step


def test_a_cache_that_forgets(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DOCTOR = {**settings.DOCTOR, "cache_hit_percent": 50}
    asked = {"aqad_catalog_cache_hits": 40.0, "aqad_catalog_cache_misses": 260.0}
    monkeypatch.setattr(figures, "counted", asked.__getitem__)
    report = slow.ask()
    assert report.verdict == "Only 13 % of the catalogue's answers come from the cache."
    assert "evicts" in report.next_step
    monkeypatch.setattr(figures, "counted", {name: count / 10 for name, count in asked.items()}.__getitem__)
    assert slow.ask().wrong == []


def test_an_error_in_the_log_without_its_secrets() -> None:
    try:
        raise ValueError("token=abc123")
    except ValueError:
        logging.getLogger("payments").exception("The gateway said password=hunter2")
    report = slow.ask()
    assert report.verdict.startswith("1 error was logged in the last 15 minutes, the last one: The gateway")
    evidence = cells([found(report, "Error lines")])
    assert "ValueError: token=***" in evidence
    assert "hunter2" not in report.verdict + evidence
    assert "abc123" not in evidence


@pytest.fixture
def statistics() -> Iterator[None]:
    """The module of the tests' own server; another server may have come without it."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW shared_preload_libraries")
        if "pg_stat_statements" not in cursor.fetchone()[0]:
            pytest.skip("This PostgreSQL was started without pg_stat_statements.")
        cursor.execute("CREATE EXTENSION pg_stat_statements")
        cursor.execute("SELECT pg_stat_statements_reset()")
        yield
        cursor.execute("DROP EXTENSION pg_stat_statements")


def test_the_slowest_statements_by_the_servers_own_statistics(statistics: None) -> None:
    with connection.cursor() as cursor:
        for _ in range(2):
            cursor.execute("SELECT pg_sleep(0.04), 'card 4242424242424242'")
        cursor.execute("SELECT 1")
    finding = found(slow.ask(), "Slow statements")
    assert not finding.wrong
    table = next(each for each in finding.tables if "pg_stat_statements" in each.title)
    calls, _mean, slowest, statement = table.rows[0]
    assert (calls, statement) == (2, "SELECT pg_sleep($1), $2")
    assert int(re.match(r"\d+", str(slowest))[0]) >= 40
    assert "4242424242424242" not in cells([finding])


def test_without_the_servers_statistics_the_own_record_is_shown() -> None:
    finding = found(slow.ask(), "Slow statements")
    assert not any("pg_stat_statements" in each.title for each in finding.tables)


def test_a_warning_is_no_error() -> None:
    logging.getLogger("payments").warning("a hiccup")
    assert slow.ask().wrong == []


def test_redis_down_is_said_and_the_rest_examined(settings: Any) -> None:
    there = settings.REDIS_URL
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    try:
        report = slow.ask()
    finally:
        settings.REDIS_URL = there
    assert report.verdict == "Redis does not answer, so this could not be examined."
    assert not found(report, "Database connections").wrong
