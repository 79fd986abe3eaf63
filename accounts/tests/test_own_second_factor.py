"""Whoever wants to sets up a second factor, which pages and API then ask for."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import services
from accounts.models import TokenFamily, User
from accounts.second_factor import has_second_factor
from accounts.tests.authenticator import code_of, enrol, let_wait_pass, wrong_code
from accounts.tests.entering import sign_in
from aqad.lib.errors import Forbidden
from audit.models import Entry
from notifications.models import OutboxEvent
from tests.authenticator_app import code_of_secret
from tests.factories import PASSWORD, make_admin

pytestmark = pytest.mark.django_db

PAGE, SET_UP = "/account/second-factor", "/account/second-factor/set-up"


@pytest.fixture(params=["vendor", "retailer", "driver"])
def person(request: pytest.FixtureRequest) -> User:
    if request.param == "driver":
        return request.getfixturevalue("driver_user")
    return request.getfixturevalue(f"{request.param}_user")


def enter(client: Client, user: User, otp: str = "") -> Any:
    client.post("/sign-in", {"email": user.email, "password": PASSWORD})
    return client.post("/sign-in/code", {"otp": otp}) if otp else client.get("/sign-in/code")


def is_in(client: Client) -> bool:
    return client.get("/account/profile").status_code == 200


def test_the_page_sets_it_up_and_shows_the_codes_once(client: Client, person: User) -> None:
    client.force_login(person)
    other = sign_in(person.email).json()["access"]
    shown = client.get(SET_UP)
    secret = shown.context["secret"]
    assert "<svg" in shown.text

    done = client.post(SET_UP, {"otp": code_of_secret(secret), "password": PASSWORD})

    assert len(done.context["codes"]) == 10
    assert has_second_factor(person)
    assert is_in(client), "the session in which it was set up goes on"
    assert Client().get("/api/auth/me", headers={"authorization": f"Bearer {other}"}).status_code == 401
    assert Entry.objects.filter(verb="set up the second factor of").count() == 1
    assert OutboxEvent.objects.filter(kind="second_factor_on", recipients=[person.pk]).exists()
    assert done.context["codes"][0] not in client.get(PAGE).text


@pytest.mark.parametrize("wrong", ["password", "otp"])
def test_without_the_password_or_the_code_nothing_is_set_up(
    client: Client, retailer_user: User, wrong: str
) -> None:
    client.force_login(retailer_user)
    client.get(SET_UP)
    device = TOTPDevice.objects.get(user=retailer_user)
    sent = {"otp": code_of(device), "password": PASSWORD}
    sent |= {"password": "guess"} if wrong == "password" else {"otp": wrong_code(device)}

    answer = client.post(SET_UP, sent)

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not has_second_factor(retailer_user)
    assert not Entry.objects.filter(verb="set up the second factor of").exists()


def test_pages_ask_for_the_code_after_the_password(client: Client, person: User) -> None:
    device, codes = enrol(person)

    assert enter(client, person).status_code == 200
    assert not is_in(client)
    assert enter(client, person, wrong_code(device)).status_code == 200
    assert not is_in(client)
    let_wait_pass()
    assert enter(client, person, code_of(device)).status_code == 302
    assert is_in(client)
    assert enter(Client(), person, codes[0]).status_code == 302


def test_the_api_asks_for_the_code_after_the_password(person: User) -> None:
    device, _codes = enrol(person)

    asked = sign_in(person.email)
    assert (asked.status_code, asked.json()["code"]) == (401, "otp_required")
    assert sign_in(person.email, password="guess").json()["code"] == "invalid_credentials"
    assert not TokenFamily.objects.filter(ended_at=None).exists()

    assert sign_in(person.email, otp=code_of(device)).status_code == 200


def test_an_app_stays_signed_in_by_its_refresh_token(person: User) -> None:
    device, _codes = enrol(person)
    refresh = sign_in(person.email, otp=code_of(device)).json()["refresh"]

    answer = Client().post("/api/auth/refresh", {"refresh": refresh}, content_type="application/json")

    assert answer.status_code == 200


def test_it_is_taken_away_with_password_and_code_alone(client: Client, person: User) -> None:
    device, codes = enrol(person)
    enter(client, person, code_of(device))
    for sent in ({"password": "guess", "otp": codes[1]}, {"password": PASSWORD, "otp": "00000000"}):
        assert client.post(PAGE, {**sent, "remove": "1"}).status_code == 200
        assert has_second_factor(person)
    let_wait_pass()

    assert client.post(PAGE, {"password": PASSWORD, "otp": codes[2], "remove": "1"}).status_code == 302

    assert not has_second_factor(person)
    assert is_in(client)
    assert Entry.objects.filter(verb="removed the second factor of").count() == 1
    assert OutboxEvent.objects.filter(kind="second_factor_off", recipients=[person.pk]).exists()
    assert sign_in(person.email).status_code == 200


def test_new_recovery_codes_need_the_password_and_end_the_old_ones(
    client: Client, retailer_user: User
) -> None:
    device, codes = enrol(retailer_user)
    enter(client, retailer_user, code_of(device))

    assert "codes" not in client.post(PAGE, {"password": "guess", "renew": "1"}).context
    fresh = client.post(PAGE, {"password": PASSWORD, "renew": "1"}).context["codes"]

    assert len(fresh) == 10
    assert sign_in(retailer_user.email, otp=codes[3]).status_code == 401
    let_wait_pass()
    assert sign_in(retailer_user.email, otp=fresh[0]).status_code == 200


def test_staff_reset_it_and_the_person_does_not_learn_who(client: Client, admin: User, person: User) -> None:
    enrol(person)
    services.reset_second_factor(person, by=admin, reason="lost telephone")

    assert not has_second_factor(person)
    event = OutboxEvent.objects.get(kind="second_factor_reset")
    assert event.recipients == [person.pk]
    assert event.context["by"] == "AQAD"
    assert sign_in(person.email).status_code == 200
    with pytest.raises(Forbidden):
        services.reset_second_factor(person, by=User.objects.get(pk=person.pk), reason="my own")


def test_staff_have_pages_of_their_own(client: Client) -> None:
    client.force_login(make_admin())

    assert client.get(PAGE)["Location"] == reverse("admin:second_factor")
    assert client.get(SET_UP)["Location"] == reverse("admin:set_up_second_factor")


def test_pages_of_those_without_one_ask_the_database_no_more(client: Client, retailer_user: User) -> None:
    client.force_login(retailer_user)
    with CaptureQueriesContext(connection) as queries:
        client.get("/account/addresses")
    assert not [each for each in queries.captured_queries if "otp_totp" in each["sql"]]
