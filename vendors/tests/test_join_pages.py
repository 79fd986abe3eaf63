"""Applying as a vendor by a page, and the page behind the mailed link."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from tests.factories import PASSWORD, pdf_bytes, png_bytes, token_mailed
from vendors import services
from vendors.models import Vendor, VendorDocument
from vendors.tests.test_registration import assert_nothing_happened, form

pytestmark = pytest.mark.django_db

JOIN = "/register/vendor"


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("new.pdf", pdf_bytes())


def rejected(applicant: Vendor) -> str:
    services.accept_document(applicant, "vat_certificate", by=None)
    services.reject_document(applicant, "trade_license", note="Page 2 is missing", by=None)
    services.reject_vendor(applicant, reason="Licence incomplete", by=None)
    return f"/apply/{token_mailed('vendor_rejected')}"


def test_a_vendor_applies_with_its_documents(client: Client) -> None:
    answer = client.post(JOIN, form(logo=SimpleUploadedFile("logo.png", png_bytes())))
    assert (answer.status_code, answer["Location"]) == (302, f"{JOIN}/sent")
    vendor = Vendor.objects.get()
    assert (vendor.status, vendor.email, vendor.tin) == (
        "pending_approval",
        "ahmed@foods.example",
        "1001234567",
    )
    assert vendor.logo
    assert set(vendor.documents.values_list("kind", flat=True)) == set(VendorDocument.REQUIRED)
    assert "_auth_user_id" not in client.session
    assert client.get(f"/apply/{token_mailed('vendor_registered')}").status_code == 200


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"trn": "123"}, "A TRN has 15 digits"),
        ({"trade_license_expiry_date": "soon"}, "Enter a date, such as 2026-12-31."),
        ({"vat_certificate": None}, "This field is required."),
        ({"vat_certificate": SimpleUploadedFile("x.pdf", b"no document")}, "This is not a PDF, PNG or JPEG"),
        ({"password": "12345678"}, "too common"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    client: Client, tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    page = client.post(JOIN, form(**changes), headers={"X-Browser-Holds-Files": "yes"})
    assert page.status_code == 200
    assert said in page.text
    assert "Please choose your files once more" in page.text
    assert 'value="Ahmed Foods LLC"' in page.text
    assert '<option value="DXB" selected>' in page.text
    assert PASSWORD not in page.text
    assert_nothing_happened(tmp_path)


def test_a_taken_address_is_said_beside_the_email(client: Client, vendor: Vendor) -> None:
    page = client.post(JOIN, form(email="ahmed@foods.example"))
    assert "exists already" in page.text
    assert Vendor.objects.count() == 1


def test_an_applicant_who_signs_in_is_told_to_wait(client: Client, applicant: Vendor) -> None:
    page = client.post("/sign-in", {"email": applicant.email, "password": PASSWORD})
    assert "is being checked" in page.text
    assert "_auth_user_id" not in client.session


def test_the_page_shows_what_to_mend_and_takes_it(client: Client, applicant: Vendor) -> None:
    path = rejected(applicant)
    page = client.get(path).text
    assert "Licence incomplete" in page
    assert "Page 2 is missing" in page
    assert 'name="trade_license"' in page
    assert 'name="vat_certificate"' not in page
    details = {
        "company_name": "New Foods Trading LLC",
        "phone": applicant.phone,
        "trade_license_number": applicant.trade_license_number,
        "trn": applicant.trn,
        "emirate": "SHJ",
    }
    without = client.post(path, details)
    assert "This field is required." in without.text
    applicant.refresh_from_db()
    assert (applicant.status, applicant.company_name) == ("rejected", "New Foods LLC")
    assert client.post(path, {**details, "trade_license": paper()}).status_code == 302
    applicant.refresh_from_db()
    assert (applicant.status, applicant.emirate) == ("pending_approval", "SHJ")
    assert "We are checking your documents" in client.get(path).text


def test_an_application_that_waits_takes_nothing(client: Client, applicant: Vendor) -> None:
    path = f"/apply/{token_mailed('vendor_registered')}"
    assert client.post(path, {"company_name": "Other LLC", "trade_license": paper()}).status_code == 200
    applicant.refresh_from_db()
    assert applicant.company_name == "New Foods LLC"
    assert applicant.documents.count() == 2


def test_an_unknown_link_offers_a_new_one(client: Client, applicant: Vendor) -> None:
    page = client.get("/apply/nonsense")
    assert page.status_code == 404
    assert "Mail me the link" in page.text
    assert applicant.company_name not in page.text
    asked = client.post("/apply", {"email": applicant.email}, follow=True)
    assert "a link is on its way" in asked.text
    assert client.get(f"/apply/{token_mailed('application_link')}").status_code == 200


def test_asking_for_an_unknown_address_looks_the_same(client: Client) -> None:
    asked = client.post("/apply", {"email": "nobody@foods.example"}, follow=True)
    assert "a link is on its way" in asked.text
    assert not User.objects.exists()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_carry_no_inline_code(client: Client, applicant: Vendor, language: str) -> None:
    page = client.get(rejected(applicant), headers={"Accept-Language": language})
    assert "no-store" in page["Cache-Control"]
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", page.text)
