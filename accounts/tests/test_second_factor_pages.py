"""Staff set up a second factor in the admin site, and sign in with it in two steps."""

import re
from typing import Any

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import sessions
from accounts.models import User
from accounts.tests.authenticator import code_of, enrol, wrong_code
from audit.models import Entry
from notifications.models import OutboxEvent
from tests.factories import PASSWORD, make_admin, make_staff

pytestmark = pytest.mark.django_db

SET_UP = "/admin/second-factor/set-up/"
CODE = "/sign-in/code"


def give_password(client: Client, user: User, **form: str) -> Any:
    return client.post("/sign-in", {"email": user.email, "password": PASSWORD, **form})


def codes_on(page: Any) -> list[str]:
    return re.findall(r'<code><bdi dir="ltr">([a-z2-7]{4}-[a-z2-7]{4})</bdi></code>', page.text)


def test_in_two_steps_into_the_admin_and_to_where_one_wanted_to_go(client: Client, admin: User):
    device, _ = enrol(admin)
    wanted = "/admin/accounts/user/"
    first = give_password(client, admin, next=wanted)
    assert first["Location"] == f"{CODE}?next=%2Fadmin%2Faccounts%2Fuser%2F"
    assert client.get("/admin/").status_code == 302
    assert client.get("/account/profile").status_code == 302
    assert f'name="next" value="{wanted}"' in client.get(first["Location"]).text
    second = client.post(CODE, {"otp": code_of(device), "next": wanted})
    assert (second.status_code, second["Location"]) == (302, wanted)
    assert client.get(wanted).status_code == 200
    assert client.get("/account/profile").status_code == 200


def test_the_door_of_the_admin_site_asks_for_the_same(client: Client, admin: User):
    device, _ = enrol(admin)
    first = client.post("/admin/login/", {"email": admin.email, "password": PASSWORD})
    assert first["Location"].startswith(CODE)
    assert client.post(CODE, {"otp": code_of(device)})["Location"] == "/admin/"


def test_a_wrong_code_lets_nobody_in_and_says_so(client: Client, admin: User):
    device, _ = enrol(admin)
    give_password(client, admin)
    page = client.post(CODE, {"otp": wrong_code(device)})
    assert "This code is wrong or was used already" in page.text
    waits = client.post(CODE, {"otp": code_of(device)})
    assert (waits.status_code, waits["Retry-After"]) == (429, "1")
    assert "Try again in 1 s" in waits.text
    assert client.get("/admin/").status_code == 302


def test_without_the_password_there_is_no_second_step(client: Client, admin: User):
    enrol(admin)
    assert client.get(CODE)["Location"].startswith("/sign-in?")
    assert client.post(CODE, {"otp": "123456"})["Location"].startswith("/sign-in?")


@pytest.mark.parametrize("change", [{"token_version": 9}, {"access": "suspended"}])
def test_a_half_finished_sign_in_ends_with_the_persons_sessions(
    client: Client, admin: User, change: dict[str, Any]
):
    device, _ = enrol(admin)
    give_password(client, admin)
    User.objects.filter(pk=admin.pk).update(**change)
    assert client.post(CODE, {"otp": code_of(device)})["Location"].startswith("/sign-in?")
    assert client.get("/admin/").status_code == 302


def test_a_half_finished_sign_in_waits_ten_minutes_and_no_longer(
    client: Client, admin: User, monkeypatch: pytest.MonkeyPatch, settings: Any
):
    enrol(admin)
    settings.SIGN_IN_SECONDS = -1
    give_password(client, admin)
    assert client.get(CODE).status_code == 302


def test_a_page_session_that_lacks_the_second_factor_is_led_to_it(client: Client, admin: User):
    enrol(admin)
    client.force_login(admin)
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith(CODE)


