"""Where files are kept: private documents behind signed links, public images under content-hashed names.

Two storages (`default` is private, `public`), each in a folder or on S3 (`buckets.py`); the functions below
are the only door to them. The database holds keys, never URLs.
"""

import logging
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.translation import gettext_lazy as _

from aqad.lib.errors import Unavailable
from aqad.lib.files.clean_file import CleanFile

logger = logging.getLogger(__name__)

LINK_SALT = "aqad.lib.files.private"
IMMUTABLE = "public, max-age=31536000, immutable"
NEVER_CACHED = "private, no-store"


class StorageUnavailable(Unavailable):
    """The storage cannot be reached or refuses; nothing was stored."""

    message = _("Files cannot be stored right now. Try again in a moment.")


class FolderStorage(FileSystemStorage):
    """Files in a folder; a file appears whole or not at all, and its key is its name."""

    TROUBLES: tuple[type[Exception], ...] = (OSError,)

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def _save(self, name: str, content: Any) -> str:
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".part-", delete=False) as part:
            try:
                part.write(content.read())
                part.flush()
                os.fsync(part.fileno())
                Path(part.name).replace(path)
            except BaseException:
                Path(part.name).unlink()
                raise
        return name

    def probe(self) -> None:
        """Raise OSError unless the folder, or the one it would be made in, can be written to."""
        place = Path(self.location)
        while not place.exists():
            place = place.parent
        if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
            raise NotADirectoryError(f"{place} cannot be written to")


class PrivateFolderStorage(FolderStorage):
    """Reached only by links that AQAD signs and serves itself, for SIGNED_LINK_SECONDS."""

    def url(self, name: str | None) -> str:
        return f"{settings.PUBLIC_URL}/files/{signing.dumps(name, salt=LINK_SALT)}"


class PublicFolderStorage(FolderStorage):
    """Served by AQAD under its `base_url`."""


_stored: ContextVar[list[tuple[str, str]] | None] = ContextVar("files stored in this block", default=None)


@contextmanager
def stored_files() -> Iterator[None]:
    """Delete what was stored inside if the block raises.

    Put it around the transaction (`with stored_files(), transaction.atomic():`), so that a failed
    commit too leaves no file behind. Public files that were there before are kept.
    """
    mine: list[tuple[str, str]] = []
    outer = _stored.get()
    token = _stored.set(mine)
    try:
        yield
    except BaseException:
        for alias, key in mine:
            _forget(alias, key)
        raise
    else:
        if outer is not None:
            outer.extend(mine)
    finally:
        _stored.reset(token)


def store_private(clean: CleanFile, folder: str, *, mark: str = "") -> str:
    """Store under a random key that begins with `mark`, returned. Raises StorageUnavailable."""
    key = f"{folder}/{mark}{uuid.uuid4().hex}.{clean.extension}"
    _put("default", key, clean)
    return key


def store_public(clean: CleanFile, folder: str) -> str:
    """Store under the content's hash, returned as key; what is there already is not sent again.

    `folder` should name the owning row (`products/P1001`): within it the same content is one file,
    and no owner's clean-up can take away another's. Raises StorageUnavailable.
    """
    key = clean.content_key(folder)
    with _reaching("public") as public:
        present = public.exists(key)
    if not present:
        _put("public", key, clean)
    return key


def read_private(key: str) -> bytes:
    """The whole of a private file. Raises StorageUnavailable, also where nothing lies under the key."""
    with _reaching("default") as private, private.open(key) as file:
        return bytes(file.read())


def private_keys(folder: str) -> list[str]:
    """The keys of what lies in a private folder, none where there is no such. Raises StorageUnavailable."""
    with _reaching("default") as private:
        try:
            _folders, names = private.listdir(folder)
        except FileNotFoundError:
            return []
    return [f"{folder}/{name}" for name in names]


def private_url(key: str) -> str:
    """An absolute link for whoever holds it, dead after SIGNED_LINK_SECONDS: make one for each answer."""
    with _reaching("default") as private:
        return private.url(key)


def open_private(key: str) -> Any:
    """The file itself, for a view that has checked who asks. Raises StorageUnavailable."""
    with _reaching("default") as private:
        return private.open(key)


def public_url(key: str) -> str:
    """The absolute address of a public file; the same for ever. In keys nothing needs quoting."""
    with _reaching("public") as public:
        return f"{_public_base(public)}{key}"


@lru_cache(maxsize=8)
def _public_base(storage: Storage) -> str:
    """What every address begins with: to ask for each of the eighty on a page takes milliseconds."""
    return storage.url("x")[:-1]


def delete_private(key: str) -> None:
    """Safe to repeat; call it after the commit that drops the key. Raises StorageUnavailable."""
    with _reaching("default") as private:
        private.delete(key)


def delete_public(key: str) -> None:
    """Safe to repeat; call it after the commit that drops the key's last use. Raises StorageUnavailable."""
    with _reaching("public") as public:
        public.delete(key)


def check_storage() -> None:
    """Raise StorageUnavailable unless both storages answer; writes nothing, takes at most a few seconds."""
    for alias in ("default", "public"):
        with _reaching(alias) as storage:
            storage.probe()


def _put(alias: str, key: str, clean: CleanFile) -> None:
    file = ContentFile(clean.content)
    file.content_type = clean.content_type  # type: ignore[attr-defined] # S3Storage reads it
    if (mine := _stored.get()) is not None:
        mine.append((alias, key))  # before the call: a put that timed out may still have arrived
    with _reaching(alias) as storage:
        storage.save(key, file)


def _forget(alias: str, key: str) -> None:
    try:
        with _reaching(alias) as storage:
            storage.delete(key)
    except StorageUnavailable:
        logger.warning("file left behind in %s storage: %s", alias, key)


@contextmanager
def _reaching(alias: str) -> Iterator[Any]:
    """The storage; what it raises when it cannot be reached or refuses becomes StorageUnavailable."""
    storage: Any = storages[alias]
    try:
        yield storage
    except storage.TROUBLES as error:
        raise StorageUnavailable from error
