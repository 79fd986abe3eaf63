"""The token of a form with files is looked at before the first file: an invented one writes nothing."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParser
from django.middleware.csrf import CsrfViewMiddleware, RejectRequest
from django.utils.datastructures import ImmutableList, MultiValueDict


def check_token_before_files(request: HttpRequest) -> None:
    """Let the parser of this form stop at the first file unless the token stands before it, and is right.

    Our forms have it first. Django's check, which comes next, finds no token then, and refuses.
    """
    if not getattr(request, "_dont_enforce_csrf_checks", False):  # as Django's own test client asks for
        request.parse_file_upload = partial(_parse, request)  # type: ignore[method-assign]


def _parse(
    request: HttpRequest, meta: dict[str, Any], body: Any
) -> "tuple[QueryDict, MultiValueDict[str, Any]]":
    token_first = _TokenFirst(request, lambda: parser._post)  # type: ignore[attr-defined] # noqa: SLF001 - the fields so far
    request.upload_handlers = ImmutableList(
        [token_first, *request.upload_handlers], warning="The form is being read already."
    )
    parser = MultiPartParser(meta, body, request.upload_handlers, request.encoding)
    return parser.parse()


class _TokenFirst(FileUploadHandler):
    def __init__(self, request: HttpRequest, fields: Callable[[], QueryDict]) -> None:
        super().__init__(request)
        self._fields, self._is_right = fields, False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self._is_right = self._is_right or _Check().is_right(self.request, self._fields())  # type: ignore[arg-type]
        if not self._is_right:
            raise StopUpload(connection_reset=True)
        super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class _Check(CsrfViewMiddleware):
    """Django's own check, of the fields that were read so far."""

    def __init__(self) -> None:
        super().__init__(lambda _request: HttpResponse())

    def is_right(self, request: HttpRequest, fields: QueryDict) -> bool:
        so_far = HttpRequest()
        so_far.method, so_far.META, so_far.COOKIES = "POST", request.META, request.COOKIES
        so_far.POST = fields  # type: ignore[assignment] # as it stands
        try:
            self._check_token(so_far)  # type: ignore[attr-defined] # Django's, without a stub
        except RejectRequest:
            return False
        return True
