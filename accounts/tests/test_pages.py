import re

import pytest
from django.test import Client

from accounts import services
from accounts.models import User
from notifications.models import OutboxEvent
from retailers.models import Retailer
from tests.factories import PASSWORD, token_mailed

pytestmark = pytest.mark.django_db

NEW = "a-brand-new-caravan"


def sign_in(client: Client, password: str = PASSWORD, **more: str):
    return client.post("/sign-in", {"email": "fatima@mart.example", "password": password, **more})


def signed_in(client: Client) -> bool:
    return bool(client.get("/sign-in").wsgi_request.user.is_authenticated)


def test_a_person_signs_in_to_the_pages_and_out_again(client: Client, retailer: Retailer):
    assert sign_in(client)["Location"] == "/products"
    assert signed_in(client)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").status_code == 302
    assert not signed_in(client)


def test_signing_in_turns_the_pages_to_the_accounts_language(client: Client, retailer: Retailer):
    User.objects.filter(code=retailer.code).update(language="ar")
    client.cookies["django_language"] = "en"
    assert 'lang="en"' in sign_in(client, "not-the-password").text
    sign_in(client)
    assert 'lang="ar" dir="rtl"' in client.get("/products").text


def test_a_wrong_password_is_said_on_the_page(client: Client, retailer: Retailer):
    page = sign_in(client, "not-the-password")
    assert page.status_code == 200
    assert "The e-mail address or the password is wrong." in page.text
    assert "not-the-password" not in page.text
    assert not signed_in(client)


def test_a_locked_account_is_told_why(client: Client, retailer: Retailer):
    User.objects.filter(code=retailer.code).update(access="suspended")
    assert "suspended" in sign_in(client).text
    assert not signed_in(client)


@pytest.mark.parametrize(
    ("wanted", "led_to"),
    [
        ("/orders?page=2", "/orders?page=2"),
        ("https://evil.example/", "/products"),
        ("//evil.example", "/products"),
        ("", "/products"),
    ],
)
def test_signing_in_leads_on_only_within_aqad(client: Client, retailer: Retailer, wanted: str, led_to: str):
    assert sign_in(client, next=wanted)["Location"] == led_to


def test_a_staff_member_is_led_to_the_admin(client: Client, admin: User):
    answer = client.post("/sign-in", {"email": admin.email, "password": PASSWORD})
    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


def test_the_pages_share_the_limit_of_the_api(client: Client, retailer: Retailer):
    answers = [sign_in(client, "wrong").status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_the_admin_sites_door_has_the_same_limits_and_refusals(client: Client, admin: User):
    path = "/admin/login/"
    User.objects.filter(pk=admin.pk).update(access="suspended")
    assert client.post(path, {"email": admin.email, "password": PASSWORD}).status_code == 200
    assert not signed_in(client)
    User.objects.filter(pk=admin.pk).update(access="active")
    assert client.post(path, {"email": admin.email.upper(), "password": PASSWORD}).status_code == 302
    answers = [client.post(path, {"email": "x@y.example", "password": "z"}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_forms_need_their_csrf_token(retailer: Retailer):
    strict = Client(enforce_csrf_checks=True)
    assert sign_in(strict).status_code == 403
    assert not signed_in(strict)


def token_of(page) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "You are signed in already, as"), ("ar", "سجّلت الدخول من قبل")]
)
def test_a_second_tab_for_signing_in_says_that_one_is_signed_in(retailer: Retailer, language: str, said: str):
    browser = Client(enforce_csrf_checks=True)
    browser.cookies["django_language"] = language
    first, second = token_of(browser.get("/sign-in")), token_of(browser.get("/sign-in"))
    assert sign_in(browser, csrfmiddlewaretoken=first).status_code == 302

    late = sign_in(browser, csrfmiddlewaretoken=second)

    assert late.status_code == 403
    assert said in late.text
    assert "fatima@mart.example" in late.text
    assert 'class="next"' not in late.text  # nothing else is said beside it
    assert '<a class="button" href="/">' in late.text
    assert browser.get("/account/profile").status_code == 200


def test_another_form_that_is_out_of_date_leads_back_to_its_page(retailer: Retailer):
    browser = Client(enforce_csrf_checks=True)
    old = token_of(browser.get("/sign-in"))
    sign_in(browser, csrfmiddlewaretoken=old)
    form, page = {"csrfmiddlewaretoken": old, "name": "X"}, "http://testserver/account/profile?a=1"
    late = browser.post("/account/profile", form, headers={"referer": page})
    assert late.status_code == 403
    assert "This form is out of date. Load the page again and send it once more." in late.text
    assert 'href="/account/profile?a=1"' in late.text
    assert "belongs to somebody else" not in late.text
    elsewhere = browser.post("/account/profile", headers={"referer": "https://evil.example/x"})
    assert "evil.example" not in elsewhere.text


