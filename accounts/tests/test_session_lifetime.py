"""Page sessions: who they are of, how long they last, what they cost, and that they are swept away."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import services
from accounts.models import IdempotencyKey, OneTimeLink, PageSession, TokenFamily, User
from accounts.session_store import NOTED_EVERY, SessionStore
from aqad.lib import deleting
from retailers.models import Retailer
from tests.factories import PASSWORD, api_client
from tests.goods import list_product
from vendors.models import Vendor

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def move_back(by: timedelta, *fields: str) -> None:
    """As if that much time had passed since."""
    rows = PageSession.objects.all()
    rows.update(**{name: F(name) - by for name in fields or ("created_at", "last_used_at", "expires_at")})


def is_signed_in(client: Client) -> bool:
    return client.get("/account/profile").status_code == 200


def sign_in(client: Client, user: User) -> PageSession:
    client.post("/sign-in", {"email": user.email, "password": PASSWORD}, HTTP_USER_AGENT="Firefox/130.0")
    return PageSession.objects.get(user=user)


def test_a_session_says_whose_it_is_and_from_where(client: Client, retailer_user: User):
    row = sign_in(client, retailer_user)
    assert (row.user, row.for_staff, row.token_version) == (retailer_user, False, retailer_user.token_version)
    assert (row.address, row.device) == ("127.0.0.1", "Firefox/130.0")


def test_the_table_does_not_hold_the_key_that_opens_the_session(client: Client, retailer_user: User):
    sign_in(client, retailer_user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(s)::text FROM accounts_pagesession s")
        row = cursor.fetchone()[0]
    assert key not in row
    client.cookies[settings.SESSION_COOKIE_NAME] = PageSession.objects.get().key_hash
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("who", "idle"),
    [("retailer_user", 14 * DAY), ("vendor_user", 14 * DAY), ("admin", timedelta(minutes=30))],
)
def test_an_unused_session_ends(client: Client, request: Any, who: str, idle: timedelta):
    sign_in(client, request.getfixturevalue(who))
    move_back(idle - timedelta(minutes=1))
    assert is_signed_in(client)
    move_back(idle + timedelta(seconds=1))
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("who", "longest", "step"),
    [("retailer_user", 90 * DAY, 10 * DAY), ("admin", timedelta(hours=12), timedelta(minutes=20))],
)
def test_a_session_in_use_ends_at_its_longest(
    client: Client, request: Any, who: str, longest: timedelta, step: timedelta
):
    row, passed = sign_in(client, request.getfixturevalue(who)), step
    while passed < longest:
        move_back(step)
        assert is_signed_in(client), passed
        passed += step
    move_back(step)
    assert not is_signed_in(client)
    row.refresh_from_db()
    assert row.expires_at <= row.created_at + longest


def test_the_cookie_of_staff_lasts_as_long_as_their_session(client: Client, admin: User):
    sign_in(client, admin)
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 12 * 3600


def test_that_a_session_was_used_is_noted_every_few_minutes_and_costs_nothing_between(
    client: Client, retailer_user: User
):
    row = sign_in(client, retailer_user)

    def statements() -> list[str]:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert is_signed_in(client)
        return [one["sql"] for one in queries if "accounts_pagesession" in one["sql"]]

    assert [sql.split()[0] for sql in statements()] == ["SELECT"]
    move_back(NOTED_EVERY + timedelta(seconds=1), "last_used_at")
    noted = statements()
    assert [sql.split()[0] for sql in noted] == ["SELECT", "UPDATE"]
    assert "SET" in noted[1]
    assert '"data"' not in noted[1]  # so that nothing another request writes meanwhile is lost
    assert [sql.split()[0] for sql in statements()] == ["SELECT"]
    before = row.last_used_at
    row.refresh_from_db()
    assert row.last_used_at >= before


def test_a_session_that_was_ended_meanwhile_is_not_written_back(client: Client, retailer_user: User):
    sign_in(client, retailer_user)
    late = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    late["checkout_draft"] = {"note": "x"}
    PageSession.objects.all().delete()
    with pytest.raises(UpdateError):
        late.save()
    assert not PageSession.objects.exists()


def test_a_staff_members_app_ends_as_early_as_the_pages(admin: User, retailer_user: User):
    def lasts(user: User) -> tuple[timedelta, timedelta]:
        signed_in = services.sign_in(user.email, PASSWORD)
        family = TokenFamily.objects.get(user=user)
        idle = family.expires_at - family.created_at
        TokenFamily.objects.filter(pk=family.pk).update(
            created_at=F("created_at") - timedelta(hours=11, minutes=50)
        )
        services.refresh_tokens(signed_in.refresh)
        family.refresh_from_db()
        return idle, family.expires_at - family.last_used_at

    assert lasts(admin) == (
        timedelta(minutes=30),
        pytest.approx(timedelta(minutes=10), abs=timedelta(minutes=1)),
    )
    assert lasts(retailer_user) == (14 * DAY, 14 * DAY)


@pytest.mark.usefixtures("retailer")
def test_a_visitor_costs_no_row(client: Client, vendor: Vendor):
    product = list_product(vendor)
    client.get("/")
    client.post("/language", {"language": "ar", "next": "/"})
    client.post("/cart/add", {"product": product.code, "quantity": 3})
    client.post("/cart/change", {"product": product.code, "quantity": 5})
    assert client.get("/cart").status_code == 200
    client.post("/sign-in", {"email": "fatima@mart.example", "password": "wrong"})
    client.post("/register/retailer", {"name": "Huda"})
    client.post("/register/vendor", {"name": "Huda"})
    client.post("/forgot-password", {"email": "nobody@mart.example"})
    client.post("/sign-out")
    assert not PageSession.objects.exists()
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_after_signing_out_no_row_is_left(client: Client, retailer_user: User):
    sign_in(client, retailer_user)
    client.post("/sign-out")
    assert not PageSession.objects.exists()


def test_what_is_over_is_deleted_in_batches_and_nothing_else(
    client: Client, retailer: Retailer, retailer_user: User, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(deleting, "BATCH", 2)
    kept = sign_in(client, retailer_user)
    for number in range(5):
        over = kept.created_at - timedelta(days=40, seconds=number)
        PageSession.objects.create(key_hash=f"over {number}", data="", expires_at=over)
        TokenFamily.objects.create(
            user=retailer_user, current_jti="x", token_version=0, expires_at=over, created_at=over
        )
        OneTimeLink.objects.create(
            user=retailer_user, purpose="invitation", digest=str(number), expires_at=over, used_at=over
        )
        IdempotencyKey.objects.create(user=retailer_user, endpoint="x", key=str(number), created_at=over)
    services.sign_in(retailer_user.email, PASSWORD)
    links = OneTimeLink.objects.filter(expires_at__gt=kept.created_at).count()
    with CaptureQueriesContext(connection) as queries:
        services.forget_expired()
    deletes = [
        one["sql"] for one in queries if one["sql"].startswith("DELETE") and "pagesession" in one["sql"]
    ]
    assert len(deletes) == 3
    assert PageSession.objects.get() == kept
    assert TokenFamily.objects.count() == 1
    assert OneTimeLink.objects.count() == links > 0
    assert not IdempotencyKey.objects.exists()
    services.forget_expired()
    assert is_signed_in(client)


def test_the_api_neither_reads_nor_makes_page_sessions(client: Client, retailer_user: User):
    sign_in(client, retailer_user)
    assert client.get("/api/auth/me").status_code == 401
    api_client(retailer_user)
    assert PageSession.objects.count() == 1
