from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from audit.models import Entry
from tests.factories import api_client, clean_pdf, make_staff, make_vendor, pdf_bytes, png_bytes
from vendors import services
from vendors.errors import ChangedMeanwhile
from vendors.history import version_of
from vendors.models import Vendor

pytestmark = pytest.mark.django_db

PUBLIC = {"id", "company_name", "emirate", "logo"}


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("renewed.pdf", pdf_bytes())


def status_of(client: Client, url: str) -> int:
    """The answer's status for an absolute link; a file is read to its end, which closes it."""
    answer = client.get("/" + url.split("/", 3)[3])
    if answer.streaming:
        assert b"".join(answer.streaming_content)
    return answer.status_code


@pytest.mark.parametrize("who", ["anonymous_api", "retailer_api", "rival_vendor_api", "vendor_api"])
def test_everybody_sees_only_the_public_face_of_an_active_vendor(
    request: pytest.FixtureRequest, vendor: Vendor, applicant: Vendor, who: str
):
    api = request.getfixturevalue(who)
    body = api.get(f"/api/vendors/{vendor.code}").json()
    assert body == {"id": vendor.code, "company_name": "Ahmed Foods LLC", "emirate": "DXB", "logo": None}
    assert api.get(f"/api/vendors/{applicant.code}").status_code == 404
    listed = api.get("/api/vendors").json()["results"]
    assert applicant.code not in [each["id"] for each in listed]
    assert all(set(each) == PUBLIC for each in listed)


def test_admins_see_every_vendor_with_its_documents_and_a_warning(
    admin_api: APIClient, vendor: Vendor, applicant: Vendor, client: Client
):
    waiting = admin_api.get("/api/vendors", {"status": "pending_approval"}).json()
    assert [each["id"] for each in waiting["results"]] == [applicant.code]
    assert admin_api.get("/api/vendors").json()["count"] == 2
    assert admin_api.get("/api/vendors", {"status": "nonsense"}).status_code == 400
    body = admin_api.get(f"/api/vendors/{applicant.code}").json()
    assert (body["email"], body["warnings"]) == ("new@foods.example", [])
    Vendor.objects.filter(pk=applicant.pk).update(trn="100123456800003")
    assert admin_api.get(f"/api/vendors/{applicant.code}").json()["warnings"] == ["trn_check_digit"]
    assert status_of(client, body["documents"][0]["url"]) == 200


def test_the_list_of_vendors_takes_as_many_statements_for_three_as_for_one(
    admin_api: APIClient, vendor: Vendor, django_assert_num_queries
):
    with django_assert_num_queries(3):
        admin_api.get("/api/vendors")
    make_vendor()
    make_vendor()
    with django_assert_num_queries(3):
        assert admin_api.get("/api/vendors").json()["count"] == 3


def test_a_vendor_sees_its_own_profile_with_signed_links(
    vendor_api: APIClient, vendor: Vendor, client: Client
):
    body = vendor_api.get("/api/vendor/profile").json()
    assert (body["id"], body["status"], body["min_order_value"]) == (vendor.code, "active", "0.00")
    assert {"kind", "status", "note", "expiry_date", "url", "uploaded_at"} == set(body["documents"][0])
    link = body["documents"][0]["url"]
    assert status_of(client, link) == 200
    assert status_of(client, link[:-3] + "xyz") == 404


@pytest.mark.parametrize(
    ("who", "status"), [("anonymous_api", 401), ("retailer_api", 403), ("admin_api", 403)]
)
def test_the_profile_is_for_vendors(request: pytest.FixtureRequest, who: str, status: int):
    api = request.getfixturevalue(who)
    assert api.get("/api/vendor/profile").status_code == status
    assert api.patch("/api/vendor/profile", {"address": "x"}).status_code == status


