"""The request id travels with a task: publisher → message header → every log line of the worker."""

from contextvars import Token
from typing import Any

import structlog
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun

from aqad.lib.web.context import current_request_id

HEADER = "aqad_request_id"

_tokens: dict[str, dict[str, Token[Any]]] = {}


def connect() -> None:
    """Listen to Celery. Safe to repeat."""
    before_task_publish.connect(_send_along, dispatch_uid="aqad.request_id")
    task_prerun.connect(_take_over, dispatch_uid="aqad.request_id")
    task_postrun.connect(_let_go, dispatch_uid="aqad.request_id")
    setup_logging.connect(_keep_our_logging, dispatch_uid="aqad.logging")


def _send_along(headers: dict[str, Any] | None = None, **_: Any) -> None:
    if headers is not None and (request_id := current_request_id()):
        headers.setdefault(HEADER, request_id)


def _take_over(task_id: str = "", task: Any = None, **_: Any) -> None:
    request_id = getattr(task.request, HEADER, None) or (task.request.headers or {}).get(HEADER) or task_id
    _tokens[task_id] = dict(structlog.contextvars.bind_contextvars(request_id=request_id, task=task.name))


def _let_go(task_id: str = "", **_: Any) -> None:
    structlog.contextvars.reset_contextvars(**_tokens.pop(task_id, {}))


def _keep_our_logging(**_: Any) -> None:
    """A connected receiver is what keeps Celery from setting up logging of its own."""
