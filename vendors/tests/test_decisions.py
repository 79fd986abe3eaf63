from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Entry
from notifications.models import OutboxEvent
from tests.factories import PASSWORD, api_client, make_admin, user_of
from vendors.models import Vendor, VendorDocument

pytestmark = pytest.mark.django_db

STEPS = ("approve", "reject", "suspend", "reinstate")


def decide(api: APIClient, vendor: Vendor, step: str):
    body = {"reason": "As agreed"} if step in ("reject", "suspend") else {}
    return api.post(f"/api/vendors/{vendor.code}/{step}", body)


def accept_all(api: APIClient, vendor: Vendor) -> None:
    for kind in VendorDocument.REQUIRED:
        assert api.post(f"/api/vendors/{vendor.code}/documents/{kind}/accept").status_code == 200


def status_of(vendor: Vendor) -> str:
    return Vendor.objects.get(pk=vendor.pk).status


def test_a_vendor_is_approved_after_its_documents(admin_api: APIClient, admin: User, applicant: Vendor):
    early = decide(admin_api, applicant, "approve")
    assert (early.status_code, early.json()["code"]) == (409, "documents_pending")
    assert status_of(applicant) == "pending_approval"
    accept_all(admin_api, applicant)
    told = OutboxEvent.objects.count()
    answer = decide(admin_api, applicant, "approve")
    assert answer.status_code == 200
    assert answer.json()["status"] == "active"
    assert {each["status"] for each in answer.json()["documents"]} == {"accepted"}
    entry = Entry.objects.get(verb="approved")
    assert (entry.actor, entry.from_status, entry.to_status) == (admin, "pending_approval", "active")
    assert OutboxEvent.objects.count() == told + 1
    assert OutboxEvent.objects.latest("id").kind == "vendor_approved"
    signed_in = api_client().post("/api/auth/login", {"email": "new@foods.example", "password": PASSWORD})
    assert signed_in.status_code == 200


def test_a_documents_decision_sends_nothing_by_itself_and_keeps_its_note(
    admin_api: APIClient, applicant: Vendor
):
    told = OutboxEvent.objects.count()
    path = f"/api/vendors/{applicant.code}/documents/trade_license"
    assert admin_api.post(f"{path}/reject", {"note": "Blurred"}).status_code == 200
    assert applicant.documents.get(kind="trade_license").note == "Blurred"
    assert admin_api.post(f"{path}/accept").status_code == 200
    document = applicant.documents.get(kind="trade_license")
    assert (document.status, document.note) == ("accepted", "")
    assert admin_api.post(f"{path}/accept").json()["code"] == "invalid_transition"
    assert admin_api.post(f"/api/vendors/{applicant.code}/documents/passport/accept").status_code == 404
    assert OutboxEvent.objects.count() == told


def test_a_suspension_ends_tokens_hides_the_vendor_and_reinstating_brings_it_back(
    admin_api: APIClient, vendor: Vendor, vendor_api: APIClient, anonymous_api: APIClient
):
    assert vendor_api.get("/api/vendor/profile").status_code == 200
    assert decide(admin_api, vendor, "suspend").json()["status"] == "suspended"
    assert vendor_api.get("/api/vendor/profile").status_code == 401
    assert anonymous_api.get(f"/api/vendors/{vendor.code}").status_code == 404
    sign_in = {"email": "ahmed@foods.example", "password": PASSWORD}
    assert anonymous_api.post("/api/auth/login", sign_in).json()["code"] == "account_suspended"
    assert decide(admin_api, vendor, "reinstate").json()["status"] == "active"
    assert anonymous_api.get(f"/api/vendors/{vendor.code}").status_code == 200
    assert anonymous_api.post("/api/auth/login", sign_in).status_code == 200
    kinds = list(OutboxEvent.objects.order_by("-id").values_list("kind", flat=True)[:2])
    assert kinds == ["vendor_reinstated", "vendor_suspended"]


@pytest.mark.parametrize(
    ("status", "possible"),
    [
        ("pending_approval", {"approve", "reject"}),
        ("rejected", set()),
        ("active", {"suspend"}),
        ("suspended", {"reinstate"}),
    ],
)
@pytest.mark.parametrize("step", STEPS)
def test_only_the_moves_of_the_table_are_possible(
    admin_api: APIClient, applicant: Vendor, status: str, possible: set[str], step: str
):
    accept_all(admin_api, applicant)
    for way in {"active": ["approve"], "suspended": ["approve", "suspend"], "rejected": ["reject"]}.get(
        status, []
    ):
        assert decide(admin_api, applicant, way).status_code == 200
    told = OutboxEvent.objects.count()
    answer = decide(admin_api, applicant, step)
    if step in possible:
        assert answer.status_code == 200
    else:
        assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")
        assert status_of(applicant) == status
        assert user_of(applicant.code).access == status
        assert OutboxEvent.objects.count() == told


