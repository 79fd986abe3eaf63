"""JSON in, checked as a stranger's; JSON out, fast and exact."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any
from uuid import UUID

from django.core.exceptions import RequestDataTooBig
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotAcceptable, ParseError
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

MAX_DEPTH = 32
MAX_MEMBERS = 200  # of one object, as of a form (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS)
MAX_VALUES = 20_000  # of all objects and lists together, names included
MAX_INTEGER = 2**63 - 1
MIN_INTEGER = -(2**63)
MAX_NUMBER_LENGTH = 40
MAX_MAGNITUDE = 300  # decimal exponent: further numbers fit no float


class Unreadable(ValueError):
    """The text is not JSON that AQAD takes; the message says why."""


def dumps(data: Any) -> bytes:
    """UTF-8 JSON. Decimals become strings as they are, times ISO 8601, lazy texts the active language's."""
    text = json.dumps(data, default=_plain, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def loads(raw: bytes | str) -> Any:
    """Read an object or a list. Raises Unreadable for anything the database or a peer could choke on.

    Refused: other encodings than UTF-8, NaN and Infinity, integers beyond 64 bits, nesting deeper than
    MAX_DEPTH, objects of more than MAX_MEMBERS, more than MAX_VALUES values, a key twice in one object, NUL
    characters and lone surrogates. Fractions come as Decimal.
    """
    try:
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
    except UnicodeDecodeError as error:
        raise Unreadable("not UTF-8") from error
    try:
        data = json.loads(
            text,
            parse_int=_integer,
            parse_float=_fraction,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        raise Unreadable(f"line {error.lineno}, column {error.colno}") from error
    except RecursionError as error:
        raise Unreadable("nested too deeply") from error
    if not isinstance(data, dict | list):
        raise Unreadable("neither an object nor a list")
    _check(data)
    return data


class Renderer(BaseRenderer):
    """Writes the API's answers. Bytes are passed on as they are: a list cached ready to send."""

    media_type = "application/json"
    format = "json"
    charset = None
    render_style = "binary"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if data is None:
            return b""
        return data if isinstance(data, bytes) else dumps(data)


class Parser(BaseParser):
    """Reads at most settings.DATA_UPLOAD_MAX_MEMORY_SIZE; `request.body` stays readable afterwards."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        request = (parser_context or {})["request"]
        try:
            body = request.body  # Django checks the cap here, before reading
        except RequestDataTooBig:
            raise
        except OSError as error:
            raise ParseError(_("The request body ended too early.")) from error
        try:
            return loads(body)
        except Unreadable as error:
            raise ParseError(
                _("The request body is not valid JSON: %(reason)s.") % {"reason": error}
            ) from error


class Negotiation(DefaultContentNegotiation):
    """Whoever accepts nothing we have gets the first we have: an error body helps more than a 406."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        first, *others = renderers
        if not others:
            return first, first.media_type
        try:
            return super().select_renderer(request, [first, *others], format_suffix)
        except NotAcceptable:
            return first, first.media_type


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return format(value, "f")
        case datetime() | date() | time():
            return value.isoformat()
        case Promise() | UUID():
            return str(value)
        case Mapping():
            return dict(value)
        case set() | frozenset() | tuple():
            return list(value)
    if hasattr(value, "__iter__"):
        return list(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _integer(digits: str) -> int:
    if len(digits) > 20 or not MIN_INTEGER <= (number := int(digits)) <= MAX_INTEGER:
        raise Unreadable("an integer is out of range")
    return number


def _fraction(digits: str) -> Decimal:
    if len(digits) > MAX_NUMBER_LENGTH or abs((number := Decimal(digits)).adjusted()) > MAX_MAGNITUDE:
        raise Unreadable("a number is out of range")
    return number


def _refuse_constant(name: str) -> Any:
    raise Unreadable(f"{name} is not a number")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_MEMBERS:
        raise Unreadable(f"an object has {len(pairs):,} fields, and at most {MAX_MEMBERS} are read")
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Unreadable("a key stands twice in one object")
    return members


def _check(data: Any) -> None:
    """Walk the parsed value level by level: depth and texts."""
    level, left = [data], MAX_VALUES
    for _depth in range(MAX_DEPTH):
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(value)
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
            elif isinstance(value, str):
                _check_text(value)
        level = below
        left -= len(level)
        if left < 0:
            raise Unreadable(f"it has more than {MAX_VALUES:,} values")
        if not level:
            return
    raise Unreadable("nested too deeply")


def _check_text(text: str) -> None:
    if "\0" in text:
        raise Unreadable("a text holds a NUL character")
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        raise Unreadable("a text holds half a character")
