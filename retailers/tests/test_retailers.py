from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from audit.models import Entry
from notifications.models import OutboxEvent
from retailers.models import Address, Retailer
from tests.factories import ADDRESS, PASSWORD, api_client

pytestmark = pytest.mark.django_db


def register(**changes: Any):
    body = {
        "name": "Fatima",
        "email": "Fatima@Mart.example",
        "phone": "050 765 4321",
        "password": PASSWORD,
        "company_name": "Fresh Mart",
        **changes,
    }
    return api_client().post("/api/retailer/register", body)


def test_a_retailer_registers_with_an_address_and_signs_in_at_once():
    answer = register(address=ADDRESS, trn="100123456700003")
    retailer = Retailer.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "id": retailer.code,
        "status": "active",
        "company_name": "Fresh Mart",
        "email": "fatima@mart.example",
    }
    assert retailer.addresses.get().is_default
    assert Entry.objects.filter(verb="registered", object_code=retailer.code).count() == 1
    assert OutboxEvent.objects.get(kind="verify_email").recipients == [User.objects.get().pk]
    body = {"email": "fatima@mart.example", "password": PASSWORD}
    assert api_client().post("/api/auth/login", body).json()["user"]["code"] == retailer.code


@pytest.mark.parametrize(
    ("field", "bad", "named"),
    [
        ("email", "no-address", "email"),
        ("password", "password", "password"),
        ("phone", "1", "phone"),
        ("trn", "123", "trn"),
        ("address", {"line1": "Shop 4", "emirate": "XXX"}, "address.emirate"),
        ("address", {"line1": "Shop 4", "emirate": "DXB", "country": "AE"}, "address.country"),
        ("status", "active", "status"),
        ("company_name", "", "company_name"),
    ],
)
def test_a_bad_field_is_named_and_nobody_is_registered(field: str, bad: Any, named: str):
    answer = register(**{field: bad})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [named])
    assert (Retailer.objects.count(), User.objects.count(), OutboxEvent.objects.count()) == (0, 0, 0)


def test_an_email_in_use_is_taken(vendor):
    answer = register(email="AHMED@foods.example")
    assert (answer.status_code, answer.json()["code"]) == (409, "already_exists")
    assert list(answer.json()["errors"]) == ["email"]
    assert Retailer.objects.count() == 0


def test_vendors_and_retailers_share_the_limit_on_registrations():
    answers = [register(email="no-address").status_code for _ in range(5)]
    answers.append(api_client().post("/api/vendor/register", {}, format="multipart").status_code)
    assert answers == [400] * 5 + [429]


def test_a_retailer_reads_and_changes_its_profile(
    retailer_api: APIClient, retailer: Retailer, rival_retailer: Retailer
):
    answer = retailer_api.patch(
        "/api/retailer/profile", {"company_name": "Fresher Mart", "trn": "100123456700003"}
    )
    assert answer.status_code == 200
    body = retailer_api.get("/api/retailer/profile").json()
    assert (body["id"], body["company_name"], body["trn"]) == (
        retailer.code,
        "Fresher Mart",
        "100123456700003",
    )
    assert retailer_api.patch("/api/retailer/profile", {"email": "x@y.example"}).status_code == 400
    rival_retailer.refresh_from_db()
    assert rival_retailer.company_name == "Corner Grocery"


@pytest.mark.parametrize(("who", "status"), [("anonymous_api", 401), ("vendor_api", 403), ("admin_api", 403)])
@pytest.mark.parametrize("path", ["/api/retailer/profile", "/api/retailer/addresses"])
def test_profile_and_addresses_are_for_retailers(
    request: pytest.FixtureRequest, path: str, who: str, status: int
):
    assert request.getfixturevalue(who).get(path).status_code == status


