"""A stranger who guesses passwords stops other strangers, not the owner of the account."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import hashers
from django.core import signing
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import services
from accounts.models import PageSession, TokenFamily, User
from accounts.tests.authenticator import code_of, enrol, let_wait_pass, wrong_code
from accounts.tests.entering import sign_in
from aqad.lib.errors import RateLimited
from aqad.lib.web import limits
from operations.doctor.login import question as doctor
from operations.tests.reading import cells
from orders.models import Order
from retailers.models import Retailer
from tests import goods
from tests.factories import PASSWORD, api_client, make_staff, token_mailed
from vendors.models import Vendor

pytestmark = pytest.mark.django_db

EMAIL = "fatima@mart.example"
HOME, STRANGER, ELSEWHERE = "198.51.100.7", "203.0.113.9", "192.0.2.200"


def guess(email: str = EMAIL, times: int = 6, address: str = STRANGER) -> list[int]:
    return [sign_in(email, "not-the-password", address).status_code for _ in range(times)]


def enter(browser: Client, password: str = PASSWORD, address: str = HOME, email: str = EMAIL) -> int:
    body = {"email": email, "password": password}
    return browser.post("/sign-in", body, REMOTE_ADDR=address).status_code


def known_browser(email: str = EMAIL) -> Client:
    """One with which the person signed in and out, so that only its cookie tells."""
    browser = Client()
    assert enter(browser, email=email) == 302
    browser.post("/sign-out")
    assert not PageSession.objects.exists()
    return browser


def test_a_known_browser_signs_in_whatever_strangers_do_and_wherever_it_is(retailer: Retailer):
    browser = known_browser()
    assert guess() == [401] * 5 + [429]
    assert enter(browser, address=ELSEWHERE) == 302


def test_an_app_signs_in_from_a_known_address(retailer: Retailer):
    assert sign_in(EMAIL, address=HOME).status_code == 200
    assert guess() == [401] * 5 + [429]
    assert sign_in(EMAIL, address=HOME).status_code == 200


def test_a_network_of_an_ipv6_subscriber_is_one_address(retailer: Retailer):
    assert sign_in(EMAIL, address="2001:db8:1:2::10").status_code == 200
    assert guess() == [401] * 5 + [429]
    assert sign_in(EMAIL, address="2001:db8:1:2:ffff::99").status_code == 200
    assert sign_in(EMAIL, address="2001:db8:1:3::10").status_code == 429


def test_strangers_stay_out_even_with_the_right_password(retailer: Retailer):
    assert sign_in(EMAIL, address=HOME).status_code == 200
    assert guess() == [401] * 5 + [429]
    assert sign_in(EMAIL, address=STRANGER).status_code == 429
    assert sign_in(EMAIL, address=ELSEWHERE).status_code == 429
    assert enter(Client(), address=ELSEWHERE) == 429
    assert TokenFamily.objects.count() == 1


@pytest.mark.parametrize("where", ["browser", "address"])
def test_guessing_from_a_known_place_is_limited_as_well_and_stops_only_that_place(
    retailer: Retailer, where: str, monkeypatch: pytest.MonkeyPatch
):
    browser = known_browser()
    sign_in(EMAIL, address=HOME)

    def attempt(password: str) -> int:
        if where == "browser":
            return enter(browser, password, ELSEWHERE)
        return sign_in(EMAIL, password, HOME).status_code

    assert [attempt("wrong") for _ in range(5)] == [200 if where == "browser" else 401] * 5
    with monkeypatch.context() as patched:
        patched.setattr(hashers, "check_password", lambda *_args: pytest.fail("hashed before the limit"))
        assert attempt(PASSWORD) == 429
    if where == "browser":
        assert sign_in(EMAIL, address=HOME).status_code == 200
    else:
        assert enter(browser) == 302
    assert sign_in(EMAIL, address=ELSEWHERE).status_code == 200


@pytest.mark.parametrize("value", ["", "x", "forged", "another's"])
def test_a_cookie_that_is_not_this_persons_makes_nobody_known(
    retailer: Retailer, rival_retailer: Retailer, value: str
):
    browser = known_browser("omar@grocery.example") if value == "another's" else Client()
    if value == "forged":
        key = str(retailer.members.get().user_id)
        value = signing.dumps({key: "abc"}, key="not-our-key", salt="accounts.known_devices")
    if value != "another's":
        browser.cookies[django_settings.DEVICE_COOKIE_NAME] = value
    guess()
    assert enter(browser, address=ELSEWHERE) == 429


def test_an_address_is_known_for_thirty_days(retailer: Retailer):
    sign_in(EMAIL, address=HOME)
    TokenFamily.objects.update(created_at=F("created_at") - timedelta(days=31))
    guess()
    assert sign_in(EMAIL, address=HOME).status_code == 429


def test_a_failed_sign_in_makes_no_place_known(retailer: Retailer):
    browser = Client()
    enter(browser, "wrong")
    sign_in(EMAIL, "wrong", HOME)
    assert django_settings.DEVICE_COOKIE_NAME not in browser.cookies
    guess()
    assert enter(browser) == 429


def test_who_sets_a_new_password_by_mail_gets_in(retailer: Retailer):
    guess()
    browser = Client()
    services.request_reset(EMAIL)
    path, new = f"/reset-password/{token_mailed('password_reset')}", "nine-falcons-at-noon"
    assert browser.post(path, {"new_password": new}).status_code == 302
    assert enter(browser, new, ELSEWHERE) == 302


def test_a_browser_knows_the_last_five_people(retailer: Retailer, settings: Any):
    settings.RATE_LIMITS = {**settings.RATE_LIMITS, "login": "100/m"}
    browser = Client()
    people = [make_staff("Support") for _ in range(6)]
    for person in people:
        enter(browser, email=person.email)
        browser.post("/sign-out")
    told = browser.cookies[django_settings.DEVICE_COOKIE_NAME].value
    assert list(signing.loads(told, salt="accounts.known_devices")) == [str(each.pk) for each in people[1:]]
    assert len(told) < 400


def test_the_cookie_opens_nothing(retailer: Retailer):
    assert known_browser().get("/account/profile").status_code == 302


def test_an_unknown_email_is_looked_for_by_the_same_statements(retailer: Retailer):
    def statements(email: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert guess(email, 1) == [401]
        return [one["sql"].replace(email, "…") for one in queries]

    assert statements(EMAIL) == statements("nobody@mart.example")
    assert guess("nobody@mart.example") == [401] * 4 + [429] * 2


@pytest.mark.usefixtures("_redis_is_down")
def test_without_redis_the_counts_go_on_in_each_process(retailer: Retailer):
    browser = known_browser()
    assert guess() == [401] * 5 + [429]
    assert enter(browser, address=ELSEWHERE) == 302
    assert [enter(browser, "wrong") for _ in range(6)] == [200] * 5 + [429]


@pytest.fixture
def _redis_is_down(settings: Any) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"


# Somebody signed in ------------------------------------------------------------------------------


def test_whoever_is_signed_in_changes_the_password_though_strangers_guess(retailer_user: User):
    api = api_client(retailer_user)
    guess()
    body = {"old_password": PASSWORD, "new_password": "nine-falcons-at-noon"}
    assert api.post("/api/auth/password/change", body).status_code == 204


def test_a_refund_is_confirmed_though_strangers_guess(client: Client, vendor: Vendor, retailer: Retailer):
    desk, order = make_staff("Operations"), goods.place_order(retailer, (goods.list_product(vendor), 2))
    client.force_login(desk)
    guess(desk.email)
    body = {
        "action": "cancel",
        "_selected_action": [order.pk],
        "reason": "Spoiled",
        "password_again": PASSWORD,
    }
    assert client.post("/admin/orders/order/", body).status_code == 302
    assert Order.objects.get().status == "cancelled"


def test_a_second_factor_is_asked_for_though_strangers_guess(admin: User):
    device, _codes = enrol(admin)
    assert sign_in(admin.email, otp=code_of(device), address=HOME).status_code == 200
    guess(admin.email)
    let_wait_pass()
    assert sign_in(admin.email, otp=code_of(device, steps=1), address=HOME).status_code == 200


def test_passwords_asked_again_are_limited_by_person(retailer_user: User):
    wrong = {"old_password": "wrong", "new_password": "nine-falcons-at-noon"}
    answers = [api_client(retailer_user).post("/api/auth/password/change", wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [400] * 5 + [429]
    with pytest.raises(RateLimited):
        services.confirm_password(retailer_user, PASSWORD, for_what="x")
    assert sign_in(EMAIL).status_code == 200
    retailer_user.refresh_from_db()
    assert retailer_user.check_password(PASSWORD)


def test_wrong_codes_are_limited_by_person_and_stop_no_password(admin: User):
    device, _codes = enrol(admin)
    for _ in range(5):
        let_wait_pass()
        assert sign_in(admin.email, otp=wrong_code(device)).status_code == 401
    let_wait_pass()
    assert sign_in(admin.email, otp=code_of(device)).status_code == 429
    services.confirm_password(admin, PASSWORD, for_what="x")


# The doctor --------------------------------------------------------------------------------------


def told(email: str = EMAIL) -> tuple[str, str]:
    finding = doctor.ask(email).findings[0]
    return finding.sentence, cells([finding])


def test_the_doctor_says_who_is_stopped_and_who_is_not(retailer: Retailer):
    guess()
    sentence, table = told()
    assert "on devices and from addresses that are not known" in sentence
    assert "login_email" in table


def test_the_doctor_names_a_known_place_that_is_stopped(retailer: Retailer):
    sign_in(EMAIL, address=HOME)
    guess(address=HOME)
    sentence, table = told()
    assert "can sign in with the right password" in sentence
    assert "login_known" in table
    assert "198.51.100.***" in table
    assert HOME not in table


@pytest.mark.parametrize("name", ["login_known", "password", "code"])
def test_every_count_goes_on_without_redis(name: str):
    assert name in limits.GUARDED