@pytest.mark.parametrize("step", ["reject", "suspend"])
def test_a_reason_must_be_given(admin_api: APIClient, vendor: Vendor, step: str):
    answer = admin_api.post(f"/api/vendors/{vendor.code}/{step}", {"reason": "  "})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["reason"])
    assert status_of(vendor) == "active"


@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous_api", 401), ("vendor_api", 403), ("retailer_api", 403), ("driver_api", 403)],
)
def test_nobody_but_an_admin_decides(
    request: pytest.FixtureRequest, applicant: Vendor, who: str, status: int
):
    api: Any = request.getfixturevalue(who)
    document = f"/api/vendors/{applicant.code}/documents/trade_license"
    answers = [decide(api, applicant, step) for step in STEPS]
    answers += [api.post(f"{document}/accept"), api.post(f"{document}/reject", {"note": "x"})]
    assert {answer.status_code for answer in answers} == {status}
    assert status_of(applicant) == "pending_approval"
    assert {each.status for each in applicant.documents.all()} == {"pending"}


def test_staff_without_the_right_are_refused_like_in_the_admin_site(applicant: Vendor):
    clerk = make_admin()
    User.objects.filter(pk=clerk.pk).update(is_superuser=False)
    api = api_client(clerk)
    assert decide(api, applicant, "reject").status_code == 403
    assert api.post(f"/api/vendors/{applicant.code}/reject", {}).status_code == 403
    assert api.get("/api/retailers").status_code == 403
    assert status_of(applicant) == "pending_approval"


def test_staff_without_the_right_see_what_the_public_sees(
    applicant: Vendor, vendor: Vendor, anonymous_api: APIClient
):
    clerk = make_admin()
    User.objects.filter(pk=clerk.pk).update(is_superuser=False)
    api = api_client(clerk)
    for path in ("/api/vendors", f"/api/vendors/{vendor.code}"):
        assert api.get(path).json() == anonymous_api.get(path).json()
    assert api.get(f"/api/vendors/{applicant.code}").status_code == 404


@pytest.mark.parametrize("code", ["V999999", "R2001", "1001", "V0", "Vx", "V99999999999999999999"])
def test_a_vendor_that_is_not_there_is_not_found(admin_api: APIClient, code: str):
    assert admin_api.get(f"/api/vendors/{code}").status_code == 404
    assert admin_api.post(f"/api/vendors/{code}/approve").status_code == 404


class TestDecidingAboutWhatWasSeen:
    """Two admins with an app each: the second is told instead of deciding over the first."""

    DECISIONS = (
        ("documents/trade_license/accept", {}),
        ("documents/trade_license/reject", {"note": "Blurred"}),
        ("approve", {}),
        ("reject", {"reason": "As agreed"}),
    )

    @pytest.mark.parametrize(("step", "body"), DECISIONS)
    def test_who_saw_an_older_version_decides_nothing(
        self, admin_api: APIClient, applicant: Vendor, step: str, body: dict[str, str]
    ):
        path = f"/api/vendors/{applicant.code}"
        seen = admin_api.get(path).json()["version"]
        first = admin_api.post(f"{path}/documents/vat_certificate/accept", {"seen": seen})
        assert first.status_code == 200
        log = Entry.objects.count()

        late = admin_api.post(f"{path}/{step}", {**body, "seen": seen})

        assert (late.status_code, late.json()["code"]) == (409, "changed_meanwhile")
        assert Entry.objects.count() == log
        assert status_of(applicant) == "pending_approval"
        assert applicant.documents.get(kind="trade_license").status == "pending"

    def test_each_answer_tells_the_version_for_the_next(self, admin_api: APIClient, applicant: Vendor):
        path = f"/api/vendors/{applicant.code}"
        seen = admin_api.get(path).json()["version"]
        for step in (*(f"documents/{kind}/accept" for kind in VendorDocument.REQUIRED), "approve", "suspend"):
            body = {"seen": seen, **({"reason": "As agreed"} if step == "suspend" else {})}
            answer = admin_api.post(f"{path}/{step}", body)
            assert answer.status_code == 200
            assert answer.json()["version"] > seen
            seen = answer.json()["version"]
        late = admin_api.post(f"{path}/reinstate", {"seen": seen - 1})
        assert (late.status_code, status_of(applicant)) == (409, "suspended")
        assert admin_api.post(f"{path}/reinstate", {"seen": seen}).json()["status"] == "active"

    @pytest.mark.parametrize("seen", [-1, "yesterday", 1.5, None])
    def test_what_is_no_version_is_refused_beside_the_field(
        self, admin_api: APIClient, applicant: Vendor, seen: Any
    ):
        answer = admin_api.post(f"/api/vendors/{applicant.code}/reject", {"reason": "No", "seen": seen})
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["seen"])
        assert status_of(applicant) == "pending_approval"
