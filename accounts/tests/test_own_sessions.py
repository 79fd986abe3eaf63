"""Everybody sees where they are signed in, browsers and apps in one list, and ends what they do not know."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from rest_framework.test import APIClient

from accounts import services
from accounts.devices import describe_device
from accounts.models import PageSession, TokenFamily, User
from audit.models import Entry
from tests.factories import PASSWORD, api_client

pytestmark = pytest.mark.django_db

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.0 Mobile/15E148 Safari/604.1"
)
PEOPLE = ["retailer_user", "vendor_user", "driver_user", "admin"]


def browser(user: User, agent: str = WINDOWS, address: str = "198.51.100.7") -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    client.post("/sign-in", {"email": user.email, "password": PASSWORD})
    return client


def app(user: User, agent: str = "AqadApp/2.1 (Android 14)") -> tuple[APIClient, str]:
    """A signed-in app, and its refresh token."""
    api = APIClient(HTTP_USER_AGENT=agent, REMOTE_ADDR="203.0.113.9")
    tokens = api.post("/api/auth/login", {"email": user.email, "password": PASSWORD}, format="json").json()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {tokens['access']}", HTTP_USER_AGENT=agent)
    return api, tokens["refresh"]


def is_in(client: Client) -> bool:
    return client.get("/account/profile").status_code == 200


def listed(api: APIClient) -> list[dict[str, Any]]:
    return api.get("/api/auth/sessions").json()["results"]


@pytest.mark.parametrize("who", PEOPLE)
def test_browsers_and_apps_stand_in_one_list_with_this_one_marked(request: Any, who: str):
    user = request.getfixturevalue(who)
    browser(user)
    api, _refresh = app(user)
    mine, other = listed(api)
    assert (mine["kind"], mine["device"], mine["address"]) == ("app", "AqadApp on Android", "203.0.113.9")
    assert (other["kind"], other["device"], other["address"]) == (
        "browser",
        "Firefox on Windows",
        "198.51.100.7",
    )
    assert (mine["is_current"], other["is_current"]) == (True, False)
    assert set(mine) == {
        *("id", "kind", "device", "address", "signed_in_at", "last_used_at", "is_current"),
    }


@pytest.mark.parametrize("who", PEOPLE)
def test_the_page_shows_them_and_ends_one_at_once(request: Any, who: str):
    user = request.getfixturevalue(who)
    here, other = browser(user), browser(user, IPHONE)
    api, refresh = app(user)
    page = here.get("/account/sessions").text
    devices = ("Firefox on Windows", "Safari on iPhone", "AqadApp on Android")
    for said in (*devices, "198.51.100.7", "This browser"):
        assert said in page
    gone = PageSession.objects.get(device=IPHONE)
    assert here.post(f"/account/sessions/{gone.pk}/end").status_code == 302
    assert not is_in(other)
    family = TokenFamily.objects.get(user=user)
    here.post(f"/account/sessions/{family.pk}/end")
    assert api.get("/api/auth/me").status_code == 401
    assert api_client().post("/api/auth/refresh", {"refresh": refresh}).status_code == 401
    assert is_in(here)
    assert Entry.objects.filter(verb="ended a session of").count() == 2


def test_all_others_end_at_once_and_this_one_goes_on(retailer_user: User):
    here, others = browser(retailer_user), [browser(retailer_user) for _ in range(2)]
    api, _refresh = app(retailer_user)
    answer = here.post("/account/sessions/end-others", follow=True)
    assert "3 other devices are signed out." in answer.text
    assert is_in(here)
    assert not any(is_in(other) for other in others)
    assert api.get("/api/auth/me").status_code == 401
    assert "You are signed in nowhere else." in here.post("/account/sessions/end-others", follow=True).text


def test_an_app_ends_one_all_others_or_all(retailer_user: User):
    page, (api, _refresh), (other, _) = browser(retailer_user), app(retailer_user), app(retailer_user)
    _mine, *rest = listed(api)
    assert api.delete(f"/api/auth/sessions/{rest[0]['id']}").status_code == 204
    assert len(listed(api)) == 2
    assert api.post("/api/auth/sessions/end-all", {}, format="json").json() == {"ended": 1}
    assert not is_in(page)
    assert other.get("/api/auth/me").status_code == 401
    assert api.get("/api/auth/me").status_code == 200
    everywhere = api.post("/api/auth/sessions/end-all", {"this_too": True}, format="json")
    assert everywhere.json() == {"ended": 1}
    assert api.get("/api/auth/me").status_code == 401


def test_ending_the_session_that_asks_works_as_signing_out(retailer_user: User):
    api, refresh = app(retailer_user)
    assert api.delete(f"/api/auth/sessions/{listed(api)[0]['id']}").status_code == 204
    assert api.get("/api/auth/me").status_code == 401
    assert api_client().post("/api/auth/refresh", {"refresh": refresh}).status_code == 401


@pytest.mark.parametrize("what", ["foreign", "unknown", "junk", "ended"])
def test_nothing_else_can_be_ended(retailer_user: User, rival_retailer_user: User, what: str):
    theirs, (api, _refresh) = browser(rival_retailer_user), app(retailer_user)
    app(rival_retailer_user)
    _ended, refresh = app(retailer_user)
    services.sign_out(refresh, user=retailer_user)
    keys = {
        "foreign": [PageSession.objects.get().pk, TokenFamily.objects.get(user=rival_retailer_user).pk],
        "unknown": [uuid4()],
        "junk": ["1", "x", "../", "%00"],
        "ended": [TokenFamily.objects.get(user=retailer_user, ended_because="signed out").pk],
    }
    before = list(TokenFamily.objects.order_by("pk").values_list("pk", "ended_at"))
    for key in keys[what]:
        assert api.delete(f"/api/auth/sessions/{key}").status_code in (400, 404, 405)
    assert is_in(theirs)
    assert list(TokenFamily.objects.order_by("pk").values_list("pk", "ended_at")) == before
    assert not Entry.objects.filter(verb="ended a session of").exists()


def test_what_is_over_is_not_listed(retailer_user: User):
    api, _refresh = app(retailer_user)
    for _ in range(3):
        browser(retailer_user)
    PageSession.objects.filter(pk=PageSession.objects.first().pk).update(
        expires_at=F("created_at") - timedelta(seconds=1)
    )
    _ended, refresh = app(retailer_user)
    services.sign_out(refresh, user=retailer_user)
    assert len(listed(api)) == 3
    services.end_sessions(retailer_user)
    api, _refresh = app(retailer_user)
    assert len(listed(api)) == 1


def test_the_list_takes_two_statements_however_long_it_is(retailer_user: User):
    api, _refresh = app(retailer_user)
    for _ in range(4):
        browser(retailer_user)
    with CaptureQueriesContext(connection) as queries:
        assert len(listed(api)) == 5
    assert len(queries) == 3  # the token, browsers, apps


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (WINDOWS, "Firefox on Windows"),
        (IPHONE, "Safari on iPhone"),
        (f"{WINDOWS[:-13]}Chrome/129.0 Safari/537.36 Edg/129.0", "Edge on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/129.0 Safari/537.36", "Chrome on Linux"),
        ("Mozilla/5.0 (Linux; Android 14) SamsungBrowser/26.0 Chrome/122.0", "Samsung Internet on Android"),
        ("AqadDriver/2.1 (Android 14)", "AqadDriver on Android"),
        ("python-requests/2.32", "python-requests"),
        ("Mozilla/5.0", "Unknown device"),
        ("", "Unknown device"),
        ("<script>alert(1)</script>", "Unknown device"),
    ],
)
def test_a_device_in_words(agent: str, said: str):
    with translation.override("en"):
        assert describe_device(agent) == said
