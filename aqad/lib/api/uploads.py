"""Requests with files: capped as a whole before a byte is read."""

from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.parsers import DataAndFiles, MultiPartParser

from aqad.lib.api.errors import FileTooLarge


class Multipart(MultiPartParser):
    """At most settings.UPLOAD_MAX_BYTES with all its files. Raises FileTooLarge (413)."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> DataAndFiles:
        request = (parser_context or {})["request"]
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_MAX_BYTES:
            raise FileTooLarge
        return super().parse(stream, media_type, parser_context)
