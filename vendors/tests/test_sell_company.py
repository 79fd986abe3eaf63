"""A vendor's page about itself."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.factories import pdf_bytes, png_bytes
from vendors.models import Vendor

SENT = {"phone": "04 234 5678", "emirate": "SHJ", "address": "Warehouse 3", "min_order_value": "250"}


@pytest.fixture
def page(vendor_user: User) -> Client:
    client = Client()
    client.force_login(vendor_user)
    return client


def test_a_vendor_changes_what_no_document_vouches_for(page: Client, vendor: Vendor) -> None:
    logo = SimpleUploadedFile("logo.png", png_bytes(), "image/png")
    assert page.post("/sell/company", {**SENT, "logo": logo, "company_name": "Other"}).status_code == 302
    vendor.refresh_from_db()
    assert (vendor.phone, vendor.emirate, vendor.min_order_value) == ("+97142345678", "SHJ", Decimal(250))
    assert vendor.logo
    assert vendor.company_name == "Ahmed Foods LLC"


@pytest.mark.parametrize(("name", "typed"), [("phone", "12"), ("min_order_value", "-1"), ("emirate", "XXX")])
def test_a_wrong_value_is_refused_beside_its_field(
    name: str, typed: str, page: Client, vendor: Vendor
) -> None:
    html = page.post("/sell/company", {**SENT, name: typed}).content.decode()
    assert f'id="id_{name}_error"' in html
    assert 'value="Warehouse 3"' in html
    vendor.refresh_from_db()
    assert vendor.address == "Warehouse 9, Al Quoz"


def test_a_newer_document_waits_beside_the_accepted_one(page: Client, vendor: Vendor) -> None:
    file = SimpleUploadedFile("licence.pdf", pdf_bytes(), "application/pdf")
    assert page.post("/sell/company/documents/trade_license", {"file": file}).status_code == 302
    assert sorted(vendor.documents.filter(kind="trade_license").values_list("status", flat=True)) == [
        "accepted",
        "pending",
    ]
    assert page.get("/sell/company").content.decode().count("Being checked") == 1


def test_a_file_that_is_no_document_is_refused_beside_the_field(page: Client, vendor: Vendor) -> None:
    fake = SimpleUploadedFile("licence.pdf", b"hello", "application/pdf")
    answer = page.post("/sell/company/documents/trade_license", {"file": fake})
    assert 'id="trade_license_file_error"' in answer.content.decode()
    assert vendor.documents.count() == 2
    assert page.post("/sell/company/documents/passport", {"file": fake}).status_code == 404


@pytest.mark.parametrize(("days", "says"), [(-1, "ran out on"), (20, "runs until"), (200, "")])
def test_a_licence_that_ends_is_said(days: int, says: str, page: Client, vendor: Vendor) -> None:
    Vendor.objects.filter(pk=vendor.pk).update(
        trade_license_expiry_date=timezone.localdate() + timedelta(days=days)
    )
    html = page.get("/sell/company").content.decode()
    assert (says in html) if says else ("ran out on" not in html and "runs until" not in html)


def test_only_vendors_have_a_company_page(retailer_user: User) -> None:
    client = Client()
    client.force_login(retailer_user)
    assert client.get("/sell/company").status_code == 403
    assert client.post("/sell/company", SENT).status_code == 403
