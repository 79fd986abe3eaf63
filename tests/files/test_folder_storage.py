"""Files in folders: private ones by signed links, public ones under content-hashed names."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core import signing
from django.test import Client, override_settings
from django.utils import timezone
from pytest_django import Settings

from aqad.lib.files import storage
from aqad.lib.files.clean_file import CleanFile
from aqad.lib.files.images import clean_image
from aqad.lib.files.storage import LINK_SALT, StorageUnavailable

pytestmark = [
    pytest.mark.urls("aqad.lib.files.urls"),
    pytest.mark.usefixtures("folders"),
    pytest.mark.django_db,  # an answer that is closed looks after the process's database connection
]


@pytest.fixture
def visitor() -> Client:
    return Client()


@pytest.fixture(autouse=True)
def bare_requests(settings: Settings) -> None:
    """Only these views: no sessions, limits or languages, which need services of their own."""
    settings.MIDDLEWARE = []


def files_in(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def path_of(url: str) -> str:
    assert url.startswith("https://aqad.test/")
    return urlsplit(url).path


def test_a_private_file_is_read_by_its_link_and_nothing_else(visitor: Client, document: CleanFile) -> None:
    key = storage.store_private(document, "vendors/V1001")
    response = visitor.get(path_of(storage.private_url(key)))
    assert response.status_code == 200
    assert b"".join(response.streaming_content) == document.content
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == f'inline; filename="{Path(key).name}"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert "sandbox" in response["Content-Security-Policy"]
    assert visitor.get(f"/media/{key}").status_code == 404
    assert visitor.get(f"/files/{key}").status_code == 404
    assert visitor.post(path_of(storage.private_url(key))).status_code == 405


def test_private_keys_cannot_be_guessed_from_the_content(document: CleanFile) -> None:
    keys = {storage.store_private(document, "vendors/V1001") for _ in range(3)}
    assert len(keys) == 3
    assert all(document.sha256[2:] not in key for key in keys)


def test_a_link_dies_after_its_seconds(visitor: Client, document: CleanFile) -> None:
    key = storage.store_private(document, "vendors/V1001")
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock, override_settings(SIGNED_LINK_SECONDS=300):
        link = path_of(storage.private_url(key))
        clock.move_to(now + timedelta(seconds=299))
        response = visitor.get(link)
        assert response.status_code == 200
        response.close()
        clock.move_to(now + timedelta(seconds=302))
        assert visitor.get(link).status_code == 404


def test_a_changed_link_is_not_found(visitor: Client, document: CleanFile) -> None:
    mine = path_of(storage.private_url(storage.store_private(document, "vendors/V1001")))
    other = path_of(storage.private_url(storage.store_private(document, "vendors/V1002")))
    body, signature = mine.rsplit(":", 1)[0], other.rsplit(":", 1)[1]
    for changed in (f"{body}:{signature}", mine[:-1], f"{mine}x", "/files/x", "/files/a:b:c"):
        assert visitor.get(changed).status_code == 404


def test_a_link_signed_for_another_purpose_or_with_another_key_is_not_found(
    visitor: Client, document: CleanFile
) -> None:
    key = storage.store_private(document, "vendors/V1001")
    assert visitor.get(f"/files/{signing.dumps(key, salt='another purpose')}").status_code == 404
    assert visitor.get(f"/files/{signing.dumps(key, key='x' * 50, salt=LINK_SALT)}").status_code == 404


@pytest.mark.parametrize(
    "key", ["../secret.pdf", "/etc/passwd", "vendors/page.html", "vendors/missing.pdf", "a/b"]
)
def test_not_even_a_signed_link_leaves_the_folder(visitor: Client, folders: Path, key: str) -> None:
    (folders / "private/vendors").mkdir(parents=True)
    (folders / "secret.pdf").write_bytes(b"secret")
    (folders / "private/vendors/page.html").write_bytes(b"<script>")
    assert visitor.get(f"/files/{signing.dumps(key, salt=LINK_SALT)}").status_code == 404


def test_a_public_image_is_served_for_ever_under_its_hash(
    visitor: Client, picture: Callable[..., bytes], tmp_path: Path
) -> None:
    (tmp_path / "upload").write_bytes(picture("PNG"))
    with (tmp_path / "upload").open("rb") as upload:
        image = clean_image(upload)
    key = storage.store_public(image, "products/P1001")
    assert key == image.content_key("products/P1001")
    assert storage.public_url(key) == f"https://aqad.test/media/{key}"
    response = visitor.get(path_of(storage.public_url(key)))
    assert b"".join(response.streaming_content) == image.content
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/media/../private/vendors/a.png",
        "/media/..%2fprivate%2fvendors%2fa.png",
        "/media//etc/passwd",
        "/media/%2e%2e/private/vendors/a.png",
        "/media/products/page.html",
        "/media/products/.part-a.png",
        "/media/products/a.png%00",
        "/media/products",
        "/media/",
    ],
)
def test_public_paths_reach_only_public_images(visitor: Client, folders: Path, path: str) -> None:
    for name in ("private/vendors/a.png", "public/products/page.html", "public/products/.part-a.png"):
        (folders / name).parent.mkdir(parents=True, exist_ok=True)
        (folders / name).write_bytes(b"secret")
    assert visitor.get(path).status_code == 404


def test_the_same_public_content_is_stored_once(folders: Path, photo: CleanFile) -> None:
    first = storage.store_public(photo, "products/P1001")
    (folders / "public" / first).write_bytes(b"kept as it is")
    assert storage.store_public(photo, "products/P1001") == first
    assert (folders / "public" / first).read_bytes() == b"kept as it is"
    assert files_in(folders) == [f"public/{first}"]


def test_deleting_is_safe_to_repeat(folders: Path, document: CleanFile, photo: CleanFile) -> None:
    private, public = storage.store_private(document, "vendors"), storage.store_public(photo, "products")
    for _ in range(2):
        storage.delete_private(private)
        storage.delete_public(public)
    assert files_in(folders) == []


def test_a_block_that_fails_leaves_no_new_file(folders: Path, document: CleanFile, photo: CleanFile) -> None:
    before = storage.store_public(photo, "products/P1001")
    new = CleanFile(b"RIFF other", "image/webp", "webp")

    @storage.stored_files()
    def store_and_fail() -> None:
        storage.store_private(document, "vendors/V1001")
        storage.store_public(photo, "products/P1001")
        storage.store_public(new, "products/P1001")
        assert len(files_in(folders)) == 3
        raise LookupError

    with pytest.raises(LookupError):
        store_and_fail()
    assert files_in(folders) == [f"public/{before}"]


def test_a_block_that_ends_well_keeps_its_files(folders: Path, document: CleanFile) -> None:
    with storage.stored_files():
        storage.store_private(document, "vendors/V1001")
    assert len(files_in(folders)) == 1


def test_an_outer_block_that_fails_takes_the_inner_one_with_it(folders: Path, document: CleanFile) -> None:
    @storage.stored_files()
    def store_and_fail() -> None:
        with storage.stored_files():
            storage.store_private(document, "vendors/V1001")
        raise LookupError

    with pytest.raises(LookupError):
        store_and_fail()
    assert files_in(folders) == []


def test_a_folder_that_cannot_be_written_is_a_storage_that_is_down(
    folders: Path, document: CleanFile
) -> None:
    storage.check_storage()
    assert files_in(folders) == []
    (folders / "private").write_bytes(b"a file in the way")
    with pytest.raises(StorageUnavailable) as refusal:
        storage.store_private(document, "vendors/V1001")
    assert (refusal.value.code, refusal.value.status) == ("unavailable", 503)
    with pytest.raises(StorageUnavailable):
        storage.check_storage()
    assert files_in(folders) == ["private"]


def test_no_part_of_a_file_stays_when_writing_fails(
    folders: Path, document: CleanFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StorageUnavailable):
        storage.store_private(document, "vendors/V1001")
    assert files_in(folders) == []
