"""Delivery partners and their drivers, kept by admins."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import User
from delivery.models import DeliveryPartner, Driver
from delivery.tests.conftest import make_partner
from notifications.models import OutboxEvent
from tests.factories import PASSWORD, api_client, make_admin

PARTNER = {"name": "FastTrack Logistics", "phone": "04 333 4444", "emirates": ["SHJ", "DXB", "DXB"]}
DRIVER = {"name": "Bilal", "email": "Bilal@FastTrack.example", "phone": "0509998877"}


def test_an_admin_creates_reads_and_changes_a_partner(admin_api: APIClient) -> None:
    created = admin_api.post("/api/delivery-partners", PARTNER)
    assert created.status_code == 201
    shown = created.json()
    code = shown.pop("id")
    assert code.startswith("DP")
    expected = {
        "name": "FastTrack Logistics",
        "phone": "+97143334444",
        "emirates": ["DXB", "SHJ"],
        "is_active": True,
    }
    assert shown == expected
    changed = admin_api.patch(f"/api/delivery-partners/{code}", {"emirates": ["FUJ"], "is_active": False})
    assert changed.json() == {"id": code, **expected, "emirates": ["FUJ"], "is_active": False}
    assert admin_api.get(f"/api/delivery-partners/{code}").json() == changed.json()
    assert admin_api.get("/api/delivery-partners").json()["results"] == [changed.json()]


@pytest.mark.parametrize(
    ("field", "value"),
    [("emirates", ["XXX"]), ("emirates", []), ("phone", "12"), ("name", ""), ("status", "x")],
)
def test_a_bad_partner_is_refused_under_its_field(admin_api: APIClient, field: str, value: Any) -> None:
    answer = admin_api.post("/api/delivery-partners", {**PARTNER, field: value})
    assert answer.status_code == 400
    assert [name.partition(".")[0] for name in answer.json()["errors"]] == [field]
    assert not DeliveryPartner.objects.exists()


def test_a_name_is_taken_once(
    admin_api: APIClient, partner: DeliveryPartner, rival_partner: DeliveryPartner
) -> None:
    assert admin_api.post("/api/delivery-partners", PARTNER).json()["code"] == "already_exists"
    answer = admin_api.patch(f"/api/delivery-partners/{rival_partner.code}", {"name": partner.name})
    assert (answer.status_code, list(answer.json()["errors"])) == (409, ["name"])
    rival_partner.refresh_from_db()
    assert rival_partner.name == "Slow Camel Transport"


def test_a_driver_with_a_password_signs_in(
    admin_api: APIClient, anonymous_api: APIClient, partner: DeliveryPartner
) -> None:
    answer = admin_api.post(
        f"/api/delivery-partners/{partner.code}/drivers", {**DRIVER, "password": PASSWORD}
    )
    assert answer.status_code == 201
    shown = answer.json()
    driver_id = shown.pop("id")
    assert shown == {
        "name": "Bilal",
        "email": "bilal@fasttrack.example",
        "phone": "+971509998877",
        "is_active": True,
    }
    signed_in = anonymous_api.post("/api/auth/login", {"email": DRIVER["email"], "password": PASSWORD})
    assert signed_in.status_code == 200
    assert (signed_in.json()["user"]["role"], signed_in.json()["user"]["code"]) == ("driver", partner.code)
    listed = admin_api.get(f"/api/delivery-partners/{partner.code}/drivers").json()["results"]
    assert [row["id"] for row in listed] == [driver_id]
    assert not OutboxEvent.objects.filter(kind="invitation").exists()


def test_a_driver_without_a_password_is_invited(admin_api: APIClient, partner: DeliveryPartner) -> None:
    assert admin_api.post(f"/api/delivery-partners/{partner.code}/drivers", DRIVER).status_code == 201
    user = User.objects.get(role="driver")
    assert not user.has_usable_password()
    invitation = OutboxEvent.objects.get(kind="invitation")
    assert invitation.recipients == [user.pk]
    assert invitation.context["company"] == partner.name


def test_an_email_is_taken_once(admin_api: APIClient, partner: DeliveryPartner, retailer_user: User) -> None:
    body = {**DRIVER, "email": retailer_user.email}
    answer = admin_api.post(f"/api/delivery-partners/{partner.code}/drivers", body)
    assert (answer.status_code, list(answer.json()["errors"])) == (409, ["email"])
    assert not Driver.objects.exists()


def test_a_deactivated_driver_is_out_at_once_and_may_come_back(
    admin_api: APIClient, driver_api: APIClient, driver: Driver
) -> None:
    url = f"/api/delivery-partners/{driver.partner.code}/drivers/{driver.pk}"
    assert driver_api.get("/api/deliveries").status_code == 200
    assert admin_api.patch(url, {"is_active": False}).json()["is_active"] is False
    assert driver_api.get("/api/deliveries").status_code == 401
    assert admin_api.patch(url, {"is_active": True, "phone": "0501112233"}).json()["phone"] == "+971501112233"
    driver.user.refresh_from_db()
    assert api_client(driver.user).get("/api/deliveries").status_code == 200


def test_a_driver_is_found_only_under_the_own_partner(
    admin_api: APIClient, driver: Driver, rival_partner: DeliveryPartner
) -> None:
    url = f"/api/delivery-partners/{rival_partner.code}/drivers/{driver.pk}"
    assert admin_api.patch(url, {"name": "X"}).status_code == 404


@pytest.mark.parametrize("who", ["driver_api", "retailer_api", "vendor_api"])
def test_partners_are_no_business_of_others(request: Any, partner: DeliveryPartner, who: str) -> None:
    api = request.getfixturevalue(who)
    assert api.get("/api/delivery-partners").status_code == 403
    assert api.post("/api/delivery-partners", PARTNER).status_code == 403
    assert api.get(f"/api/delivery-partners/{partner.code}/drivers").status_code == 403
    assert api.post("/api/deliveries", {"order": "ORD1001", "partner": partner.code}).status_code == 403


def test_staff_without_the_permission_change_nothing(db: None) -> None:
    partner = make_partner("FastTrack Logistics")
    clerk = make_admin()
    User.objects.filter(pk=clerk.pk).update(is_superuser=False)
    api = api_client(clerk)
    assert api.get("/api/delivery-partners").status_code == 403
    assert api.patch(f"/api/delivery-partners/{partner.code}", {"is_active": False}).status_code == 403
    partner.refresh_from_db()
    assert partner.is_active
