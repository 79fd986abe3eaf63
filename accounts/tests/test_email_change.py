"""A mistyped or old e-mail address is replaced by its owner, through a link to the new one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client

from accounts import services
from accounts.models import OneTimeLink, User
from accounts.tests.entering import sign_in
from aqad.lib.tokens import token_for
from aqad.lib.web.masking import mask_path, mask_text
from audit.models import Entry
from notifications import services as notifications
from notifications.models import Mail, OutboxEvent
from notifications.tasks import sweep_outbox
from retailers.models import Retailer
from tests.factories import PASSWORD, api_client, make_staff, token_mailed
from tests.racing import race
from vendors.models import Vendor

pytestmark = pytest.mark.django_db

OLD, NEW = "fatima@mart.example", "fatima@freshmart.example"
OVER = "This link is no longer valid. Ask for a new one."


def ask(user: User, email: str = NEW, password: str = PASSWORD) -> Any:
    return api_client(user).post("/api/auth/email/change", {"email": email, "password": password})


def confirm(token: str) -> Any:
    return api_client().post("/api/auth/email/confirm", {"token": token})


def kinds() -> list[str]:
    return sorted(OutboxEvent.objects.filter(kind__startswith="email_").values_list("kind", flat=True))


def mailed() -> set[tuple[str, str]]:
    """What goes where."""
    sweep_outbox()
    return set(Mail.objects.filter(event__kind__startswith="email_").values_list("event__kind", "address"))


def unchanged(user: User) -> bool:
    now = User.objects.get(pk=user.pk)
    return (now.email, now.email_verified_at, now.token_version) == (
        user.email,
        user.email_verified_at,
        user.token_version,
    )


def test_a_link_to_the_new_address_changes_it_and_the_old_one_hears_of_it(retailer_user: User):
    assert ask(retailer_user, "Fatima@FreshMart.example").status_code == 202
    assert unchanged(retailer_user)
    assert {("email_change", NEW), ("email_change_asked", OLD)} == mailed()
    assert confirm(token_mailed("email_change")).status_code == 204
    assert ("email_changed", OLD) in mailed()
    retailer_user.refresh_from_db()
    assert (retailer_user.email, retailer_user.email_verified_at is None) == (NEW, False)
    assert sign_in(NEW).status_code == 200
    assert sign_in(OLD, address="192.0.2.9").status_code == 401
    assert Retailer.objects.get().email == NEW
    assert Entry.objects.get(verb="changed the e-mail address of").data == {"before": OLD, "after": NEW}


@pytest.mark.parametrize("written", [f"{NEW}\u200e", NEW.upper(), "fatima@freshmart\u3002example"])
def test_an_address_is_taken_over_in_the_one_form_of_its_mailbox(retailer_user: User, written: str):
    services.request_email_change(retailer_user, email=written, password=PASSWORD)
    assert OneTimeLink.objects.get(purpose="email_change").email == NEW
    confirm(token_mailed("email_change"))
    assert User.objects.get().email == NEW


def test_a_company_that_is_reached_elsewhere_stays_so(retailer_user: User, retailer: Retailer):
    Retailer.objects.update(email="office@mart.example")
    ask(retailer_user)
    confirm(token_mailed("email_change"))
    retailer.refresh_from_db()
    assert retailer.email == "office@mart.example"


def test_a_vendors_company_follows(vendor_user: User):
    ask(vendor_user, "ahmed@ahmedfoods.example")
    confirm(token_mailed("email_change"))
    assert Vendor.objects.get().email == "ahmed@ahmedfoods.example"


def test_a_link_works_once(retailer_user: User):
    ask(retailer_user)
    token = token_mailed("email_change")
    assert confirm(token).status_code == 204
    again = confirm(token)
    assert (again.status_code, again.json()["errors"]) == (400, {"token": [OVER]})


@pytest.mark.parametrize("why", ["old", "newer", "password", "unknown", "other purpose", "deactivated"])
def test_a_link_that_is_over_changes_nothing(retailer_user: User, why: str):
    ask(retailer_user)
    token = token_mailed("email_change")
    if why == "old":
        OneTimeLink.objects.update(expires_at=F("expires_at") - timedelta(seconds=3600))
    elif why == "newer":
        ask(retailer_user, "another@mart.example")
    elif why == "password":
        services.change_password(retailer_user, old_password=PASSWORD, new_password="nine-falcons-at-noon")
    elif why == "unknown":
        token = "0" * 48
    elif why == "other purpose":
        token = token_for(services.issue_link(retailer_user, "email_verification", seconds=60))
    else:
        User.objects.update(access="deactivated")
    assert confirm(token).status_code == 400
    assert User.objects.get().email == OLD


def test_a_wrong_password_asks_for_nothing(retailer_user: User):
    answer = ask(retailer_user, password="wrong")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["password"])
    assert kinds() == []
    assert not OneTimeLink.objects.filter(purpose="email_change").exists()


@pytest.mark.parametrize("email", ["", "x", "a@b", "two@mart.example,three@mart.example", OLD, OLD.upper()])
def test_an_address_that_is_none_or_the_present_one_is_refused(retailer_user: User, email: str):
    answer = ask(retailer_user, email)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["email"])
    assert kinds() == []


def test_an_address_that_is_taken_makes_no_difference_to_see(retailer_user: User, rival_retailer_user: User):
    free = ask(retailer_user)
    token = token_mailed("email_change")
    taken = ask(retailer_user, rival_retailer_user.email.upper())
    assert (taken.status_code, taken.content) == (free.status_code, free.content) == (202, b"")
    assert ("email_change_taken", rival_retailer_user.email) in mailed()
    assert ("email_change", rival_retailer_user.email) not in mailed()
    link = OneTimeLink.objects.get(purpose="email_change", used_at=None)
    assert link.email == rival_retailer_user.email  # the same work; its token was mailed to nobody
    assert confirm(token).status_code == 400
    assert unchanged(retailer_user)
    assert unchanged(rival_retailer_user)


def test_an_address_that_was_taken_meanwhile_ends_the_link(retailer_user: User):
    ask(retailer_user)
    services.create_user(email=NEW, password=PASSWORD, name="Quick", role="driver", code="DP1")
    assert confirm(token_mailed("email_change")).json()["errors"] == {"token": [OVER]}
    assert unchanged(retailer_user)


def test_every_session_ends_and_so_do_links_mailed_to_the_old_address(retailer_user: User, client: Client):
    api = api_client(retailer_user)
    client.force_login(retailer_user)
    services.request_reset(OLD)
    reset = token_mailed("password_reset")
    ask(retailer_user)
    confirm(token_mailed("email_change"))
    assert api.get("/api/auth/me").status_code == 401
    assert client.get("/account/profile").status_code == 302
    body = {"token": reset, "new_password": "nine-falcons-at-noon"}
    assert api_client().post("/api/auth/password/reset/confirm", body).status_code == 400


def test_requests_are_limited_by_person_and_by_address(retailer_user: User, rival_retailer_user: User):
    answers = [ask(retailer_user, f"new{number}@mart.example").status_code for number in range(6)]
    assert answers == [202] * 5 + [429]
    assert ask(rival_retailer_user, "new0@mart.example").status_code == 202


def test_the_token_stands_neither_in_the_database_nor_in_a_log(retailer_user: User):
    ask(retailer_user)
    token = token_mailed("email_change")
    assert not OneTimeLink.objects.filter(digest=token).exists()
    assert token not in str(list(OutboxEvent.objects.values()))
    path = f"/confirm-email/{token[:10]}"
    assert mask_path(path) == "/confirm-email/***"
    assert token[:10] not in mask_text(f"GET {path} HTTP/1.1")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_want_one_address_one_gets_it(settings: Any):
    people = [
        services.create_user(
            email=f"r{n}@mart.example", password=PASSWORD, name="R", role="driver", code="DP1"
        )
        for n in range(4)
    ]
    tokens = [
        token_for(services.issue_link(person, "email_change", seconds=60, email=NEW)) for person in people
    ]
    answers = race([lambda token=token: confirm(token).status_code for token in tokens])
    assert sorted(answers) == [204, 400, 400, 400]
    assert User.objects.filter(email=NEW).count() == 1


# Pages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["retailer_user", "vendor_user", "driver_user", "admin"])
def test_everybody_asks_on_the_profile_and_confirms_on_the_linked_page(
    client: Client, request: Any, who: str
):
    user = request.getfixturevalue(who)
    client.post("/sign-in", {"email": user.email, "password": PASSWORD})
    page = client.post("/account/profile", {"email": NEW, "password": PASSWORD}, follow=True)
    assert f"A link is on its way to {NEW}." in page.text
    path = f"/confirm-email/{token_mailed('email_change')}"
    assert "Use this address" in client.get(path).text
    assert User.objects.get(pk=user.pk).email == user.email  # looking changes nothing
    assert "From now on you sign in with" in client.post(path).text
    assert User.objects.get(pk=user.pk).email == NEW
    assert client.get("/account/profile").status_code == 200  # this browser stays signed in
    assert "no longer valid" in client.get(path).text


def test_another_browser_confirms_and_is_led_to_the_sign_in(client: Client, retailer_user: User):
    ask(retailer_user)
    page = client.post(f"/confirm-email/{token_mailed('email_change')}").text
    assert "/sign-in" in page
    assert client.get("/account/profile").status_code == 302


def test_what_is_wrong_is_said_beside_its_field(client: Client, retailer_user: User):
    client.force_login(retailer_user)
    page = client.post("/account/profile", {"email": NEW, "password": "wrong"}).text
    assert 'id="id_password_error"' in page
    assert f'value="{NEW}"' in page
    assert 'id="id_email_error"' in client.post("/account/profile", {"email": "x", "password": PASSWORD}).text
    assert kinds() == []


# Staff -------------------------------------------------------------------------------------------


def correct(client: Client, user: User, email: str) -> Any:
    body = {"email": email, "name": user.name, "phone": user.phone, "language": user.language}
    return client.post(f"/admin/accounts/user/{user.pk}/change/", body, follow=True)


def test_support_corrects_the_address_of_somebody_who_cannot_sign_in(client: Client, retailer_user: User):
    client.force_login(make_staff("Support"))
    page = correct(client, retailer_user, "Fatima@FreshMart.example")
    assert f"A link was mailed to {NEW}." in page.text
    assert unchanged(retailer_user)
    assert confirm(token_mailed("email_change")).status_code == 204
    assert User.objects.get(pk=retailer_user.pk).email == NEW


def test_an_address_nobody_can_write_to_is_refused_by_staffs_form_too(client: Client, retailer_user: User):
    client.force_login(make_staff("Support"))
    assert correct(client, retailer_user, "fatima@فريش").status_code in (200, 400)
    assert kinds() == []
    assert unchanged(retailer_user)


def test_staff_are_told_of_an_address_that_is_taken(
    client: Client, retailer_user: User, rival_retailer_user: User
):
    client.force_login(make_staff("Support"))
    assert "exists already" in correct(client, retailer_user, rival_retailer_user.email).text
    assert kinds() == []


def test_who_may_not_change_people_corrects_nothing(client: Client, retailer_user: User):
    client.force_login(make_staff("Finance"))
    assert correct(client, retailer_user, NEW).status_code == 403
    assert kinds() == []


def test_a_mail_to_another_address_is_the_persons_all_the_same(retailer_user: User):
    notifications.notify("email_changed", to=[retailer_user.pk], context={"address": "old@mart.example"})
    sweep_outbox()
    mail = Mail.objects.get(event__kind="email_changed")
    assert (mail.user, mail.address) == (retailer_user, "old@mart.example")
