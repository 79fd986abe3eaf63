"""Applications whose pictures would cost much: few at once, the others refused with what to do."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from aqad.lib.files import picture_work
from aqad.lib.limited_process.turns import Lane, take_turn
from retailers.models import Retailer
from tests.factories import png_bytes
from vendors.models import Vendor
from vendors.tests.test_registration import form, register

pytestmark = pytest.mark.django_db
STRANGERS = Lane("strangers", at_once=1, threads=9)


@pytest.fixture
def all_turns_taken(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Somebody else's picture is being decoded, and nobody waits for it."""
    settings.DATA_DIR = tmp_path_factory.mktemp("data")
    settings.LIMITED_WAIT_SECONDS = 0
    with take_turn(STRANGERS, within=0):
        yield


def with_logo() -> dict[str, Any]:
    return {"logo": SimpleUploadedFile("logo.png", png_bytes())}


@pytest.mark.usefixtures("all_turns_taken")
def test_the_api_says_that_it_is_busy_and_keeps_nothing(tmp_path: Path) -> None:
    answer = register(**with_logo())
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer["Retry-After"]) > 0
    assert "Wait a moment" in answer.json()["message"]
    assert (Vendor.objects.count(), User.objects.count()) == (0, 0)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.usefixtures("all_turns_taken")
@pytest.mark.parametrize(("language", "words"), [("en", "Wait a moment"), ("ar", "انتظر لحظات")])
def test_the_page_says_so_and_keeps_what_was_typed(language: str, words: str) -> None:
    answer = Client(headers={"accept-language": language}).post("/register/vendor", form(**with_logo()))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert 'value="Ahmed Foods LLC"' in answer.content.decode()
    assert not Vendor.objects.exists()


@pytest.mark.usefixtures("all_turns_taken")
def test_who_is_signed_in_has_a_turn_beside_them(retailer: Retailer, vendor: Vendor, vendor_api: Any) -> None:
    answer = vendor_api.patch("/api/vendor/profile", with_logo(), format="multipart")
    assert answer.status_code == 200


def test_who_waits_is_served_when_the_turn_is_given_back(
    settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> None:
    settings.DATA_DIR = tmp_path_factory.mktemp("data")
    settings.LIMITED_WAIT_SECONDS = 60
    held, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with take_turn(STRANGERS, within=0):
            held.set()
            enough.wait(60)

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(30)
    threading.Timer(0.3, enough.set).start()
    assert register(**with_logo()).status_code == 201
    other.join()


def test_no_picture_is_decoded_in_the_process_that_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("decoded here")

    monkeypatch.setattr(picture_work, "rewrite_picture", refuse)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", refuse)
    assert register(**with_logo()).status_code == 201
