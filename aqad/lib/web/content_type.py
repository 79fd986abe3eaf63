"""What a body says of itself: only UTF-8, and not compressed."""

import codecs
from typing import Any

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext_lazy as _

from aqad.lib.web.errors import Problem

FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
LONGEST_NUMBER = 20  # digits
_UTF_8 = ("utf-8", "ascii")  # by their names in Python; the second is a part of the first


class Request(WSGIRequest):
    """A request whose header may say anything of its body: what cannot be read counts as not said."""

    unreadable = ""  # the name of a header

    def __init__(self, environ: dict[str, Any]) -> None:
        length = str(environ.get("CONTENT_LENGTH") or "0")
        is_readable = length.isascii() and length.isdigit() and len(length) < LONGEST_NUMBER
        super().__init__(environ if is_readable else {**environ, "CONTENT_LENGTH": "0"})
        if not is_readable:
            self.unreadable = "Content-Length"

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        """As Django's, but that no charset is taken from it: all that AQAD reads is UTF-8."""
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except (LookupError, ValueError):
            self.content_type, self.content_params = "", {}
            self.unreadable = "Content-Type"


class Handler(WSGIHandler):
    """Django's, with such requests."""

    request_class = Request


def refusal(request: HttpRequest) -> Problem | None:
    """What is wrong with what the request says of its body."""
    if name := getattr(request, "unreadable", ""):
        message = _("The header %(name)s of this request cannot be read.") % {"name": name}
        return Problem(400, "validation_error", message)
    coding = str(request.META.get("HTTP_CONTENT_ENCODING", "")).strip().lower()
    if coding not in ("", "identity"):
        return Problem(415, "unsupported_media_type", _("Send the content without compressing it."))
    charset = (request.content_params or {}).get("charset", "")
    if request.content_type in FORMS and charset and not _is_utf_8(charset):
        return Problem(400, "validation_error", _("Send text in UTF-8; another charset is not read."))
    return None


def _is_utf_8(charset: str) -> bool:
    try:
        return codecs.lookup(charset).name in _UTF_8
    except (LookupError, ValueError):
        return False
