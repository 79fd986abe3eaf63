"""REST framework's exceptions in AQAD's one error body."""

from collections.abc import Iterable, Mapping
from typing import Any

import structlog
from django.http import HttpResponse
from rest_framework import exceptions

from aqad.lib.errors import DomainError
from aqad.lib.web.errors import MESSAGES, UNAVAILABLE, Problem, answer, describe

log = structlog.get_logger(__name__)

GENERAL = "non_field_errors"


class FileTooLarge(DomainError):
    """The request as a whole, or one file in it, is larger than allowed."""

    code = "file_too_large"
    status = 413
    message = MESSAGES["file_too_large"]


def handle(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """REST framework's EXCEPTION_HANDLER. None leaves a crash to Django, which logs it."""
    problem = _of_framework(error) if isinstance(error, exceptions.APIException) else describe(error)
    if problem is None:
        return None
    if problem is UNAVAILABLE:
        log.error("database unavailable", exc_info=error)
    return answer(context["request"]._request, problem)  # noqa: SLF001 - Django's request behind the framework's


def flatten(detail: Any, prefix: str = "") -> dict[str, list[Any]]:
    """Nested errors by dotted path, `items.0.quantity`; what concerns no field under the empty path."""
    if isinstance(detail, Mapping):
        pairs: Iterable[tuple[Any, Any]] = detail.items()
    elif isinstance(detail, list | tuple) and not all(isinstance(item, str) for item in detail):
        pairs = enumerate(detail)
    else:
        return {prefix: list(detail) if isinstance(detail, list | tuple) else [detail]}
    flat: dict[str, list[Any]] = {}
    for key, value in pairs:
        path = prefix if key == GENERAL else f"{prefix}.{key}".lstrip(".")
        if value:
            flat.update(flatten(value, path))
    return flat


def _of_framework(error: exceptions.APIException) -> Problem | None:
    if isinstance(error, exceptions.ValidationError):
        errors = flatten(error.detail)
        general = errors.pop("", None)
        if errors and not general and all(_is_size(each) for found in errors.values() for each in found):
            return Problem(413, "file_too_large", None, errors)
        return Problem(400, "validation_error", general[0] if general else None, errors)
    if isinstance(error, exceptions.ParseError):
        return Problem(400, "validation_error", error.detail)
    if isinstance(error, exceptions.Throttled):
        wait = int(getattr(error, "wait", None) or 1)
        return Problem(429, "rate_limited", headers={"Retry-After": str(max(1, wait))})
    return next((problem for kind, problem in _PLAIN if isinstance(error, kind)), None)


def _is_size(error: Any) -> bool:
    return getattr(error, "code", "") == "file_too_large"


_PLAIN: tuple[tuple[type[exceptions.APIException], Problem], ...] = (
    (exceptions.NotAuthenticated, Problem(401, "unauthorized")),
    (exceptions.AuthenticationFailed, Problem(401, "unauthorized")),
    (exceptions.PermissionDenied, Problem(403, "forbidden")),
    (exceptions.NotFound, Problem(404, "not_found")),
    (exceptions.MethodNotAllowed, Problem(405, "method_not_allowed")),
    (exceptions.UnsupportedMediaType, Problem(415, "unsupported_media_type")),
)
