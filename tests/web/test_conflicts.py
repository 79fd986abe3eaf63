"""Transactions that collide are repeated; what stays in the way becomes a 503."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from django.db import OperationalError, connection
from django.test import Client

from aqad.lib import database
from tests.web.urls import Conflicts, database_error


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    Conflicts.failures, Conflicts.attempts = [], 0
    with patch("aqad.lib.database.time.sleep"):
        yield


@pytest.mark.parametrize("sqlstate", ["40P01", "40001", "55P03"])
def test_a_conflict_is_tried_again(client: Client, sqlstate: str) -> None:
    Conflicts.failures = [sqlstate] * 3
    assert client.post("/api/conflicts").status_code == 201
    assert Conflicts.attempts == 4


def test_after_three_more_tries_it_is_503(client: Client) -> None:
    Conflicts.failures = ["40P01"] * 10
    response = client.post("/api/conflicts")
    assert response.status_code == 503
    assert response.json()["code"] == "unavailable"
    assert response["Retry-After"]
    assert Conflicts.attempts == 4


def test_a_database_that_is_down_is_not_asked_again(client: Client) -> None:
    Conflicts.failures = ["57P03"] * 10
    assert client.post("/api/conflicts").status_code == 503
    assert Conflicts.attempts == 1


def test_within_an_outer_transaction_nothing_is_repeated() -> None:
    calls: list[int] = []

    def work() -> None:
        calls.append(1)
        raise database_error("40P01")

    with patch.object(connection, "in_atomic_block", new=True), pytest.raises(OperationalError):
        database.retry_on_conflict(work)
    assert len(calls) == 1
