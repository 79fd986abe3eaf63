"""An app on a bad line: the same refresh with the same key gets the same pair again, nothing else does."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from accounts import services
from accounts.models import TokenFamily, User
from accounts.tokens import SignedIn
from retailers.models import Retailer
from retailers.services import suspend_retailer
from tests.factories import PASSWORD, api_client

pytestmark = pytest.mark.django_db

KEY = "3f2c-try-1"


@pytest.fixture
def signed_in(retailer: Retailer) -> SignedIn:
    return services.sign_in("fatima@mart.example", PASSWORD)


def refresh(token: str, key: str | None = KEY) -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return api_client().post("/api/auth/refresh", {"refresh": token}, headers=headers)


def me(access: str) -> int:
    return api_client().get("/api/auth/me", headers={"Authorization": f"Bearer {access}"}).status_code


def assert_ended(answer: Any, because: str = "reuse") -> None:
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert "Idempotent-Replayed" not in answer
    assert TokenFamily.objects.get().ended_because == because


def test_the_same_refresh_with_the_same_key_answers_the_same_pair_again(signed_in: SignedIn):
    first = refresh(signed_in.refresh)
    assert "Idempotent-Replayed" not in first
    again = [refresh(signed_in.refresh) for _ in range(3)]
    assert [answer.json() for answer in again] == [first.json()] * 3
    assert {answer["Idempotent-Replayed"] for answer in again} == {"true"}
    assert me(first.json()["access"]) == 200
    assert refresh(first.json()["refresh"], "the-next-try").status_code == 200


def test_a_pair_that_is_repeated_ends_no_later_than_the_first_said(signed_in: SignedIn):
    first = refresh(signed_in.refresh).json()
    TokenFamily.objects.update(refreshed_at=F("refreshed_at") - timedelta(seconds=59))
    earlier = refresh(signed_in.refresh).json()
    assert earlier["access"] != first["access"]  # made of the moment that is kept, not of now


@pytest.mark.parametrize("key", [None, "another-key", KEY.upper()])
def test_reuse_without_the_key_ends_the_family(signed_in: SignedIn, key: str | None):
    newer = refresh(signed_in.refresh).json()
    assert_ended(refresh(signed_in.refresh, key))
    assert me(newer["access"]) == 401
    assert_ended(refresh(newer["refresh"], "new"))
    assert_ended(refresh(signed_in.refresh))


def test_what_was_refreshed_without_a_key_is_repeated_for_none(signed_in: SignedIn):
    refresh(signed_in.refresh, None)
    assert_ended(refresh(signed_in.refresh))


def test_once_the_new_refresh_token_was_used_the_old_one_is_reuse(signed_in: SignedIn):
    newer = refresh(signed_in.refresh).json()
    newest = refresh(newer["refresh"], "second").json()
    assert_ended(refresh(signed_in.refresh))
    assert me(newest["access"]) == 401


def test_the_key_of_an_older_refresh_does_not_open_the_newer_one(signed_in: SignedIn):
    newer = refresh(signed_in.refresh).json()
    assert refresh(newer["refresh"]).status_code == 200  # one key for two refreshes
    assert_ended(refresh(signed_in.refresh))


def test_after_a_minute_it_is_reuse(signed_in: SignedIn):
    refresh(signed_in.refresh)
    TokenFamily.objects.update(repeatable_until=F("repeatable_until") - timedelta(seconds=60))
    assert_ended(refresh(signed_in.refresh))


def test_after_signing_out_nothing_is_repeated(signed_in: SignedIn):
    newer = refresh(signed_in.refresh).json()
    services.sign_out(newer["refresh"], user=signed_in.user)
    assert_ended(refresh(signed_in.refresh), "signed out")


def test_after_a_suspension_nothing_is_repeated(signed_in: SignedIn, retailer: Retailer):
    refresh(signed_in.refresh)
    suspend_retailer(retailer, reason="Unpaid", by=None)
    assert_ended(refresh(signed_in.refresh), "suspended")


def test_after_a_password_change_nothing_is_repeated(signed_in: SignedIn):
    refresh(signed_in.refresh)
    user = User.objects.get(pk=signed_in.user.pk)
    services.change_password(user, old_password=PASSWORD, new_password="another-good-one")
    assert_ended(refresh(signed_in.refresh), "password changed")


def test_a_family_that_is_over_refreshes_nothing(signed_in: SignedIn):
    TokenFamily.objects.update(expires_at=F("created_at") - timedelta(seconds=1))
    assert refresh(signed_in.refresh).status_code == 401
    assert TokenFamily.objects.get().refreshed_at is None


def test_the_same_key_of_somebody_else_means_nothing(signed_in: SignedIn, rival_retailer: Retailer):
    other = services.sign_in("omar@grocery.example", PASSWORD)
    mine, theirs = refresh(signed_in.refresh), refresh(other.refresh)
    assert "Idempotent-Replayed" not in theirs
    assert mine.json() != theirs.json()


@pytest.mark.parametrize("key", ["", " ", "two words", "k" * 256, "مفتاح"])
def test_a_malformed_key_is_refused_and_uses_nothing_up(signed_in: SignedIn, key: str):
    assert refresh(signed_in.refresh, key).status_code == 400
    assert refresh(signed_in.refresh).status_code == 200


def test_neither_tokens_nor_the_key_stand_in_the_database(signed_in: SignedIn):
    answer = refresh(signed_in.refresh).json()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(f)::text FROM accounts_tokenfamily f")
        row = cursor.fetchone()[0]
    for secret in (KEY, *(part for token in answer.values() for part in token.split("."))):
        assert secret not in row