class TestSettingUp:
    def test_in_development_it_is_offered_and_may_wait(self, client: Client, admin: User):
        assert give_password(client, admin)["Location"] == "/admin/"
        assert SET_UP in client.get("/admin/").text

    def test_the_page_shows_the_secret_as_a_picture_and_as_text_without_inline_code(
        self, client: Client, admin: User
    ):
        client.force_login(admin)
        page = client.post(SET_UP, {"password_again": PASSWORD, "opened": "1"}, follow=True)
        assert "factor-picture" in page.text
        assert re.search(r"(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}", page.text)
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|<style| style=", page.text)
        assert "no-store" in page["Cache-Control"]

    def test_a_code_switches_it_on_and_ten_recovery_codes_are_shown_once(self, client: Client, admin: User):
        client.force_login(admin)
        client.post(SET_UP, {"password_again": PASSWORD, "opened": "1"}, follow=True)
        device = TOTPDevice.objects.get(user=admin)
        page = client.post(SET_UP, {"otp": code_of(device)})
        assert len(codes_on(page)) == 10
        assert 'download="aqad-recovery-codes.txt"' in page.text
        assert TOTPDevice.objects.get(user=admin).confirmed
        assert client.get("/admin/").status_code == 200
        assert not codes_on(client.get("/admin/second-factor/"))
        assert SET_UP not in client.get("/admin/").text
        assert Entry.objects.filter(verb="set up the second factor of").count() == 1
        assert OutboxEvent.objects.filter(kind="second_factor_on").count() == 1

    def test_a_wrong_code_switches_nothing_on_and_keeps_the_secret(self, client: Client, admin: User):
        client.force_login(admin)
        client.post(SET_UP, {"password_again": PASSWORD, "opened": "1"}, follow=True)
        device = TOTPDevice.objects.get(user=admin)
        page = client.post(SET_UP, {"otp": wrong_code(device)})
        assert "This code is wrong" in page.text
        assert TOTPDevice.objects.get(user=admin).key == device.key
        assert not TOTPDevice.objects.get(user=admin).confirmed

    def test_it_asks_for_the_password_first(self, client: Client, admin: User):
        client.force_login(admin)
        assert "factor-picture" not in client.get(SET_UP).text
        assert not TOTPDevice.objects.exists()

    def test_another_telephone_takes_the_place_of_the_first(self, client: Client, admin: User):
        first, old_codes = enrol(admin)
        give_password(client, admin)
        client.post(CODE, {"otp": code_of(first)})
        client.post(SET_UP, {"password_again": PASSWORD, "opened": "1"}, follow=True)
        assert TOTPDevice.objects.get(confirmed=True).pk == first.pk
        second = TOTPDevice.objects.get(confirmed=False)
        new_codes = codes_on(client.post(SET_UP, {"otp": code_of(second)}))
        assert TOTPDevice.objects.get().pk == second.pk
        assert not set(new_codes) & set(old_codes)

    def test_new_recovery_codes_end_the_old_ones(self, client: Client, admin: User):
        device, old = enrol(admin)
        give_password(client, admin)
        client.post(CODE, {"otp": code_of(device)})
        assert not codes_on(client.post("/admin/second-factor/codes/"))
        new = codes_on(client.post("/admin/second-factor/codes/", {"password_again": PASSWORD}))
        assert len(new) == 10
        client.post("/sign-out")
        give_password(client, admin)
        assert client.post(CODE, {"otp": old[0]}).status_code == 200
        TOTPDevice.objects.update(throttling_failure_count=0)


class TestWhereItIsRequired:
    @pytest.fixture(autouse=True)
    def _required(self, settings: Any) -> None:
        settings.STAFF_OTP = "required"

    def test_who_has_none_is_led_to_set_one_up_and_can_do_nothing_else(self, client: Client, admin: User):
        assert give_password(client, admin)["Location"].startswith(SET_UP)
        for path in ("/admin/", "/admin/accounts/user/", "/account/profile", "/notifications"):
            assert client.get(path).status_code == 302, path
        assert "_auth_user_id" not in client.session
        page = client.get(SET_UP)
        assert "factor-picture" in page.text
        device = TOTPDevice.objects.get(user=admin)
        assert len(codes_on(client.post(SET_UP, {"otp": code_of(device)}))) == 10
        assert client.get("/admin/").status_code == 200

    def test_a_session_from_before_it_was_required_has_ended(self, client: Client, settings: Any):
        settings.STAFF_OTP = "offered"
        client.force_login(make_staff("Support"))
        assert client.get("/notifications").status_code == 200
        settings.STAFF_OTP = "required"
        for path in ("/admin/", "/account/profile", "/notifications"):
            assert client.get(path).status_code == 302, path

    def test_nobody_reaches_the_page_without_a_password(self, client: Client, admin: User):
        assert client.get(SET_UP)["Location"].startswith("/admin/login/")
        assert client.post(SET_UP, {"otp": "123456"})["Location"].startswith("/admin/login/")
        assert not TOTPDevice.objects.exists()

    def test_who_has_one_cannot_be_given_another_with_the_password_alone(self, client: Client, admin: User):
        device, _ = enrol(admin)
        give_password(client, admin)
        assert client.get(SET_UP)["Location"] == CODE
        assert client.post(SET_UP, {"otp": code_of(device)})["Location"] == CODE
        assert TOTPDevice.objects.count() == 1


def test_a_changed_password_does_not_cost_the_second_factor_of_this_session(client: Client, admin: User):
    device, _ = enrol(admin)
    give_password(client, admin)
    client.post(CODE, {"otp": code_of(device)})
    new = {"old_password": PASSWORD, "new_password": "nine-falcons-at-noon"}
    assert client.post("/account/profile", new).status_code == 302
    assert client.get("/admin/").status_code == 200


def test_django_s_own_password_form_is_not_there(client: Client, admin: User):
    client.force_login(admin)
    assert client.get("/admin/password_change/")["Location"] == "/account/profile"
    assert sessions.PASSWORD_AGAIN not in client.session


def test_a_second_admin_is_untouched_by_the_first_ones(client: Client, admin: User):
    enrol(admin)
    assert give_password(client, make_admin())["Location"] == "/admin/"