def test_a_browser_without_cookies_is_told_so(retailer: Retailer):
    answer = Client(enforce_csrf_checks=True).post("/sign-in", {"email": "fatima@mart.example"})
    assert answer.status_code == 403
    assert "Allow cookies for AQAD" in answer.text
    assert 'href="/sign-in"' in answer.text


@pytest.mark.parametrize(("chosen", "lang"), [("ar", 'lang="ar" dir="rtl"'), ("en", 'lang="en" dir="ltr"')])
def test_a_visitors_language_survives_an_account_that_never_chose_one(
    client: Client, retailer: Retailer, chosen: str, lang: str
):
    client.post("/language", {"language": chosen})
    sign_in(client)
    assert lang in client.get("/products").text
    client.post("/account/profile", {"old_password": PASSWORD, "new_password": NEW})
    assert lang in client.get("/products").text
    client.post("/sign-out")
    assert lang in client.get("/sign-in").text


def test_an_account_without_a_language_leaves_it_to_the_browser(client: Client, retailer: Retailer):
    sign_in(client)
    assert 'lang="ar"' in client.get("/products", headers={"accept-language": "ar"}).text


@pytest.mark.parametrize("how", ["language", "profile"])
def test_a_language_chosen_for_the_account_comes_with_it(client: Client, retailer: Retailer, how: str):
    sign_in(client)
    if how == "language":
        client.post("/language", {"language": "en"})
    else:
        client.post("/account/profile", {"name": "Fatima", "phone": "", "language": "en"})
    elsewhere = Client()
    elsewhere.post("/language", {"language": "ar"})
    sign_in(elsewhere)
    assert 'lang="en"' in elsewhere.get("/products").text


def test_the_profile_offers_the_language_of_the_page_until_one_is_chosen(client: Client, retailer: Retailer):
    client.post("/language", {"language": "ar"})
    sign_in(client)
    shown = client.get("/account/profile").text
    assert re.search(r'value="ar"[^>]*checked', shown)
    client.post("/account/profile", {"name": "Fatima", "phone": "", "language": "ar"})
    assert User.objects.get(code=retailer.code).language == "ar"


def test_a_forgotten_password_is_replaced_through_the_mailed_page(client: Client, retailer: Retailer):
    asked = client.post("/forgot-password", {"email": "Fatima@mart.example"}, follow=True)
    assert "a link is on its way" in asked.text
    path = f"/reset-password/{token_mailed('password_reset')}"
    assert "Set the password" in client.get(path).text
    assert client.post(path, {"new_password": "short"}).status_code == 200
    assert client.post(path, {"new_password": NEW})["Location"] == "/sign-in"
    assert "no longer valid" in client.get(path).text
    assert sign_in(client, NEW).status_code == 302


def test_asking_for_an_unknown_address_looks_the_same(client: Client):
    asked = client.post("/forgot-password", {"email": "nobody@mart.example"}, follow=True)
    assert "a link is on its way" in asked.text
    services.answer_link_requests()
    assert not OutboxEvent.objects.exists()


def test_opening_the_verification_link_verifies_nothing_and_the_button_does(
    client: Client, retailer: Retailer, retailer_user: User
):
    path = f"/verify-email/{token_mailed('verify_email')}"
    assert client.get(path).status_code == 200
    retailer_user.refresh_from_db()
    assert retailer_user.email_verified_at is None
    assert "is confirmed" in client.post(path).text
    retailer_user.refresh_from_db()
    assert retailer_user.email_verified_at is not None
    assert "no longer valid" in client.post(path).text


@pytest.mark.parametrize("path", ["/sign-in", "/forgot-password", "/verify-email/x", "/reset-password/x"])
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl")])
def test_pages_are_never_cached_carry_no_inline_code_and_turn_with_the_language(
    client: Client, path: str, language: str, direction: str
):
    page = client.get(path, HTTP_ACCEPT_LANGUAGE=language)
    assert "no-store" in page["Cache-Control"]
    assert f'<html lang="{language}" dir="{direction}">' in page.text
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", page.text)
    assert "'unsafe-inline'" not in page["Content-Security-Policy"]
