import logging
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from rest_framework.test import APIClient

from accounts import services as accounts
from aqad.lib.web.masking import mask_path
from audit.models import Entry
from notifications.models import OutboxEvent
from tests.factories import api_client, pdf_bytes, token_mailed
from vendors import services
from vendors.models import Vendor, VendorDocument

pytestmark = pytest.mark.django_db


def look(token: str):
    return api_client().get(f"/api/vendor/application/{token}")


def send(token: str, **fields: Any):
    return api_client().post(f"/api/vendor/application/{token}", fields, format="multipart")


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("new.pdf", pdf_bytes())


def reject(vendor: Vendor) -> str:
    """Reject the licence and the application; returns the new link's token."""
    services.accept_document(vendor, "vat_certificate", by=None)
    services.reject_document(vendor, "trade_license", note="Page 2 is missing", by=None)
    services.reject_vendor(vendor, reason="Licence incomplete", by=None)
    return token_mailed("vendor_rejected")


def test_the_mailed_link_shows_the_application_without_a_sign_in(applicant: Vendor):
    body = look(token_mailed("vendor_registered")).json()
    assert (body["id"], body["status"], body["company_name"]) == (
        applicant.code,
        "pending_approval",
        "New Foods LLC",
    )
    assert {each["kind"]: each["status"] for each in body["documents"]} == {
        "trade_license": "pending",
        "vat_certificate": "pending",
    }
    assert "url" not in body["documents"][0]


@pytest.mark.parametrize("token", ["0" * 48, "x", "link2"])
def test_any_other_token_finds_nothing(applicant: Vendor, token: str):
    assert look(token).status_code == 404
    assert send(token).status_code == 404


def test_a_rejection_sends_one_mail_that_lists_what_to_mend_with_a_new_link(applicant: Vendor):
    first = token_mailed("vendor_registered")
    second = reject(applicant)
    event = OutboxEvent.objects.get(kind="vendor_rejected")
    assert event.context["reason"] == "Licence incomplete"
    assert event.context["documents"] == [{"kind": "trade_license", "note": "Page 2 is missing"}]
    assert OutboxEvent.objects.filter(about=applicant.code).count() == 2
    assert look(first).status_code == 404
    body = look(second).json()
    assert (body["status"], body["reason"]) == ("rejected", "Licence incomplete")
    assert [each["note"] for each in body["documents"] if each["kind"] == "trade_license"] == [
        "Page 2 is missing"
    ]


def test_a_corrected_application_waits_for_a_decision_again(applicant: Vendor):
    token = reject(applicant)
    answer = send(token, trade_license=paper(), company_name="New Foods Trading LLC", trn="100999999900003")
    assert answer.status_code == 200
    assert answer.json()["status"] == "pending_approval"
    assert {each["kind"]: each["status"] for each in answer.json()["documents"]} == {
        "trade_license": "pending",
        "vat_certificate": "accepted",
    }
    vendor = Vendor.objects.get()
    assert (vendor.company_name, vendor.tin, vendor.decision_reason) == (
        "New Foods Trading LLC",
        "1009999999",
        "",
    )
    assert vendor.members.get().user.access == "pending_approval"
    assert OutboxEvent.objects.get(kind="vendor_resubmitted").recipients == ["staff"]
    assert Entry.objects.filter(verb="resubmitted", object_code=vendor.code).count() == 1
    assert look(token).status_code == 200


def test_every_rejected_document_must_be_replaced(applicant: Vendor, tmp_path):
    token = reject(applicant)
    files = len(list(tmp_path.rglob("*.pdf")))
    answer = send(token, company_name="Other Name")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["trade_license"])
    assert Vendor.objects.get().status == "rejected"
    assert Vendor.objects.get().company_name == "New Foods LLC"
    assert len(list(tmp_path.rglob("*.pdf"))) == files


def test_an_accepted_document_is_not_replaced(applicant: Vendor, tmp_path):
    token = reject(applicant)
    files = len(list(tmp_path.rglob("*.pdf")))
    answer = send(token, trade_license=paper(), vat_certificate=paper())
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["vat_certificate"])
    assert VendorDocument.objects.count() == 2
    assert len(list(tmp_path.rglob("*.pdf"))) == files


def test_an_application_that_waits_takes_no_corrections(applicant: Vendor):
    answer = send(token_mailed("vendor_registered"), company_name="Other Name")
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")
    assert Vendor.objects.get().company_name == "New Foods LLC"


def test_the_link_ends_on_approval(applicant: Vendor):
    token = token_mailed("vendor_registered")
    for kind in VendorDocument.REQUIRED:
        services.accept_document(applicant, kind, by=None)
    services.approve_vendor(applicant, by=None)
    assert look(token).status_code == 404


def test_the_link_is_dead_after_thirty_days(applicant: Vendor):
    token = token_mailed("vendor_registered")
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(day FROM expires_at - created_at) FROM accounts_onetimelink")
        assert cursor.fetchone()[0] == 30
        cursor.execute("UPDATE accounts_onetimelink SET expires_at = now() - interval '1 second'")
    assert look(token).status_code == 404


def test_a_new_link_can_be_asked_for_and_ends_the_old_one(applicant: Vendor, anonymous_api: APIClient):
    old = token_mailed("vendor_registered")
    answer = anonymous_api.post("/api/vendor/application/link", {"email": "New@Foods.example"})
    assert answer.status_code == 202
    accounts.answer_link_requests()
    assert look(old).status_code == 404
    assert look(token_mailed("application_link")).status_code == 200


@pytest.mark.parametrize("email", ["nobody@foods.example", "ahmed@foods.example", "fatima@mart.example"])
def test_asking_for_a_link_tells_nothing_about_others(
    vendor: Vendor, retailer, anonymous_api: APIClient, email: str
):
    answer = anonymous_api.post("/api/vendor/application/link", {"email": email})
    assert answer.status_code == 202
    accounts.answer_link_requests()
    assert not OutboxEvent.objects.filter(kind="application_link").exists()


def test_the_token_is_blotted_out_in_logs(applicant: Vendor, caplog: pytest.LogCaptureFixture):
    token = token_mailed("vendor_registered")
    with caplog.at_level(logging.DEBUG):
        look(token)
        Client().get(f"/apply/{token}")
    assert token not in caplog.text
    for path in ("/api/vendor/application/", "/apply/", "/verify-email/", "/reset-password/"):
        assert mask_path(path + token) == f"{path}***"


def test_the_page_behind_the_link_shows_and_takes_the_same(applicant: Vendor, client: Client):
    token = reject(applicant)
    page = client.get(f"/apply/{token}")
    assert page.status_code == 200
    assert b"Page 2 is missing" in page.content
    fields = {
        "company_name": "New Foods LLC",
        "phone": "0501234567",
        "trade_license_number": "DED-77",
        "trn": "100123456700003",
        "emirate": "DXB",
    }
    refused = client.post(f"/apply/{token}", {**fields, "trade_license": SimpleUploadedFile("x.pdf", b"no")})
    assert refused.status_code == 200
    assert Vendor.objects.get().status == "rejected"
    assert client.post(f"/apply/{token}", {**fields, "trade_license": paper()}).status_code == 302
    vendor = Vendor.objects.get()
    assert (vendor.status, vendor.trade_license_number) == ("pending_approval", "DED-77")
    assert client.get("/apply/unknown").status_code == 404
