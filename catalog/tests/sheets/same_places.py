"""Settings of a worker that a test starts as a process of its own: the test's database and files."""

import os

from aqad.settings import *  # noqa: F403
from aqad.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["SHEETS_TEST_DATABASE"]
STORAGES = {
    **globals()["STORAGES"],
    "default": {
        "BACKEND": "aqad.lib.files.storage.PrivateFolderStorage",
        "OPTIONS": {"location": os.environ["SHEETS_TEST_FILES"]},
    },
}
