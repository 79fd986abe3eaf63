"""Development's mails: files for their owner alone, since they hold names, addresses and secret links."""

import os
from pathlib import Path
from typing import Any

from django.core.mail.backends import filebased

FOLDER_MODE, FILE_MODE = 0o700, 0o600


class EmailBackend(filebased.EmailBackend):
    """Django's own, in a folder that is closed to others, also where it was open before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        folder = Path(self.file_path)
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(FOLDER_MODE)

    def open(self) -> bool:
        if self.stream is not None:
            return False
        file = os.open(self._get_filename(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, FILE_MODE)
        self.stream = os.fdopen(file, "ab")
        return True
