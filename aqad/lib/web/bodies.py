"""How long a body each view takes: known by its address before a byte is read, from whom it may come at all.

A view that takes files says so by `takes_files`, a view of the API by `longest_body`. Nobody else's body is
longer than that of a form without files.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.handlers.wsgi import WSGIRequest
from django.db import close_old_connections
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import ResolverMatch, resolve
from rest_framework.exceptions import APIException
from rest_framework.views import APIView

from aqad.lib.errors import DomainError
from aqad.lib.web import content_type, context, limits
from aqad.lib.web.errors import UNAVAILABLE, Problem, answer, refuse
from aqad.lib.web.form_token import check_token_before_files
from aqad.lib.web.out_of_date import page_of_form
from aqad.lib.web.page_layers import AuthenticationMiddleware, SessionMiddleware

FORM = 256 * 1024  # bytes: of a form without files, and of what a form has beside them
HEADROOM = 16 * 1024 * 1024
SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")

_API = "/api/"
_TOO_LARGE = Problem(413, "file_too_large")

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def with_files(size: int) -> int:
    """Bytes of a body whose files have `size` bytes at most, with room for one that is too large.

    So that in most cases the form comes back and says which.
    """
    return size + min(size, HEADROOM) + FORM


def takes_files(size: int) -> Callable[[View], View]:
    """A decorator: this page takes files of so many bytes together."""

    def decorate(view: View) -> View:
        view.longest_body = with_files(size)  # type: ignore[attr-defined] # kept by functools.wraps
        return view

    return decorate


def longest_body_of(view: Any, kind: str) -> int:
    """Bytes that a view, as it stands in the URL map, takes in a body of the content type `kind`."""
    of_api = getattr(view, "cls", view if isinstance(view, APIView) else None)
    plain = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if of_api else FORM
    longest = getattr(of_api or view, "longest_body", 0) or plain
    return int(longest if kind.startswith("multipart/") else min(longest, plain))


def announced(environ: dict[str, Any]) -> int:
    """The Content-Length; 0 where there is none that can be read."""
    text = str(environ.get("CONTENT_LENGTH") or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def longest_body(environ: dict[str, Any]) -> int:
    """How many bytes of a body are read from whoever sent this header (a WSGI environ). 0: none.

    Asked by the web server before it reads. Who is refused by address, method, role, session or token gets 0,
    and is then answered without its body. Nothing is counted, nothing written.
    """
    close_old_connections()
    try:
        request = content_type.Request(environ)
        match = resolve(request.path_info)
        longest = longest_body_of(match.func, request.content_type or "")
        if announced(environ) > longest:
            return longest
        may_send = _may_call if hasattr(match.func, "cls") else _may_post
        return longest if may_send(request, match) else 0
    except (APIException, DomainError, Http404, PermissionDenied):
        return 0
    finally:
        close_old_connections()


class BodyMiddleware:
    """Refuses what cannot be read and, for pages, what is too long or from somebody who may not send it.

    All of it before the form is parsed: it stands outside of the check of the form's token, which reads the
    form. Views of the API do the same in their own order (`aqad.lib.api.views`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if getattr(request.META.get("wsgi.input"), "no_room", False):
            return answer(request, UNAVAILABLE)
        if problem := content_type.refusal(request):
            return answer(request, problem)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any
    ) -> HttpResponseBase | None:
        if request.path_info.startswith(_API) or request.method in SAFE:
            return None
        if announced(request.META) > longest_body_of(view, request.content_type or ""):
            return answer(request, _TOO_LARGE, "413", href=page_of_form(request))
        try:
            if refused := _refused_sender(request, view):
                return refused
        except DomainError as error:
            return refuse(request, error)
        if not getattr(view, "csrf_exempt", False):
            check_token_before_files(request)
        return None


def _refused_sender(request: HttpRequest, view: Any) -> HttpResponseBase | None:
    """What the page answers to somebody who may not open it. Raises Forbidden likewise."""
    refuse: Callable[[HttpRequest], HttpResponseBase | None] = getattr(view, "refuse_sender", _let_in)
    return refuse(request)


def _let_in(_request: HttpRequest) -> None:
    return None


def _may_post(request: WSGIRequest, match: ResolverMatch) -> bool:
    """Whether a page would look at this form: not without the cookie that the form's token matches."""
    if request.method in SAFE or not (_has_token(request) or getattr(match.func, "csrf_exempt", False)):
        return False
    for layer in (SessionMiddleware, AuthenticationMiddleware):
        layer(_nothing).process_request(request)
    return _refused_sender(request, match.func) is None


def _may_call(request: WSGIRequest, match: ResolverMatch) -> bool:
    """Whether a view of the API would look at this body. Raises what it would answer instead."""
    view = match.func.cls(**match.func.initkwargs)  # type: ignore[attr-defined]
    view.args, view.kwargs = match.args, match.kwargs
    view.request = view.initialize_request(request, *match.args, **match.kwargs)
    if str(request.method).lower() not in view.http_method_names or not hasattr(
        view, str(request.method).lower()
    ):
        return False
    subject = limits.address_subject(context.settle(request.META).address)
    if any(limits.is_blocked(name, subject) for name in view.limits_by("address")):
        return False
    view.perform_authentication(view.request)
    view.check_permissions(view.request)
    return True


def _has_token(request: HttpRequest) -> bool:
    return settings.CSRF_COOKIE_NAME in request.COOKIES


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()
