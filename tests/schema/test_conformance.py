"""The API against its own description: generated requests, good and bad, by everybody who may send them."""

from collections.abc import Iterator
from contextlib import nullcontext, suppress
from functools import cache
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode, openapi
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from catalog.api import front
from tests import serving
from tests.sweep.routes import shape_of
from tests.sweep.table import ANYONE, CALLS, Call
from tests.sweep.world import World

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
EXAMPLES = {GenerationMode.POSITIVE: 3, GenerationMode.NEGATIVE: 3}
ROWS = {(row.method, row.shape): row for row in reversed(CALLS)}  # the first of several counts


@pytest.fixture
def described(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The schema, whose cases are sent to AQAD in this process and within the test's transaction."""
    monkeypatch.setattr(front, "close_old_connections", lambda: None)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield _schema()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@cache
def _schema() -> Any:
    return openapi.from_wsgi("/api/schema", serving.application())


@pytest.mark.parametrize("actor", ["anonymous", "vendor", "retailer", "driver", "admin"])
def test_answers_are_as_described(world: World, described: Any, actor: str) -> None:
    for operation, row in _operations_of(described, actor):
        _send_what_is_right(world, operation, row, actor)
        for mode, examples in EXAMPLES.items():
            _try(world, operation, row, actor, mode, examples)


def _operations_of(described: Any, actor: str) -> Iterator[tuple[Any, Call]]:
    for found in described.get_all_operations():
        operation = found.ok()
        row = ROWS[operation.method.upper(), shape_of(operation.path)]
        # Retailers and drivers get the same as anybody from what is open to all.
        if actor in row.who.may and not (row.who is ANYONE and actor in ("retailer", "driver")):
            yield operation, row


def _send_what_is_right(world: World, operation: Any, row: Call, actor: str) -> None:
    if row.multipart or actor not in row.who.sees:
        return
    body = {"body": world.fill(dict(row.body)), "media_type": "application/json"} if row.body else {}
    names = _names_in_path(operation.path, world.fill(row.path))
    with transaction.atomic():
        case = operation.Case(path_parameters=names, **body)
        answer = case.call_and_validate(headers=world.headers(actor), checks=CHECKS)
        transaction.set_rollback(True)
    assert answer.status_code == row.but.get(actor, row.answers), operation.label


def _try(world: World, operation: Any, row: Call, actor: str, mode: GenerationMode, examples: int) -> None:
    real = _names_in_path(operation.path, world.fill(row.path))

    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def run(case: Any) -> None:
        if mode is GenerationMode.POSITIVE:
            case.path_parameters.update(real)
        with transaction.atomic():
            case.call_and_validate(headers=world.headers(actor), checks=CHECKS)
            transaction.set_rollback(True)

    with suppress(Unsatisfiable) if mode is GenerationMode.NEGATIVE else nullcontext():
        run()  # where nothing is asked for, nothing can be wrong


def _names_in_path(described: str, real: str) -> dict[str, str]:
    """`/api/orders/{code}`, `/api/orders/ORD1001` → code: ORD1001."""
    pairs = zip(described.split("/"), real.split("/"), strict=True)
    return {part[1:-1]: name for part, name in pairs if part.startswith("{")}
