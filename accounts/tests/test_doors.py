"""Signing in and registering on pages: what is kept, what is refused, where one is led."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from retailers.models import Retailer
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

JOIN = "/register/retailer"


def form(**changes: str) -> dict[str, str]:
    return {
        "name": "Huda",
        "email": "Huda@Mart.example",
        "phone": "050 765 4321",
        "password": PASSWORD,
        "company_name": "Huda Mart",
        **changes,
    }


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_the_chooser_leads_to_both_sides_and_keeps_where_one_wanted_to_go(client: Client) -> None:
    page = client.get("/register?next=/cart").text
    assert "/register/retailer?next=/cart" in page
    assert "/register/vendor" in page


def test_a_shop_registers_is_signed_in_and_led_on(client: Client) -> None:
    answer = client.post(JOIN, form(next="/cart"), headers={"Accept-Language": "ar"})
    assert (answer.status_code, answer["Location"]) == (302, "/cart")
    assert signed_in(client)
    retailer = Retailer.objects.get()
    user = User.objects.get()
    assert (retailer.email, retailer.phone) == ("huda@mart.example", "+971507654321")
    assert (user.code, user.role, user.language) == (retailer.code, "retailer", "ar")
    assert not retailer.addresses.exists()


def test_an_address_given_becomes_the_default_one(client: Client) -> None:
    address = {"address_line1": "Shop 4", "address_area": "Deira", "address_emirate": "DXB"}
    assert client.post(JOIN, form(**address)).status_code == 302
    kept = Retailer.objects.get().addresses.get()
    assert (kept.line1, kept.area, kept.emirate, kept.is_default) == ("Shop 4", "Deira", "DXB", True)


def test_a_guests_cart_is_still_there_after_registering(client: Client) -> None:
    session = client.session
    session["kept"] = "by the visitor"
    session.save()
    client.post(JOIN, form())
    assert client.session["kept"] == "by the visitor"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"email": "nonsense"}, "Invalid email"),
        ({"phone": "123"}, "Enter a valid telephone number."),
        ({"password": "12345678"}, "too common"),
        ({"trn": "1"}, "A TRN has 15 digits"),
        ({"company_name": ""}, "This field is required."),
        ({"address_line1": "Shop 4"}, "This field is required."),
        ({"address_emirate": "XXX", "address_line1": "Shop 4"}, "Choose one of the seven emirates"),
        ({"name": "x" * 121}, "at most 120 characters are allowed"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_all_else_is_kept(
    client: Client, changes: dict[str, str], said: str
) -> None:
    page = client.post(JOIN, form(**changes))
    assert page.status_code == 200
    assert said in page.text
    assert 'aria-invalid="true"' in page.text
    assert 'value="Huda' in page.text or "company_name" in changes or "name" in changes
    assert PASSWORD not in page.text
    assert not User.objects.exists()
    assert not Retailer.objects.exists()
    assert not signed_in(client)


def test_a_taken_address_is_said_beside_the_email(client: Client, retailer: Retailer) -> None:
    page = client.post(JOIN, form(email="Fatima@mart.example"))
    assert "exists already" in page.text
    assert Retailer.objects.count() == 1


def test_registrations_share_the_limit_of_the_api(client: Client, anonymous_api: Any) -> None:
    for _ in range(2):
        anonymous_api.post("/api/retailer/register", {})
    answers = [client.post(JOIN, form(phone="1")).status_code for _ in range(3)]
    answers.append(client.post("/register/vendor", {}).status_code)
    assert answers == [200, 200, 200, 429]
    assert client.get(JOIN).status_code == 200
    assert not Retailer.objects.exists()


@pytest.mark.parametrize(
    ("access", "link"),
    [("pending_approval", True), ("rejected", True), ("suspended", False), ("deactivated", False)],
)
def test_a_locked_account_is_told_why_and_what_to_do(
    client: Client, retailer: Retailer, access: str, link: bool
) -> None:
    User.objects.filter(code=retailer.code).update(access=access)
    page = client.post("/sign-in", {"email": "fatima@mart.example", "password": PASSWORD})
    assert page.status_code == 200
    assert ("Mail me the link to my application" in page.text) is link
    assert 'value="fatima@mart.example"' in page.text
    assert not signed_in(client)


def test_where_one_wanted_to_go_survives_a_wrong_password(client: Client, retailer: Retailer) -> None:
    wrong = {"email": "fatima@mart.example", "password": "wrong", "next": "/cart"}
    page = client.post("/sign-in?next=/cart", wrong)
    assert '<input type="hidden" name="next" value="/cart">' in page.text


@pytest.mark.parametrize("path", ["/register", JOIN, "/register/vendor", "/register/vendor/sent", "/apply"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_carry_no_inline_code(client: Client, path: str, language: str) -> None:
    page = client.get(path, headers={"Accept-Language": language})
    assert page.status_code == 200
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", page.text)
