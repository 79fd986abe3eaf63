"""Who gives rights to staff, who takes them, and that a change ends every session."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import services
from accounts.models import User
from accounts.tests.authenticator import enrol
from aqad.lib.errors import Forbidden
from audit.models import Entry
from delivery import services as delivery
from notifications.models import OutboxEvent
from retailers import services as retailers
from retailers.models import Retailer
from tests.factories import (
    PASSWORD,
    api_client,
    make_admin,
    make_staff,
    make_vendor,
    token_mailed,
    user_of,
)
from tests.racing import race
from vendors import services as vendors
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


def change(client: Client, user: User, **form: Any) -> Any:
    body = {"name": user.name, "phone": user.phone, "language": user.language, **form}
    body["password_again"] = PASSWORD
    return client.post(f"/admin/accounts/user/{user.pk}/change/", body)


def do(client: Client, action: str, user: User, reason: str = "We were asked to.") -> Any:
    body = {"action": action, "_selected_action": [user.pk], "reason": reason, "password_again": PASSWORD}
    return client.post("/admin/accounts/user/", body, follow=True)


def is_signed_in(api: Any) -> bool:
    return bool(api.get("/api/auth/me").status_code == 200)


@pytest.fixture
def desk(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


@pytest.fixture
def helper(db: None) -> User:
    return make_staff("Support")


def role(name: str) -> int:
    return Group.objects.get(name=name).pk


@pytest.mark.parametrize("form", [{"groups": "Finance"}, {"groups": "Support", "is_superuser": "on"}, {}])
def test_other_rights_end_all_sessions_and_tokens(desk: Client, helper: User, form: dict[str, str]):
    api, browser = api_client(helper), Client()
    browser.force_login(helper)
    rights = {**form, **({"groups": [role(form["groups"])]} if form else {})}
    assert change(desk, helper, **rights).status_code == 302
    assert not is_signed_in(api)
    assert browser.get("/admin/").status_code == 302
    entry = Entry.objects.get(verb="changed the rights of")
    assert entry.data["before"]["roles"] == ["Support"]
    helper.refresh_from_db()
    assert list(helper.groups.values_list("name", flat=True)) == ([form["groups"]] if form else [])
    assert helper.is_superuser is ("is_superuser" in form)


def test_another_name_ends_nothing(desk: Client, helper: User):
    api = api_client(helper)
    assert change(desk, helper, name="Renamed", groups=[role("Support")]).status_code == 302
    assert is_signed_in(api)
    helper.refresh_from_db()
    assert helper.name == "Renamed"
    assert not Entry.objects.filter(verb="changed the rights of").exists()


def test_nobody_raises_own_rights(client: Client, desk: Client, admin: User, helper: User):
    own = Client()
    helper.user_permissions.add(*services.staff.Permission.objects.filter(codename__endswith="_user"))
    own.force_login(helper)
    assert change(own, helper, is_superuser="on", groups=[role("Finance")]).status_code == 403
    helper.refresh_from_db()
    assert not helper.is_superuser
    change(desk, admin, groups=[role("Finance")], is_superuser="")
    admin.refresh_from_db()
    assert admin.is_superuser
    assert not admin.groups.exists()
    with pytest.raises(Forbidden):
        services.change_rights(admin, groups=[], permissions=[], is_superuser=False, by=admin)
    with pytest.raises(Forbidden):
        services.change_rights(helper, groups=[], permissions=[], is_superuser=True, by=helper)


def test_who_may_change_people_may_not_change_staff(helper: User, retailer_user: User):
    browser = Client()
    browser.force_login(helper)
    assert change(browser, make_admin()).status_code == 403
    assert change(browser, retailer_user, is_superuser="on", groups=[role("Finance")]).status_code == 302
    retailer_user.refresh_from_db()
    assert not retailer_user.is_superuser
    assert not retailer_user.groups.exists()


def test_a_new_staff_member_is_invited_by_mail(desk: Client):
    body = {"email": "New@AQAD.example", "name": "Noor", "language": "ar", "groups": [role("Reviewer")]}
    body["password_again"] = PASSWORD
    assert desk.post("/admin/accounts/user/add/", body).status_code == 302
    user = User.objects.get(email="new@aqad.example")
    assert (user.role, user.is_staff, user.is_superuser) == ("admin", True, False)
    assert not user.has_usable_password()
    assert [group.name for group in user.groups.all()] == ["Reviewer"]
    services.confirm_reset(token_mailed("invitation"), PASSWORD)
    assert is_signed_in(api_client(user))
    again = desk.post("/admin/accounts/user/add/", body)
    assert "exists already" in again.text
    assert User.objects.filter(email="new@aqad.example").count() == 1


def test_only_superusers_invite(helper: User):
    browser = Client()
    helper.user_permissions.add(services.staff.Permission.objects.get(codename="add_user"))
    browser.force_login(helper)
    assert browser.post("/admin/accounts/user/add/", {"email": "x@aqad.example"}).status_code == 403
    with pytest.raises(Forbidden):
        services.invite_staff(email="x@aqad.example", name="X", groups=[], by=helper)


def test_a_password_is_nowhere_to_be_seen(desk: Client, helper: User):
    page = desk.get(f"/admin/accounts/user/{helper.pk}/change/").text
    assert helper.password not in page
    assert 'name="password"' not in page


def test_each_needs_a_reason_which_the_log_keeps(desk: Client, helper: User):
    for action in ("end_sessions", "deactivate", "reset_second_factor"):
        assert "Write the reason" in do(desk, action, helper, reason="").text
    helper.refresh_from_db()
    assert (helper.access, helper.token_version) == ("active", 0)
    do(desk, "end_sessions", helper, "Lost laptop")
    do(desk, "deactivate", helper, "Has left us")
    reasons = {entry.verb: entry.reason for entry in Entry.objects.filter(object_code=helper.email)}
    assert reasons["ended the sessions of"] == "Lost laptop"
    assert reasons["changed the access of"] == "Has left us"


def test_a_deactivated_person_is_out_at_once(desk: Client, helper: User):
    api, browser = api_client(helper), Client()
    browser.force_login(helper)
    do(desk, "deactivate", helper)
    assert not is_signed_in(api)
    assert browser.get("/admin/").status_code == 302


def test_operations_deactivate_customers_and_no_staff(retailer_user: User, helper: User):
    browser = Client()
    browser.force_login(make_staff("Operations"))
    do(browser, "deactivate", helper)
    do(browser, "deactivate", retailer_user)
    helper.refresh_from_db()
    retailer_user.refresh_from_db()
    assert (helper.access, retailer_user.access) == ("active", "deactivated")


class TestReactivating:
    def test_who_was_deactivated_by_mistake_comes_back_with_the_old_password(
        self, desk: Client, retailer_user: User
    ):
        api = api_client(retailer_user)
        do(desk, "deactivate", retailer_user)
        assert "Write the reason" in do(desk, "reactivate", retailer_user, reason="").text
        retailer_user.refresh_from_db()
        assert retailer_user.access == "deactivated"

        do(desk, "reactivate", retailer_user, "Mistaken for another")

        retailer_user.refresh_from_db()
        assert retailer_user.access == "active"
        assert not is_signed_in(api)
        assert services.sign_in(retailer_user.email, PASSWORD).access
        entry = Entry.objects.filter(verb="changed the access of").latest("id")
        assert (entry.reason, entry.data) == ("Mistaken for another", {"access": "active"})

    def test_nobody_comes_back_to_a_company_that_may_not_sign_in(
        self, desk: Client, vendor: Vendor, vendor_user: User, retailer: Retailer, retailer_user: User
    ):
        for user in (vendor_user, retailer_user):
            do(desk, "deactivate", user)
        vendors.suspend_vendor(vendor, reason="Papers", by=None)
        retailers.suspend_retailer(retailer, reason="Debts", by=None)
        for user in (vendor_user, retailer_user):
            assert "Their company is not active." in do(desk, "reactivate", user).text
            user.refresh_from_db()
            assert user.access == "deactivated"
        vendors.reinstate_vendor(vendor, by=None)
        do(desk, "reactivate", vendor_user)
        vendor_user.refresh_from_db()
        assert vendor_user.access == "active"

    def test_a_driver_who_was_taken_off_the_road_comes_back_as_a_driver(
        self, desk: Client, driver_user: User
    ):
        do(desk, "deactivate", driver_user)
        do(desk, "reactivate", driver_user)
        driver_user.refresh_from_db()
        assert driver_user.access == "active"
        delivery.update_driver(driver_user.driver, is_active=False, by=None)
        assert "This driver is not active." in do(desk, "reactivate", driver_user).text
        driver_user.refresh_from_db()
        assert driver_user.access == "deactivated"

    def test_who_is_not_deactivated_is_left_alone(
        self, desk: Client, retailer: Retailer, retailer_user: User
    ):
        version = User.objects.get(pk=retailer_user.pk).token_version
        do(desk, "reactivate", retailer_user)
        assert User.objects.get(pk=retailer_user.pk).token_version == version
        assert not Entry.objects.filter(verb="changed the access of").exists()

    def test_operations_reactivate_customers_and_no_staff(
        self, admin: User, helper: User, retailer_user: User
    ):
        for user in (helper, retailer_user):
            services.deactivate(user, by=admin)
        browser = Client()
        browser.force_login(make_staff("Operations"))
        for user in (helper, retailer_user):
            do(browser, "reactivate", user)
            user.refresh_from_db()
        assert (helper.access, retailer_user.access) == ("deactivated", "active")
        with pytest.raises(Forbidden):
            services.reactivate(helper, by=make_staff("Support"))


@pytest.mark.django_db(transaction=True)
def test_nobody_slips_back_into_a_company_that_is_suspended_at_that_moment():
    admin, vendor = make_admin(), make_vendor()
    person = user_of(vendor.code)
    services.deactivate(person, by=admin)
    race(
        [
            lambda: vendors.suspend_vendor(vendor, reason="Papers", by=None),
            lambda: services.reactivate(person, by=admin, reason="Now"),
        ]
    )
    person.refresh_from_db()
    assert person.access in ("suspended", "deactivated")


class TestResettingASecondFactor:
    def test_a_colleague_with_the_right_does_it_and_the_owner_is_told(self, desk: Client, helper: User):
        enrol(helper)
        do(desk, "reset_second_factor", helper, "New telephone")
        assert not TOTPDevice.objects.exists()
        assert Entry.objects.get(verb="reset the second factor of").reason == "New telephone"
        assert OutboxEvent.objects.get(kind="second_factor_reset").recipients == [helper.pk]

    def test_it_ends_the_sessions(self, desk: Client, helper: User):
        enrol(helper)
        version = User.objects.get(pk=helper.pk).token_version
        do(desk, "reset_second_factor", helper)
        assert User.objects.get(pk=helper.pk).token_version == version + 1

    def test_nobody_resets_the_own_or_without_the_right_or_a_superusers(self, admin: User, helper: User):
        for user in (admin, helper):
            enrol(user)
        for target, by in ((admin, admin), (admin, helper), (helper, make_staff("Operations"))):
            with pytest.raises(Forbidden):
                services.reset_second_factor(target, by=by, reason="Please")
        trusted = make_staff("Support")
        trusted.user_permissions.add(services.staff.Permission.objects.get(codename="reset_second_factor"))
        trusted = User.objects.get(pk=trusted.pk)
        with pytest.raises(Forbidden):
            services.reset_second_factor(admin, by=trusted, reason="Please")
        services.reset_second_factor(helper, by=trusted, reason="Please")
        assert TOTPDevice.objects.get().user == admin


@pytest.mark.django_db(transaction=True)
def test_two_superusers_cannot_remove_each_other():
    first, second = make_admin(), make_admin()
    race(
        [
            lambda: services.deactivate(first, by=second, reason="Now"),
            lambda: services.deactivate(second, by=first, reason="Now"),
        ]
    )
    assert User.objects.filter(is_superuser=True, access="active").count() == 1