def test_a_vendor_changes_what_no_document_vouches_for(
    vendor_api: APIClient, vendor: Vendor, rival_vendor: Vendor, tmp_path: Path, client: Client
):
    changes = {
        "phone": "04 333 4444",
        "address": "Warehouse 12",
        "min_order_value": "250.00",
        "emirate": "SHJ",
    }
    answer = vendor_api.patch("/api/vendor/profile", changes)
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in changes} == {**changes, "phone": "+97143334444"}
    logo = SimpleUploadedFile("logo.png", png_bytes())
    url = vendor_api.patch("/api/vendor/profile", {"logo": logo}, format="multipart").json()["logo"]
    assert status_of(client, url) == 200
    assert vendor_api.get(f"/api/vendors/{vendor.code}").json()["logo"] == url
    assert Entry.objects.filter(verb="changed", object_code=vendor.code).count() == 2
    rival_vendor.refresh_from_db()
    assert (rival_vendor.phone, rival_vendor.logo) == ("+971501234567", "")


@pytest.mark.parametrize(
    "field", ["trn", "company_name", "trade_license_number", "email", "status", "id", "created_at"]
)
def test_a_vendor_does_not_change_what_documents_vouch_for(vendor_api: APIClient, vendor: Vendor, field: str):
    answer = vendor_api.patch("/api/vendor/profile", {field: "100999999900003", "address": "Elsewhere"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [field])
    vendor.refresh_from_db()
    assert (vendor.address, vendor.trn) == ("Warehouse 9, Al Quoz", "100123456700003")


def test_the_old_document_counts_until_the_renewal_is_decided(
    vendor_api: APIClient, admin_api: APIClient, vendor: Vendor
):
    answer = vendor_api.post("/api/vendor/documents/trade_license", {"file": paper()}, format="multipart")
    assert (answer.status_code, answer.json()["status"]) == (201, "pending")

    def licences() -> list[str]:
        documents = vendor_api.get("/api/vendor/profile").json()["documents"]
        return [each["status"] for each in documents if each["kind"] == "trade_license"]

    assert licences() == ["accepted", "pending"]
    path = f"/api/vendors/{vendor.code}/documents/trade_license"
    admin_api.post(f"{path}/reject", {"note": "Blurred"})
    assert licences() == ["accepted", "rejected"]
    vendor_api.post("/api/vendor/documents/trade_license", {"file": paper()}, format="multipart")
    assert licences() == ["accepted", "pending"]
    admin_api.post(f"{path}/accept")
    assert licences() == ["accepted"]
    assert Vendor.objects.get(pk=vendor.pk).status == "active"


def test_a_refused_renewal_changes_nothing(vendor_api: APIClient, vendor: Vendor, tmp_path: Path):
    files = len(list(tmp_path.rglob("*.pdf")))
    bad = SimpleUploadedFile("x.pdf", b"not a document")
    answer = vendor_api.post("/api/vendor/documents/trade_license", {"file": bad}, format="multipart")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["file"])
    unknown = vendor_api.post("/api/vendor/documents/passport", {"file": paper()}, format="multipart")
    assert unknown.status_code == 404
    assert vendor.documents.count() == 2
    assert len(list(tmp_path.rglob("*.pdf"))) == files


def test_a_decision_about_a_document_that_was_replaced_meanwhile_is_refused(
    vendor: Vendor, vendor_user, admin
):
    services.renew_document(vendor, "trade_license", clean_pdf(), by=vendor_user)
    seen = version_of(vendor)
    newer = services.renew_document(vendor, "trade_license", clean_pdf(), by=vendor_user)
    with pytest.raises(ChangedMeanwhile):
        services.accept_document(vendor, "trade_license", by=admin, seen=seen)
    newer.refresh_from_db()
    assert newer.status == "pending"


@pytest.mark.parametrize("role", ["Operations", "Finance", "Support"])
def test_staff_who_review_nothing_see_how_documents_stand_and_cannot_open_them(applicant: Vendor, role: str):
    api = api_client(make_staff(role))
    for body in (
        api.get(f"/api/vendors/{applicant.code}").json(),
        api.get("/api/vendors").json()["results"][0],
    ):
        assert [(each["status"], each["url"]) for each in body["documents"]] == [("pending", None)] * 2


def test_a_reviewer_opens_documents(applicant: Vendor, client: Client):
    body = api_client(make_staff("Reviewer")).get(f"/api/vendors/{applicant.code}").json()
    assert [status_of(client, each["url"]) for each in body["documents"]] == [200, 200]
