"""The few pieces of HTTP this program needs."""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

BODY_LIMIT = 32 * 1024
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")


class Refusal(Exception):
    """The request is refused: becomes the error body of the API, or a page."""

    def __init__(self, status: int, code: str, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.fields = status, code, message, fields


@dataclass(frozen=True, slots=True)
class Request:
    """One request; header names are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    request_id: str

    def form(self) -> dict[str, str]:
        """Read a form-encoded body, the first value of each field."""
        try:
            fields = parse_qs(self.body.decode(), keep_blank_values=True, max_num_fields=20)
        except ValueError:
            raise Refusal(400, "malformed_form", "The form could not be read.") from None
        return {name: values[0] for name, values in fields.items()}

    def json(self) -> dict[str, Any]:
        """Read a JSON object; an empty body counts as an empty one."""
        try:
            content = json.loads(self.body or b"{}")
        except (ValueError, RecursionError):
            raise Refusal(400, "malformed_json", "The body is not valid JSON.") from None
        if not isinstance(content, dict):
            raise Refusal(400, "malformed_json", "The body is not a JSON object.")
        return content


@dataclass(slots=True)
class Response:
    """One answer."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def status_line(self) -> str:
        """Write the status as WSGI wants it."""
        return f"{self.status} {HTTPStatus(self.status).phrase}"


def json_response(status: int, content: Mapping[str, Any]) -> Response:
    """Make a JSON answer that nobody keeps."""
    return Response(status, json.dumps(content).encode(), "application/json", {"Cache-Control": "no-store"})


def read_request(environ: Mapping[str, Any]) -> Request:
    """Read a WSGI request, with its body up to the limit. Raises `Refusal` 413 beyond it."""
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    return Request(
        method=environ["REQUEST_METHOD"],
        path=environ.get("PATH_INFO", "/"),
        headers=headers,
        body=_read_body(environ),
        request_id=request_id(environ),
    )


def request_id(environ: Mapping[str, Any]) -> str:
    """Take the caller's request id if it is well formed, else make one."""
    given = environ.get("HTTP_X_REQUEST_ID", "")
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _read_body(environ: Mapping[str, Any]) -> bytes:
    declared = environ.get("CONTENT_LENGTH") or "0"
    too_large = Refusal(413, "too_large", f"The body is larger than {BODY_LIMIT} bytes.")
    if declared.isdigit() and int(declared) > BODY_LIMIT:
        raise too_large
    body: bytes = environ["wsgi.input"].read(BODY_LIMIT + 1)
    if len(body) > BODY_LIMIT:
        raise too_large
    return body
