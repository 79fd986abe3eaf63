"""Sheets as answers, of pages and the API alike."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse

from aqad.lib.errors import NotFound
from catalog.models import ProductImport
from catalog.sheets.guard import CSV, TYPES, XLSX
from catalog.sheets.mending import errors_file


def download(pieces: Iterator[bytes], name: str, kind: str) -> StreamingHttpResponse:
    """A file made while it is sent."""
    response = StreamingHttpResponse(pieces, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


def kind_of(request: HttpRequest | Any) -> str:
    """The format asked for, XLSX unless said otherwise."""
    return CSV if request.GET.get("format") == CSV else XLSX


def errors_of(made: ProductImport) -> StreamingHttpResponse:
    """The sheet given back with what is to be mended. Raises NotFound without errors, or once removed."""
    if not made.file or not made.refused:
        raise NotFound()
    return download(errors_file(made), f"{made.code}-mend", made.kind)
