"""The connection of a web process: what it prepares, and how it learns that the server left."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aqad.lib.postgres.base import preparing_cursor

pytestmark = pytest.mark.django_db(transaction=True)


def server_process() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


def test_a_healthy_connection_is_known_without_a_statement():
    server_process()
    with CaptureQueriesContext(connection) as sent:
        assert connection.is_usable()
    assert len(sent) == 0


def test_a_connection_that_the_server_ended_is_known_before_its_next_use():
    ended = server_process()
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
    other.close()
    connection.health_check_enabled, connection.health_check_done = True, False
    try:
        assert server_process() != ended
    finally:
        connection.health_check_enabled = False


def test_a_connection_that_this_side_closed_is_not_usable():
    server_process()
    connection.connection.close()
    assert not connection.is_usable()
    connection.close()


def test_a_statement_sent_often_is_prepared_and_answers_the_same():
    for number in range(10):
        with preparing_cursor() as cursor:
            cursor.execute("SELECT %s::int + 1", [number])
            assert cursor.fetchone() == (number + 1,)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT $1::int + 1'"
        )
        assert cursor.fetchone() == (1,)
