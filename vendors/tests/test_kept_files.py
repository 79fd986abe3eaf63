"""A refused form keeps its files where no script does: nobody has to look for them a second time."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aqad.lib.files import storage
from aqad.lib.web import kept_uploads
from tests.factories import pdf_bytes, png_bytes
from vendors.models import Vendor
from vendors.tasks import forget_kept_uploads
from vendors.tests.test_join_pages import JOIN, paper, rejected
from vendors.tests.test_registration import form

pytestmark = pytest.mark.django_db

FILES = ("trade_license", "vat_certificate", "logo")


def kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "private" / "kept").glob("*"))


def without_files(**changes: Any) -> dict[str, Any]:
    return form(**dict.fromkeys(FILES), **changes)


def test_files_of_a_refused_application_need_not_be_sent_again(client: Client, tmp_path: Path) -> None:
    licence, logo = pdf_bytes(), SimpleUploadedFile("logo.png", png_bytes())
    sent = {"trade_license": SimpleUploadedFile("licence.pdf", licence), "logo": logo}
    refused = client.post(JOIN, form(trn="123", **sent))
    assert "A TRN has 15 digits" in refused.text
    assert "<bdi>licence.pdf</bdi> is here already" in refused.text
    assert "Please choose your files once more" not in refused.text
    assert len(kept(tmp_path)) == 3
    assert not Vendor.objects.exists()

    answer = client.post(JOIN, without_files())

    assert answer.status_code == 302
    vendor = Vendor.objects.get()
    assert vendor.logo
    stored = {each.kind: storage.read_private(each.file) for each in vendor.documents.all()}
    assert stored["trade_license"] == licence
    assert set(stored) == {"trade_license", "vat_certificate"}
    assert kept(tmp_path) == []


def test_a_bad_file_is_named_at_once_and_not_kept(client: Client, tmp_path: Path) -> None:
    bad = SimpleUploadedFile("vat.pdf", b"no document")
    refused = client.post(JOIN, form(trn="123", vat_certificate=bad))
    assert "This is not a PDF, PNG or JPEG" in refused.text
    assert "A TRN has 15 digits" in refused.text
    assert [path.suffix for path in kept(tmp_path)] == [".pdf"]

    missing = client.post(JOIN, without_files())

    assert "This field is required." in missing.text
    assert "<bdi>licence.pdf</bdi> is here already" in missing.text
    assert not Vendor.objects.exists()


def test_another_file_takes_the_place_of_the_one_kept(client: Client, tmp_path: Path) -> None:
    client.post(JOIN, form(trn="123"))
    [first] = [path for path in kept(tmp_path) if path.suffix == ".pdf"]
    newer = SimpleUploadedFile("licence.png", png_bytes(30))
    client.post(JOIN, without_files(trn="123") | {"trade_license": newer})
    assert not first.exists()
    assert len(kept(tmp_path)) == 2

    assert client.post(JOIN, without_files()).status_code == 302
    assert Vendor.objects.get().documents.get(kind="trade_license").file.endswith(".png")


def test_only_the_session_that_sent_a_file_has_it(client: Client, tmp_path: Path) -> None:
    client.post(JOIN, form(trn="123"))
    stranger = Client()
    refused = stranger.post(JOIN, without_files())
    assert refused.text.count("This field is required.") >= 2
    assert "is here already" not in refused.text
    assert not Vendor.objects.exists()
    assert len(kept(tmp_path)) == 2


def test_a_browser_with_the_script_keeps_its_files_itself(client: Client, tmp_path: Path) -> None:
    client.post(JOIN, form(trn="123"), headers={"X-Browser-Holds-Files": "yes"})
    assert kept(tmp_path) == []


def test_a_storage_that_is_down_means_choosing_once_more(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def down(*_parts: Any, **_options: Any) -> str:
        raise storage.StorageUnavailable

    monkeypatch.setattr(kept_uploads, "store_private", down)
    refused = client.post(JOIN, form(trn="123"))
    assert refused.status_code == 200
    assert "Please choose your files once more" in refused.text
    assert kept(tmp_path) == []


def test_what_is_kept_for_an_hour_is_forgotten(client: Client, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    client.post(JOIN, form(trn="123"))
    with time_machine.travel(now + timedelta(minutes=55), tick=False):
        assert forget_kept_uploads() == 0
    with time_machine.travel(now + timedelta(minutes=61), tick=False):
        assert "This field is required." in client.post(JOIN, without_files()).text
        assert forget_kept_uploads() == 2
    assert kept(tmp_path) == []
    assert forget_kept_uploads() == 0


def test_a_correction_keeps_its_document_too(client: Client, applicant: Vendor, tmp_path: Path) -> None:
    path = rejected(applicant)
    details = {
        "company_name": "New Foods Trading LLC",
        "phone": applicant.phone,
        "trade_license_number": applicant.trade_license_number,
        "trn": "123",
        "emirate": "SHJ",
    }
    refused = client.post(path, {**details, "trade_license": paper()})
    assert "<bdi>new.pdf</bdi> is here already" in refused.text
    assert "is here already" not in client.get(JOIN).text  # another form

    assert client.post(path, {**details, "trn": applicant.trn}).status_code == 302
    applicant.refresh_from_db()
    assert (applicant.status, applicant.emirate) == ("pending_approval", "SHJ")
    assert kept(tmp_path) == []
