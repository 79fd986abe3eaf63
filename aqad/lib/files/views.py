"""Files of the folder storages over HTTP; on S3 the bucket serves its own and these answer 404."""

import re
from pathlib import PurePosixPath

from django.conf import settings
from django.core import signing
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from aqad.lib.files.storage import (
    IMMUTABLE,
    LINK_SALT,
    NEVER_CACHED,
    FolderStorage,
    PrivateFolderStorage,
    PublicFolderStorage,
)

IMAGE_TYPES = {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
DOCUMENT_TYPES = {**IMAGE_TYPES, ".pdf": "application/pdf"}
KEY = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*\.[a-z]{3,4}")


@require_safe
def serve_private(request: HttpRequest, token: str) -> FileResponse:
    """A private file for the holder of a signed link; 404 once the link is old or changed."""
    try:
        key = signing.loads(token, salt=LINK_SALT, max_age=settings.SIGNED_LINK_SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    response = _respond(PrivateFolderStorage, "default", key, DOCUMENT_TYPES)
    response["Cache-Control"] = NEVER_CACHED
    return response


@require_safe
def serve_public(request: HttpRequest, key: str) -> FileResponse:
    """A public image, cacheable for ever because its name changes with its content."""
    response = _respond(PublicFolderStorage, "public", key, IMAGE_TYPES)
    response["Cache-Control"] = IMMUTABLE
    return response


def _respond(expected: type[FolderStorage], alias: str, key: str, types: dict[str, str]) -> FileResponse:
    storage = storages[alias]
    name = PurePosixPath(key)
    if not isinstance(storage, expected) or not KEY.fullmatch(key) or name.suffix not in types:
        raise Http404
    try:
        file = storage.open(key)
    except OSError as error:
        raise Http404 from error
    response = FileResponse(file, filename=name.name, content_type=types[name.suffix])
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
