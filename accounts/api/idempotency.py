"""`Idempotency-Key`: a repeated request gets the first answer again instead of a second effect."""

import hashlib
import re
from collections.abc import Callable
from contextlib import nullcontext
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.idempotency import claim, keep
from accounts.models import IdempotencyKey
from accounts.rights import actor
from aqad.lib.api.json import dumps
from aqad.lib.errors import Invalid

Handler = Callable[..., Response]

KEY_HEADER = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,255}$"},
    OpenApiParameter.HEADER,
    description="The same key with the same body gets the first answer again.",
)

_KEY = re.compile(r"[!-~]{1,255}")


def idempotent(endpoint: str, *, always_atomic: bool = False) -> Callable[[Handler], Handler]:
    """Let a view's method honour `Idempotency-Key`, unique per user and `endpoint`.

    Claim, work and stored answer are one transaction: an error rolls all of it back and is never repeated.
    With `always_atomic` the work is one without a key, too. A second request waits in the unique index for
    the first, at most `lock_timeout` (3 s). The path counts as part of the body. Raises Invalid,
    IdempotencyMismatch (422), IdempotencyInProgress (409).
    """

    def decorate(handler: Handler) -> Handler:
        @wraps(handler)
        def run(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
            key = read_key(request)
            if key is None:
                with transaction.atomic() if always_atomic else nullcontext():
                    return handler(view, request, *args, **kwargs)
            with transaction.atomic():
                row = claim(actor(request), endpoint, key, hash_of(request))
                if row.status is not None:
                    return _replay(row)
                response = handler(view, request, *args, **kwargs)
                _store(row, response)
            return response

        return run

    return decorate


def read_key(request: Request) -> str | None:
    """The request's `Idempotency-Key`, None without one. Raises Invalid."""
    key: str | None = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise Invalid(_("Idempotency-Key takes 1 to 255 visible ASCII characters."))
    return key


def mark_as_repeated(response: Response) -> Response:
    """Say that this answer was given before."""
    response["Idempotent-Replayed"] = "true"
    return response


def hash_of(request: Request) -> str:
    """A hash of where and what was asked, however its JSON was spaced and ordered; files by content."""
    data = request.data
    body = (
        {name: [_canonical(value) for value in data.getlist(name)] for name in data}
        if isinstance(data, QueryDict)
        else data
    )
    return hashlib.sha256(dumps([request.path, _sorted(body)])).hexdigest()


def _store(row: IdempotencyKey, response: Response) -> None:
    if not 200 <= response.status_code < 300:
        transaction.set_rollback(True)
        return
    answer = "" if response.data is None else dumps(response.data).decode()
    keep(row, response.status_code, answer)


def _replay(row: IdempotencyKey) -> Response:
    return mark_as_repeated(Response(row.answer.encode() or None, status=row.status))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def _canonical(value: Any) -> Any:
    if not isinstance(value, UploadedFile):
        return value
    content = hashlib.sha256()
    for chunk in value.chunks():
        content.update(chunk)
    value.seek(0)
    return {"sha256": content.hexdigest()}
