"""The one error body of AQAD, from whichever layer: JSON for the API, a page for people."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import structlog
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
    ValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_ratelimit.exceptions import Ratelimited

from aqad.lib import database
from aqad.lib.api.json import dumps
from aqad.lib.errors import DomainError
from aqad.lib.web.context import current_request_id

log = structlog.get_logger(__name__)

JSON_PATHS = ("/api/", "/healthz", "/readyz", "/metrics")
PAGES = frozenset({400, 403, 404, 405, 413, 429, 500, 503})
MAX_ERRORS = 10  # fields that an error names; of the others their number is told
MAX_NAME = 100  # letters of a field's name
MAX_SENTENCE = 500
RETRY_SECONDS = 5  # what a 503 without a better idea tells the client

MESSAGES: dict[str, Any] = {
    "validation_error": _("The request is not valid."),
    "unauthorized": _("Unauthorized"),
    "forbidden": _("You are not allowed to do this."),
    "not_found": _("Not found."),
    "method_not_allowed": _("This method is not allowed here."),
    "file_too_large": _("This is larger than allowed."),
    "unsupported_media_type": _("This kind of content is not understood here."),
    "rate_limited": _("Too many requests. Wait a moment and try again."),
    "server_error": _("Something went wrong on our side. It has been noted."),
    "unavailable": _("This service is not available right now. Try again in a moment."),
}


@dataclass(frozen=True)
class Problem:
    """What the error body and the answer around it say. `details` stand beside `code`."""

    status: int
    code: str
    message: Any = None
    errors: dict[str, list[Any]] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


DAMAGED = _("The form is damaged and cannot be read. Send it again.")
TOO_MANY = _("This has more fields or files than can be read at once. Send fewer.")
SERVER_ERROR = Problem(500, "server_error")
UNAVAILABLE = Problem(503, "unavailable", headers={"Retry-After": str(RETRY_SECONDS)})


def describe(error: BaseException | None) -> Problem | None:
    """What an exception of Django, the database or the domain means; None for one that nobody foresaw."""
    if isinstance(error, DomainError):
        return _of_domain(error)
    if isinstance(error, ValidationError):
        return _of_validation(error)
    if error is not None and database.is_unavailable(error):
        return UNAVAILABLE
    return next((problem for kind, problem in _PLAIN if isinstance(error, kind)), None)


def answer(request: HttpRequest, problem: Problem, template: str = "", **context: Any) -> HttpResponse:
    """The error as the caller reads it: JSON or a page, in the caller's language, never cached.

    The page is that of the status, or `template` with `context`, where that knows a better way on.
    """
    language = getattr(request, "LANGUAGE_CODE", None) or translation.get_language_from_request(request)
    with translation.override(language):
        response = _json(problem) if wants_json(request) else _page(problem, language, template, context)
    response["Cache-Control"] = "no-store"
    if problem.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    for name, value in problem.headers.items():
        response[name] = value
    return response


def refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The answer to a refusal that never reached a view."""
    return answer(request, _of_domain(error))


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith(JSON_PATHS) or (
        request.get_preferred_type(["text/html", "application/json"]) == "application/json"
    )


class ErrorMiddleware:
    """Turns what pages raise into answers, and what has no body of its own into the one error body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return answer(request, Problem(400, "validation_error"))  # PostgreSQL's text cannot hold it
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return answer(request, Problem(405, "method_not_allowed", headers={"Allow": response["Allow"]}))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        problem = describe(error)
        if problem is None or isinstance(error, Http404):
            return None  # Django calls `not_found` or `server_error` below, and reports a crash
        if problem is UNAVAILABLE:
            log.error("database unavailable", exc_info=error)
        return answer(request, problem)


def bad_request(request: HttpRequest, exception: BaseException) -> HttpResponse:
    return answer(request, describe(exception) or Problem(400, "validation_error"))


def forbidden(request: HttpRequest, exception: BaseException) -> HttpResponse:
    return answer(request, describe(exception) or Problem(403, "forbidden"))


def not_found(request: HttpRequest, exception: BaseException) -> HttpResponse:
    return answer(request, Problem(404, "not_found"))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500; a database that went away inside a middleware ends here too."""
    error = sys.exc_info()[1]
    unavailable = error is not None and database.is_unavailable(error)
    return answer(request, UNAVAILABLE if unavailable else SERVER_ERROR)


