"""Files of a refused form, held until it comes again: without a script no browser sends them twice.

Only files that passed their checks are held, in the private storage, for KEPT_SECONDS. Their keys stand in
the session and nowhere else, so nobody but the sender can have them used; nothing ever serves them. What
comes back goes through the checks of the form again (docs/decisions/files-of-refused-forms.md).
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

from django.contrib.sessions.backends.base import SessionBase
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from aqad.lib.files.clean_file import CleanFile
from aqad.lib.files.storage import (
    StorageUnavailable,
    delete_private,
    private_keys,
    read_private,
    store_private,
    stored_files,
)

Files: TypeAlias = Sequence[Sequence[str]]  # of each its key and its name; a session keeps them as lists

KEPT_SECONDS = 3600
FOLDER = "kept"
NAME_MAX = 120  # letters of a file's name that are shown again
_IN_SESSION = "kept_uploads"


class KeptUploads:
    """The files that one session has waiting for one form."""

    def __init__(self, session: SessionBase, form: str) -> None:
        self._session, self._form = session, form

    @property
    def names(self) -> dict[str, list[str]]:
        """What the sender called the files, by field."""
        return {field: [name for _key, name in files] for field, files in self._fresh()}

    def added_to(self, sent: "MultiValueDict[str, Any]") -> "MultiValueDict[str, Any]":
        """The files that were sent, and for fields without one those held; what is gone is left out."""
        together = sent.copy()
        for field, files in self._fresh():
            if field not in sent:
                with suppress(StorageUnavailable):
                    together.setlist(
                        field, [SimpleUploadedFile(name, read_private(key)) for key, name in files]
                    )
        return together

    def keep(self, field: str, files: Iterable[tuple[CleanFile, str]]) -> None:
        """Hold files, each with its name, instead of those held for `field`. Raises StorageUnavailable."""
        mark = f"{int(time.time())}-"
        with stored_files():
            kept = [(store_private(clean, FOLDER, mark=mark), name[:NAME_MAX]) for clean, name in files]
        held = self._held()
        _delete(held.get(field, []))
        self._write({**held, field: kept})

    def forget(self) -> None:
        """Let go of all of them: the form went through."""
        if held := self._held():
            for files in held.values():
                _delete(files)
            self._write({})

    def _held(self) -> dict[str, Files]:
        held: dict[str, Files] = self._session.get(_IN_SESSION, {}).get(self._form, {})
        return held

    def _fresh(self) -> Iterator[tuple[str, Files]]:
        every = self._held().items()
        return ((field, files) for field, files in every if not any(_is_old(key) for key, _name in files))

    def _write(self, held: dict[str, Files]) -> None:
        forms = {**self._session.get(_IN_SESSION, {}), self._form: held}
        if waiting := {form: files for form, files in forms.items() if files}:
            self._session[_IN_SESSION] = waiting
        else:
            self._session.pop(_IN_SESSION, None)  # a visitor's session then needs no row any more


def forget_old_uploads() -> int:
    """Delete what was held longer than KEPT_SECONDS, whosever it was. Returns how many; safe to repeat."""
    old = [key for key in private_keys(FOLDER) if _is_old(key)]
    for key in old:
        delete_private(key)
    return len(old)


def _is_old(key: str) -> bool:
    at = key.removeprefix(f"{FOLDER}/").partition("-")[0]
    return at.isdigit() and int(at) + KEPT_SECONDS < time.time()


def _delete(files: Files) -> None:
    for key, _name in files:
        with suppress(StorageUnavailable):  # forget_old_uploads comes by
            delete_private(key)