def test_the_first_address_is_the_default_and_there_is_always_exactly_one(
    retailer_api: APIClient, retailer: Retailer
):
    def default() -> list[int]:
        return list(retailer.addresses.filter(is_default=True).values_list("pk", flat=True))

    first = retailer.addresses.get().pk
    second = retailer_api.post("/api/retailer/addresses", {**ADDRESS, "label": "Store"}).json()["id"]
    assert default() == [first]
    third = retailer_api.post("/api/retailer/addresses", {**ADDRESS, "is_default": True}).json()["id"]
    assert default() == [third]
    assert retailer_api.patch(f"/api/retailer/addresses/{second}", {"is_default": True}).json()["is_default"]
    assert default() == [second]
    retailer_api.patch(f"/api/retailer/addresses/{second}", {"is_default": False})
    assert default() == [second]
    assert retailer_api.delete(f"/api/retailer/addresses/{second}").status_code == 204
    assert default() == [first]
    listed = retailer_api.get("/api/retailer/addresses").json()
    assert (listed["count"], [each["id"] for each in listed["results"]]) == (2, [first, third])
    for each in (first, third):
        assert retailer_api.delete(f"/api/retailer/addresses/{each}").status_code == 204
    assert default() == []


def test_an_address_is_changed_field_by_field(retailer_api: APIClient, retailer: Retailer):
    address = retailer.addresses.get()
    path = f"/api/retailer/addresses/{address.pk}"
    answer = retailer_api.patch(path, {"line2": "Behind the mosque", "phone": "0501112233"})
    assert answer.status_code == 200
    assert retailer_api.get(path).json() == answer.json()
    assert (answer.json()["line1"], answer.json()["phone"]) == (ADDRESS["line1"], "+971501112233")
    assert retailer_api.patch(path, {"emirate": "Dubai"}).status_code == 400


def test_somebody_elses_address_does_not_exist(
    retailer: Retailer, rival_retailer_api: APIClient, vendor_api: APIClient
):
    address = retailer.addresses.get()
    path = f"/api/retailer/addresses/{address.pk}"
    answers = [
        rival_retailer_api.get(path),
        rival_retailer_api.patch(path, {"line1": "Mine now"}),
        rival_retailer_api.delete(path),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert vendor_api.delete(path).status_code == 403
    assert Address.objects.get(pk=address.pk).line1 == ADDRESS["line1"]
    assert rival_retailer_api.get("/api/retailer/addresses/99999999999999999999").status_code == 404


def test_admins_list_and_find_retailers(admin_api: APIClient, retailer: Retailer, rival_retailer: Retailer):
    assert [each["id"] for each in admin_api.get("/api/retailers").json()["results"]] == [
        retailer.code,
        rival_retailer.code,
    ]
    assert admin_api.get(f"/api/retailers/{retailer.code}").json()["email"] == "fatima@mart.example"
    assert admin_api.get("/api/retailers", {"status": "suspended"}).json()["count"] == 0
    assert admin_api.get("/api/retailers/V1001").status_code == 404


def test_a_suspended_retailer_is_out_until_reinstated(
    admin_api: APIClient, retailer: Retailer, retailer_api: APIClient
):
    path = f"/api/retailers/{retailer.code}"
    assert admin_api.post(f"{path}/suspend", {}).status_code == 400
    assert admin_api.post(f"{path}/suspend", {"reason": "Unpaid"}).json()["status"] == "suspended"
    assert retailer_api.get("/api/retailer/profile").status_code == 401
    sign_in = {"email": "fatima@mart.example", "password": PASSWORD}
    refused = api_client().post("/api/auth/login", sign_in)
    assert (refused.status_code, refused.json()["code"]) == (403, "account_suspended")
    again = admin_api.post(f"{path}/suspend", {"reason": "Again"})
    assert (again.status_code, again.json()["code"]) == (409, "invalid_transition")
    assert admin_api.post(f"{path}/reinstate").json()["status"] == "active"
    assert api_client().post("/api/auth/login", sign_in).status_code == 200
    kinds = OutboxEvent.objects.filter(about=retailer.code).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["retailer_suspended", "retailer_reinstated"]


@pytest.mark.parametrize(
    ("who", "status"), [("anonymous_api", 401), ("vendor_api", 403), ("rival_retailer_api", 403)]
)
def test_nobody_but_an_admin_sees_or_stops_a_retailer(
    request: pytest.FixtureRequest, retailer: Retailer, who: str, status: int
):
    api = request.getfixturevalue(who)
    path = f"/api/retailers/{retailer.code}"
    answers = [api.get("/api/retailers"), api.get(path), api.post(f"{path}/suspend", {"reason": "x"})]
    assert {answer.status_code for answer in answers} == {status}
    retailer.refresh_from_db()
    assert retailer.status == "active"
