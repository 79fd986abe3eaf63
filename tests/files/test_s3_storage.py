"""Files on S3, against a real server with real signatures (`rclone serve s3`).

rclone knows no bucket policies, so nobody reads without a signature there: that public files can be
read by anyone is the bucket's policy; here their address and headers are checked by a signed read.
"""

import time
from pathlib import Path

import pytest
import requests
from django.core.files.storage import storages
from django.test import Client, override_settings
from pytest_django import Settings

from aqad.lib.files import storage
from aqad.lib.files.clean_file import CleanFile
from aqad.lib.files.storage import StorageUnavailable
from tests.files.conftest import BUCKET, Bucket, free_port, start_s3_server, use_s3


def get(url: str) -> requests.Response:
    return requests.get(url, timeout=5)


def test_a_private_file_is_read_by_its_presigned_link(s3: Bucket, document: CleanFile) -> None:
    key = storage.store_private(document, "vendors/V1001")
    assert s3.keys() == [f"private/{key}"]
    response = get(storage.private_url(key))
    assert response.status_code == 200
    assert response.content == document.content
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_private_file_needs_a_signature_and_the_right_one(s3: Bucket, document: CleanFile) -> None:
    mine = storage.private_url(storage.store_private(document, "vendors/V1001"))
    other = storage.private_url(storage.store_private(document, "vendors/V1002"))
    tampered = f"{mine.split('?')[0]}?{other.split('?')[1]}"
    assert get(tampered).status_code == 403
    assert not get(mine.split("?")[0]).ok


def test_a_presigned_link_expires(s3: Bucket, document: CleanFile) -> None:
    key = storage.store_private(document, "vendors/V1001")
    with override_settings(SIGNED_LINK_SECONDS=1):
        link = storage.private_url(key)
    assert "X-Amz-Expires=1&" in link
    assert "X-Amz-Expires=300&" in storage.private_url(key)
    deadline = time.monotonic() + 10
    while get(link).ok and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not get(link).ok


def test_a_public_file_has_a_lasting_address_and_lasting_headers(s3: Bucket, photo: CleanFile) -> None:
    key = storage.store_public(photo, "products/P1001")
    assert key == photo.content_key("products/P1001")
    assert storage.public_url(key) == f"{s3.endpoint}/{s3.folder.name}/public/{key}"
    head = storages["public"].connection.meta.client.head_object(Bucket=s3.folder.name, Key=f"public/{key}")
    assert head["CacheControl"] == "public, max-age=31536000, immutable"
    assert head["ContentType"] == "image/webp"
    assert head["ContentLength"] == len(photo.content)


def test_a_public_file_that_is_there_is_not_sent_again(s3: Bucket, photo: CleanFile) -> None:
    key = storage.store_public(photo, "products/P1001")
    stored = s3.folder / "public" / key
    written = stored.stat().st_mtime_ns
    assert storage.store_public(photo, "products/P1001") == key
    assert stored.stat().st_mtime_ns == written


def test_a_block_that_fails_leaves_no_new_object(s3: Bucket, document: CleanFile, photo: CleanFile) -> None:
    before = storage.store_public(photo, "products/P1001")

    @storage.stored_files()
    def store_and_fail() -> None:
        storage.store_private(document, "vendors/V1001")
        storage.store_public(photo, "products/P1001")
        storage.store_public(CleanFile(b"RIFF other", "image/webp", "webp"), "products/P1001")
        assert len(s3.keys()) == 3
        raise LookupError

    with pytest.raises(LookupError):
        store_and_fail()
    assert s3.keys() == [f"public/{before}"]


def test_deleting_is_safe_to_repeat(s3: Bucket, document: CleanFile) -> None:
    key = storage.store_private(document, "vendors/V1001")
    storage.delete_private(key)
    storage.delete_private(key)
    assert s3.keys() == []


def test_the_check_writes_nothing_and_sees_a_missing_bucket(s3: Bucket) -> None:
    storage.check_storage()
    assert s3.keys() == []
    with use_s3(s3.endpoint, bucket="missing"), pytest.raises(StorageUnavailable):
        storage.check_storage()


def test_a_server_that_dies_is_a_storage_that_is_down(
    tmp_path: Path, document: CleanFile, photo: CleanFile
) -> None:
    (tmp_path / BUCKET).mkdir()
    server = start_s3_server(tmp_path / BUCKET, free_port())
    with use_s3(server.endpoint):
        key = storage.store_private(document, "vendors/V1001")
        server.process.kill()
        server.process.wait(10)
        for attempt in (
            lambda: storage.store_private(document, "vendors/V1001"),
            lambda: storage.store_public(photo, "products/P1001"),
            lambda: storage.delete_private(key),
            storage.check_storage,
        ):
            with pytest.raises(StorageUnavailable):
                attempt()
        assert storage.private_url(key)  # links are made without asking the server
    assert server.keys() == [f"private/{key}"]


def test_a_failed_clean_up_does_not_hide_why_the_block_failed(
    tmp_path: Path, document: CleanFile, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / BUCKET).mkdir()
    server = start_s3_server(tmp_path / BUCKET, free_port())

    @storage.stored_files()
    def store_and_fail() -> None:
        storage.store_private(document, "vendors/V1001")
        server.process.kill()
        server.process.wait(10)
        raise LookupError

    with use_s3(server.endpoint), pytest.raises(LookupError):
        store_and_fail()
    assert server.keys()[0].removeprefix("private/") in caplog.text


def test_the_folder_views_answer_not_found_when_files_are_on_s3(
    s3: Bucket, photo: CleanFile, settings: Settings
) -> None:
    settings.MIDDLEWARE = []
    settings.ROOT_URLCONF = "aqad.lib.files.urls"
    key = storage.store_public(photo, "products/P1001")
    assert Client().get(f"/media/{key}").status_code == 404
