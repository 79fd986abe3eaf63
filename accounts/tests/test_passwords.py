import pytest
from django.db import connection
from rest_framework.test import APIClient

from accounts import services
from accounts.models import OneTimeLink, User
from aqad.lib.tokens import digest
from notifications.models import OutboxEvent
from retailers.models import Retailer
from tests.factories import PASSWORD, api_client, token_mailed

pytestmark = pytest.mark.django_db

NEW = "a-brand-new-caravan"


def sign_in(password: str, email: str = "fatima@mart.example"):
    return api_client().post("/api/auth/login", {"email": email, "password": password})


def ask(email: str = "fatima@mart.example"):
    answer = api_client().post("/api/auth/password/reset", {"email": email})
    services.answer_link_requests()
    return answer


def confirm(token: str, password: str = NEW):
    return api_client().post("/api/auth/password/reset/confirm", {"token": token, "new_password": password})


def test_a_person_changes_the_password_and_is_told(retailer_api: APIClient, retailer_user: User):
    answer = retailer_api.post("/api/auth/password/change", {"old_password": PASSWORD, "new_password": NEW})
    assert answer.status_code == 204
    assert retailer_api.get("/api/auth/me").status_code == 401
    assert sign_in(PASSWORD).status_code == 401
    assert sign_in(NEW).status_code == 200
    assert OutboxEvent.objects.filter(kind="password_changed", recipients=[retailer_user.pk]).count() == 1


def test_a_wrong_old_password_is_a_field_error_and_the_session_stays(retailer_api: APIClient):
    answer = retailer_api.post("/api/auth/password/change", {"old_password": "guess", "new_password": NEW})
    assert answer.status_code == 400
    assert "old_password" in answer.json()["errors"]
    assert retailer_api.get("/api/auth/me").status_code == 200
    assert sign_in(PASSWORD).status_code == 200


def test_guessing_the_old_password_is_limited_like_signing_in(retailer_api: APIClient):
    body = {"old_password": "guess", "new_password": NEW}
    answers = [retailer_api.post("/api/auth/password/change", body).status_code for _ in range(6)]
    assert answers == [400] * 5 + [429]


@pytest.mark.parametrize("weak", ["short", "password", "fatima@mart.example"])
def test_a_weak_new_password_is_a_field_error_and_changes_nothing(retailer_api: APIClient, weak: str):
    answer = retailer_api.post("/api/auth/password/change", {"old_password": PASSWORD, "new_password": weak})
    assert answer.status_code == 400
    assert "new_password" in answer.json()["errors"]
    assert sign_in(PASSWORD).status_code == 200


def test_a_reset_link_sets_the_password_once_and_ends_all_sessions(
    retailer_api: APIClient, retailer_user: User
):
    assert ask("Fatima@MART.example").status_code == 202
    token = token_mailed("password_reset")
    assert confirm(token).status_code == 204
    assert retailer_api.get("/api/auth/me").status_code == 401
    assert sign_in(NEW).status_code == 200
    again = confirm(token, "yet-another-caravan")
    assert (again.status_code, list(again.json()["errors"])) == (400, ["token"])
    assert sign_in(NEW).status_code == 200
    assert User.objects.get(pk=retailer_user.pk).email_verified_at is not None


def test_a_reset_for_an_unknown_email_answers_the_same_and_sends_nothing(db: None):
    answer = ask("nobody@mart.example")
    assert answer.status_code == 202
    assert answer.content == b""
    assert not OutboxEvent.objects.exists()


def test_a_weak_password_does_not_use_the_link_up(retailer: Retailer):
    ask()
    token = token_mailed("password_reset")
    refused = confirm(token, "short")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, ["new_password"])
    assert sign_in(PASSWORD).status_code == 200
    assert confirm(token).status_code == 204


def test_a_newer_link_ends_the_older(retailer: Retailer):
    ask()
    older = token_mailed("password_reset")
    ask()
    assert confirm(older).status_code == 400
    assert confirm(token_mailed("password_reset")).status_code == 204


def test_a_link_is_dead_after_its_hour(retailer: Retailer):
    ask()
    token = token_mailed("password_reset")
    link = OneTimeLink.objects.get(purpose="password_reset")
    assert (link.expires_at - link.created_at).total_seconds() == pytest.approx(3600, abs=60)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_onetimelink SET expires_at = now() - interval '1 second'")
    assert confirm(token).status_code == 400
    assert sign_in(PASSWORD).status_code == 200


def test_a_link_for_another_purpose_sets_no_password(retailer: Retailer):
    assert confirm(token_mailed("verify_email")).status_code == 400
    assert sign_in(PASSWORD).status_code == 200


def test_the_database_holds_no_usable_link(retailer: Retailer):
    ask()
    token = token_mailed("password_reset")
    link = OneTimeLink.objects.get(purpose="password_reset")
    assert link.digest == digest(token)
    event = OutboxEvent.objects.get(kind="password_reset")
    assert token not in str(event.context)
    assert confirm(event.context["link_nonce"]).status_code == 400
    assert confirm(link.digest).status_code == 400


def test_the_sixth_reset_of_an_hour_for_one_email_is_refused(retailer: Retailer):
    assert [ask().status_code for _ in range(6)] == [202] * 5 + [429]
    assert ask("omar@grocery.example").status_code == 202


def test_an_invited_person_chooses_a_password_within_seven_days(db: None):
    user = services.create_user(
        email="bilal@fasttrack.example", password=None, name="Bilal", role="driver", code="DP1001"
    )
    services.invite(user, company="FastTrack")
    link = OneTimeLink.objects.get()
    assert (link.expires_at - link.created_at).total_seconds() == pytest.approx(7 * 86400, abs=60)
    assert confirm(token_mailed("invitation")).status_code == 204
    assert sign_in(NEW, user.email).json()["user"]["role"] == "driver"


def test_an_invited_person_may_ask_for_a_reset_instead_and_the_invitation_ends(db: None):
    user = services.create_user(
        email="bilal@fasttrack.example", password=None, name="Bilal", role="driver", code="DP1001"
    )
    services.invite(user, company="FastTrack")
    assert ask(user.email).status_code == 202
    assert confirm(token_mailed("password_reset")).status_code == 204
    assert confirm(token_mailed("invitation"), "stolen-old-invitation").status_code == 400
    assert sign_in(NEW, user.email).status_code == 200


def test_the_verification_link_verifies_the_address_once(retailer_api: APIClient, anonymous_api: APIClient):
    token = token_mailed("verify_email")
    assert anonymous_api.post("/api/auth/email/verify", {"token": token}).status_code == 204
    assert retailer_api.get("/api/auth/me").json()["email_verified"] is True
    assert anonymous_api.post("/api/auth/email/verify", {"token": token}).status_code == 400
