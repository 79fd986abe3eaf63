"""Where the tests of files keep files: folders of their own, or a real S3 server (rclone) on loopback."""

import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.test import override_settings
from PIL import Image

from aqad.lib.files.clean_file import CleanFile

STATIC = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
BUCKET = "aqad"
S3_KEY, S3_SECRET = "AQADKEY", "aqad-secret"


@pytest.fixture
def folders(tmp_path: Path) -> Iterator[Path]:
    """Both storages in folders `private` and `public` under the returned path."""
    stores = {
        "default": {
            "BACKEND": "aqad.lib.files.storage.PrivateFolderStorage",
            "OPTIONS": {"location": tmp_path / "private"},
        },
        "public": {
            "BACKEND": "aqad.lib.files.storage.PublicFolderStorage",
            "OPTIONS": {"location": tmp_path / "public", "base_url": "https://aqad.test/media/"},
        },
        "staticfiles": STATIC,
    }
    with override_settings(STORAGES=stores, PUBLIC_URL="https://aqad.test"):
        yield tmp_path


@dataclass
class Bucket:
    """A running S3 server: `endpoint` is its address, `folder` shows what the bucket holds."""

    endpoint: str
    folder: Path
    process: subprocess.Popen[bytes]

    def keys(self) -> list[str]:
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    folder = tmp_path_factory.mktemp("s3") / BUCKET
    folder.mkdir()
    server = start_s3_server(folder, free_port())
    yield server
    server.process.terminate()
    server.process.wait(10)


@pytest.fixture
def s3(s3_server: Bucket) -> Iterator[Bucket]:
    """Both storages on the S3 server, in a bucket of this test's own."""
    name = f"aqad-{uuid.uuid4().hex}"
    with use_s3(s3_server.endpoint, name):
        storages["default"].connection.create_bucket(Bucket=name)
        yield replace(s3_server, folder=s3_server.folder.with_name(name))


def start_s3_server(folder: Path, port: int) -> Bucket:
    """Serve the folder's parent, so that the folder is the bucket; returns once it accepts connections."""
    rclone = Path(sys.executable).with_name("rclone")
    address = f"127.0.0.1:{port}"
    options = ["--addr", address, "--auth-key", f"{S3_KEY},{S3_SECRET}", "--config", "/dev/null"]
    process = subprocess.Popen(
        [rclone, "serve", "s3", *options, folder.parent],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return Bucket(f"http://{address}", folder, process)
        time.sleep(0.05)
    process.kill()
    raise RuntimeError("rclone did not start")


def use_s3(endpoint: str, bucket: str = BUCKET) -> override_settings:
    options = {
        "bucket_name": bucket,
        "endpoint_url": endpoint,
        "access_key": S3_KEY,
        "secret_key": S3_SECRET,
        "file_overwrite": True,
        "default_acl": None,
    }
    stores = {
        "default": {
            "BACKEND": "aqad.lib.files.buckets.PrivateS3Storage",
            "OPTIONS": {**options, "location": "private"},
        },
        "public": {
            "BACKEND": "aqad.lib.files.buckets.PublicS3Storage",
            "OPTIONS": {**options, "location": "public"},
        },
        "staticfiles": STATIC,
    }
    return override_settings(STORAGES=stores)


def free_port() -> int:
    with closing(socket.socket()) as finder:
        finder.bind(("127.0.0.1", 0))
        return int(finder.getsockname()[1])


@pytest.fixture
def picture() -> Callable[..., bytes]:
    """Makes an image file: `picture("PNG", size=(8, 8), mode="RGB")`."""

    def make(kind: str = "PNG", *, size: tuple[int, int] = (40, 30), mode: str = "RGB", **save: Any) -> bytes:
        buffer = BytesIO()
        Image.new(mode, size, 0).save(buffer, kind, **save)
        return buffer.getvalue()

    return make


@pytest.fixture
def document() -> CleanFile:
    return CleanFile(b"%PDF-1.4 a licence", "application/pdf", "pdf")


@pytest.fixture
def photo() -> CleanFile:
    return CleanFile(b"RIFF pixels", "image/webp", "webp", 4, 3)
