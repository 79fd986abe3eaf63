from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from accounts.models import User
from aqad.lib.files import storage
from audit.models import Entry
from notifications.models import OutboxEvent
from retailers.models import Retailer
from tests.factories import PASSWORD, api_client, pdf_bytes, png_bytes
from vendors import services
from vendors.api.serializers import VendorRegistration
from vendors.models import Vendor, VendorDocument

pytestmark = pytest.mark.django_db


def form(**changes: Any) -> dict[str, Any]:
    """A complete registration; a change to None leaves the field out."""
    fields = {
        "name": "Ahmed",
        "email": "Ahmed@Foods.example",
        "phone": "050 123 4567",
        "password": PASSWORD,
        "company_name": "Ahmed Foods LLC",
        "trade_license_number": "DED-1",
        "trn": "100123456700003",
        "emirate": "DXB",
        "trade_license": SimpleUploadedFile("licence.pdf", pdf_bytes()),
        "vat_certificate": SimpleUploadedFile("vat.png", png_bytes()),
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def register(api: APIClient | None = None, **changes: Any):
    return (api or api_client()).post("/api/vendor/register", form(**changes), format="multipart")


def stored(tmp_path: Path) -> list[Path]:
    return [path for path in tmp_path.rglob("*") if path.is_file()]


def assert_nothing_happened(tmp_path: Path, *, users: int = 0) -> None:
    assert (Vendor.objects.count(), VendorDocument.objects.count(), User.objects.count()) == (0, 0, users)
    assert not Entry.objects.filter(verb="registered", object_kind="Vendor").exists()
    assert not OutboxEvent.objects.filter(kind="vendor_registered").exists()
    assert stored(tmp_path) == []


def test_a_vendor_registers_and_waits_for_approval(tmp_path: Path):
    answer = register(
        logo=SimpleUploadedFile("logo.png", png_bytes()),
        address="Al Quoz 3",
        trade_license_authority="DET",
        trade_license_expiry_date="2027-12-31",
    )
    vendor = Vendor.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": vendor.code,
        "status": "pending_approval",
        "company_name": "Ahmed Foods LLC",
        "email": "ahmed@foods.example",
    }
    assert (vendor.phone, vendor.tin) == ("+971501234567", "1001234567")
    assert {(each.kind, each.status, each.content_type) for each in vendor.documents.all()} == {
        ("trade_license", "pending", "application/pdf"),
        ("vat_certificate", "pending", "image/png"),
    }
    assert len(stored(tmp_path)) == 3
    entry = Entry.objects.get(verb="registered")
    assert (entry.actor_label, entry.object_code) == (f"Vendor {vendor.code}", vendor.code)
    event = OutboxEvent.objects.get(kind="vendor_registered")
    assert (event.recipients, event.context["link"]) == ([vendor.code], "/apply/{token}")


def test_a_waiting_vendor_cannot_sign_in(anonymous_api: APIClient):
    register()
    answer = anonymous_api.post("/api/auth/login", {"email": "ahmed@foods.example", "password": PASSWORD})
    assert (answer.status_code, answer.json()["code"]) == (403, "account_pending_approval")


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("email", "no-address"),
        ("phone", "123"),
        ("trn", "200123456700003"),
        ("emirate", "XYZ"),
        ("password", "short"),
        ("company_name", None),
        ("trade_license", None),
        ("vat_certificate", None),
        ("trade_license_expiry_date", "tomorrow"),
        ("role", "admin"),
    ],
)
def test_a_bad_field_is_named_and_leaves_nothing_behind(tmp_path: Path, field: str, bad: Any):
    answer = register(**{field: bad})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert answer.json()["code"] == "validation_error"
    if field == "email":
        assert answer.json()["message"] == "Invalid email"
    assert_nothing_happened(tmp_path)


@pytest.mark.parametrize(
    ("field", "content"),
    [
        ("trade_license", b"MZ not a document at all"),
        ("trade_license", b""),
        ("vat_certificate", b"%PDF-1.7 broken"),
        ("logo", b"GIF89a nothing"),
    ],
)
def test_a_bad_file_is_an_error_of_its_field_and_leaves_nothing_behind(
    tmp_path: Path, field: str, content: bytes
):
    answer = register(**{field: SimpleUploadedFile("licence.pdf", content, "application/pdf")})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert_nothing_happened(tmp_path)


def test_a_file_over_its_limit_is_413_under_its_field_and_leaves_nothing_behind(tmp_path: Path):
    answer = register(trade_license=SimpleUploadedFile("big.pdf", b"%PDF-" + b"0" * 10 * 1024 * 1024))

    assert answer.status_code == 413
    assert answer.json()["code"] == "file_too_large"
    assert answer.json()["errors"] == {
        "trade_license": ["The file is larger than 10 MiB. Send a smaller one."]
    }
    assert_nothing_happened(tmp_path)


def test_files_are_not_looked_into_while_another_field_is_wrong(monkeypatch: pytest.MonkeyPatch):
    looked: list[Any] = []
    monkeypatch.setattr(VendorRegistration, "files", dict.fromkeys(VendorRegistration.files, looked.append))
    assert register(phone="123").status_code == 400
    assert looked == []


def test_an_email_in_use_by_anybody_is_taken_in_any_case(tmp_path: Path, retailer: Retailer):
    answer = register(email="FATIMA@mart.example")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_exists")
    assert list(answer.json()["errors"]) == ["email"]
    assert_nothing_happened(tmp_path, users=1)


def test_a_rejected_vendor_does_not_register_anew(applicant: Vendor):
    services.reject_vendor(applicant, reason="Illegible", by=None)
    answer = register(email="new@foods.example")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_exists")
    assert Vendor.objects.count() == 1


def test_a_storage_that_fails_leaves_no_half_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    put, puts = storage._put, []

    def failing(alias: str, key: str, clean: Any) -> None:
        puts.append(key)
        if len(puts) == 2:
            raise storage.StorageUnavailable
        put(alias, key, clean)

    monkeypatch.setattr(storage, "_put", failing)
    answer = register()
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    monkeypatch.undo()
    assert len(puts) == 2
    assert_nothing_happened(tmp_path)


def test_a_database_that_refuses_at_the_end_takes_the_files_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise storage.StorageUnavailable

    monkeypatch.setattr("notifications.services.notify_many", refuse)
    assert register().status_code == 503
    assert_nothing_happened(tmp_path)


def test_the_sixth_registration_of_a_minute_is_refused_before_anything_else(tmp_path: Path):
    answers = [register(email="no-address") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [400] * 5 + [429]
    assert int(answers[-1]["Retry-After"]) > 0
    assert_nothing_happened(tmp_path)


def test_json_is_not_a_form(anonymous_api: APIClient):
    answer = anonymous_api.post("/api/vendor/register", {"name": "Ahmed"}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")