# The first that fits counts: the special before the general.
_PLAIN: tuple[tuple[type[Exception], Problem], ...] = (
    (RequestDataTooBig, Problem(413, "file_too_large")),
    (Ratelimited, Problem(429, "rate_limited", headers={"Retry-After": "60"})),
    (PermissionDenied, Problem(403, "forbidden")),
    (Http404, Problem(404, "not_found")),
    (BadRequest, Problem(400, "validation_error")),
    (TooManyFieldsSent, Problem(400, "validation_error", TOO_MANY)),
    (TooManyFilesSent, Problem(400, "validation_error", TOO_MANY)),
    (SuspiciousOperation, Problem(400, "validation_error")),
    (MultiPartParserError, Problem(400, "validation_error", DAMAGED)),
    (UnreadablePostError, Problem(400, "validation_error", DAMAGED)),
    (RecursionError, Problem(400, "validation_error")),
)


def _of_validation(error: ValidationError) -> Problem:
    errors = error.message_dict if hasattr(error, "error_dict") else {}
    general = errors.pop("__all__", None) if errors else error.messages
    return Problem(400, "validation_error", general[0] if general else None, errors)


def _of_domain(error: DomainError) -> Problem:
    retry_after = getattr(error, "retry_after", RETRY_SECONDS if error.status == 503 else None)
    return Problem(
        error.status,
        error.code,
        error.message,
        error.errors,
        error.details,
        {"Retry-After": str(retry_after)} if retry_after else {},
    )


def _message(problem: Problem) -> Any:
    if problem.errors:
        first = _cut(next(iter(problem.errors.values()))[0], MAX_SENTENCE)
        if (more := len(problem.errors) - MAX_ERRORS) <= 0:
            return first
        return _("%(error)s And %(count)s more.") % {"error": first, "count": f"{more:,}"}
    return problem.message or MESSAGES.get(problem.code, MESSAGES["server_error"])


def _cut(text: Any, most: int) -> Any:
    """What somebody sent may be as long as a body; an answer tells the beginning of it."""
    return text if not isinstance(text, str | Promise) or len(str(text)) <= most else f"{str(text)[:most]}…"


def _json(problem: Problem) -> HttpResponse:
    body = {"success": False, "message": _message(problem), "code": problem.code, **problem.details}
    if problem.errors:
        body["errors"] = {
            _cut(name, MAX_NAME): [_cut(sentence, MAX_SENTENCE) for sentence in sentences[:MAX_ERRORS]]
            for name, sentences in islice(problem.errors.items(), MAX_ERRORS)
        }
    if len(problem.errors) > MAX_ERRORS:
        body["more_errors"] = len(problem.errors) - MAX_ERRORS
    body["request_id"] = current_request_id()
    return HttpResponse(dumps(body), status=problem.status, content_type="application/json")


def _page(problem: Problem, language: str, template: str, context: dict[str, Any]) -> HttpResponse:
    number = problem.status if problem.status in PAGES else (400 if problem.status < 500 else 500)
    html = render_to_string(
        f"errors/{template or number}.html",
        {
            **context,
            "message": str(_message(problem)),
            "request_id": current_request_id(),
            "language": language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
            "stylesheet": _stylesheet(),
        },
    )
    return HttpResponse(html, status=problem.status)


def _stylesheet() -> str:
    """An error page must come out even where static files were never collected."""
    try:
        return str(staticfiles_storage.url("css/errors.css"))
    except ValueError:
        return f"{settings.STATIC_URL}css/errors.css"
