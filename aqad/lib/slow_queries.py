"""Which statements took longer than settings.SLOW_QUERY_MS, in every process: web, workers, commands.

A fast statement costs two looks at the clock and a comparison.
"""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from aqad.lib import recent
from aqad.lib.web.context import current_place, current_request_id

KIND = "slow queries"
LONGEST = 1000  # characters of a statement

_LITERAL = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")
_REPEATED = re.compile(r"((?:%s|\?|DEFAULT)(?:, (?:%s|\?|DEFAULT))+)")
_ROWS = re.compile(r"(\((?:…|%s|\?)\))(?:, \((?:…|%s|\?)\))+")


def connect() -> None:
    """Watch every connection that is made from now on. Safe to repeat."""
    connection_created.connect(_watch, dispatch_uid="aqad.slow_queries")


def normal(statement: str) -> str:
    """The statement without values, so that the same one is the same text: no parameter is ever kept."""
    text = _LITERAL.sub("?", " ".join(statement.split()))
    return _ROWS.sub(r"\1, …", _REPEATED.sub("…", text))[:LONGEST]


def _watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if _timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(_timed)


def _timed(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
    started = time.perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = (time.perf_counter() - started) * 1000
        if took >= settings.SLOW_QUERY_MS:
            _keep(str(sql), took)


def _keep(statement: str, took: float) -> None:
    recent.keep(
        KIND,
        {
            "at": datetime.now(UTC).isoformat(),
            "ms": round(took, 1),
            "statement": normal(statement),
            "place": current_place(),
            "request_id": current_request_id(),
        },
    )
