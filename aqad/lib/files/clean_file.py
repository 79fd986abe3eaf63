"""What a checked upload is, and how a bad one is refused."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Any, TypeAlias

from django.core.files import File
from django.utils.translation import gettext as _

from aqad.lib.errors import DomainError

MIB = 1024 * 1024
Upload: TypeAlias = "File[Any] | IO[bytes]"


class BadFile(DomainError):
    """The file is at fault; the message says what is wrong and what to do."""

    code = "validation_error"


class FileTooLarge(BadFile):
    """The file has more bytes than its kind may have."""

    code = "file_too_large"
    status = 413


@dataclass(frozen=True)
class CleanFile:
    """A file that passed the checks, ready to be stored: nothing of the sender's name or headers is left.

    `thumbnails` by their width, where they were asked for.
    """

    content: bytes
    content_type: str
    extension: str
    width: int | None = None
    height: int | None = None
    thumbnails: Mapping[str, "CleanFile"] = field(default_factory=dict, compare=False)
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", hashlib.sha256(self.content).hexdigest())

    def content_key(self, prefix: str) -> str:
        """A storage key made of the content's hash: `prefix/ab/cdef….webp`."""
        return f"{prefix}/{self.sha256[:2]}/{self.sha256[2:]}.{self.extension}"


def read_bounded(file: Upload, max_bytes: int) -> bytes:
    """The whole content, at most `max_bytes` + 1 of it read; raises FileTooLarge, BadFile if empty."""
    file.seek(0)
    content: bytes = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise FileTooLarge(
            _("The file is larger than %(limit)s MiB. Send a smaller one.")
            % {"limit": f"{max_bytes / MIB:g}"}
        )
    if not content:
        raise BadFile(_("The file is empty. Choose another one."))
    return content
