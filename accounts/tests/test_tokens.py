from datetime import timedelta
from unittest import mock

import jwt
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient
from rest_framework_simplejwt.tokens import AccessToken

from accounts import services
from accounts.models import TokenFamily, User
from accounts.tokens import SignedIn
from retailers.models import Retailer
from retailers.services import reinstate_retailer, suspend_retailer
from tests.factories import PASSWORD, api_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(retailer: Retailer) -> SignedIn:
    return services.sign_in("fatima@mart.example", PASSWORD)


def me(access: str):
    return api_client().get("/api/auth/me", HTTP_AUTHORIZATION=f"Bearer {access}")


def refresh(token: str):
    return api_client().post("/api/auth/refresh", {"refresh": token})


def assert_unauthorized(answer) -> None:
    assert answer.status_code == 401
    assert answer.json()["message"] == "Unauthorized"
    assert answer.json()["code"] == "unauthorized"


def test_a_refresh_gives_a_new_pair_and_both_work(signed_in: SignedIn):
    answer = refresh(signed_in.refresh)
    assert answer.status_code == 200
    assert set(answer.json()) == {"access", "refresh"}
    assert me(answer.json()["access"]).status_code == 200
    assert refresh(answer.json()["refresh"]).status_code == 200


def test_using_an_old_refresh_token_ends_the_whole_family_and_no_other(signed_in: SignedIn):
    phone = services.sign_in("fatima@mart.example", PASSWORD)
    newer = refresh(signed_in.refresh).json()
    assert_unauthorized(refresh(signed_in.refresh))
    assert_unauthorized(refresh(newer["refresh"]))
    assert_unauthorized(me(newer["access"]))
    assert TokenFamily.objects.get(ended_because="reuse").ended_at is not None
    assert me(phone.access).status_code == 200


def test_signing_out_ends_that_session_and_leaves_the_others(signed_in: SignedIn):
    phone = services.sign_in("fatima@mart.example", PASSWORD)
    api = api_client()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in.access}")
    assert api.post("/api/auth/logout", {"refresh": signed_in.refresh}).status_code == 204
    assert_unauthorized(refresh(signed_in.refresh))
    assert_unauthorized(me(signed_in.access))
    assert refresh(phone.refresh).status_code == 200


def test_nobody_signs_out_somebody_else(signed_in: SignedIn, rival_retailer_api: APIClient):
    rival_retailer_api.post("/api/auth/logout", {"refresh": signed_in.refresh})
    assert me(signed_in.access).status_code == 200


def test_a_password_change_ends_every_token_and_page_session(signed_in: SignedIn, client):
    client.post("/sign-in", {"email": "fatima@mart.example", "password": PASSWORD})
    assert "_auth_user_id" in client.session
    user = User.objects.get(pk=signed_in.user.pk)
    services.change_password(user, old_password=PASSWORD, new_password="another-good-one")
    assert_unauthorized(me(signed_in.access))
    assert_unauthorized(refresh(signed_in.refresh))
    assert not client.get("/sign-in").wsgi_request.user.is_authenticated


def test_a_suspension_ends_everything_at_once_and_reinstating_lets_in_again(
    signed_in: SignedIn, retailer: Retailer, client
):
    client.post("/sign-in", {"email": "fatima@mart.example", "password": PASSWORD})
    suspended = suspend_retailer(retailer, reason="Unpaid", by=None)
    assert_unauthorized(me(signed_in.access))
    assert_unauthorized(refresh(signed_in.refresh))
    assert not client.get("/sign-in").wsgi_request.user.is_authenticated
    body = {"email": "fatima@mart.example", "password": PASSWORD}
    assert api_client().post("/api/auth/login", body).json()["code"] == "account_suspended"
    reinstate_retailer(suspended, by=None)
    assert api_client().post("/api/auth/login", body).status_code == 200
    assert_unauthorized(me(signed_in.access))


def test_the_role_is_the_databases_not_the_tokens(signed_in: SignedIn):
    User.objects.filter(pk=signed_in.user.pk).update(role="driver")
    assert me(signed_in.access).json()["role"] == "driver"


def test_a_deleted_person_is_unauthorized_not_a_crash(db: None):
    services.create_user(email="gone@mart.example", password=PASSWORD, name="Gone", role="driver", code="DP1")
    signed_in = services.sign_in("gone@mart.example", PASSWORD)
    User.objects.get(pk=signed_in.user.pk).delete()
    assert_unauthorized(me(signed_in.access))
    assert_unauthorized(refresh(signed_in.refresh))


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x.y.z", "Basic dTpw", "Token abc", "Bearer \xff"]
)
def test_a_missing_or_malformed_header_is_unauthorized(db: None, header: str):
    assert_unauthorized(api_client().get("/api/auth/me", HTTP_AUTHORIZATION=header))


def test_a_bad_token_is_refused_even_where_anyone_may_read(db: None):
    assert_unauthorized(api_client().get("/api/vendors", HTTP_AUTHORIZATION="Bearer x.y.z"))


def test_an_expired_token_is_unauthorized(signed_in: SignedIn):
    token = AccessToken(signed_in.access)
    token.set_exp(lifetime=-timedelta(seconds=1))
    assert_unauthorized(me(str(token)))


def test_a_token_that_was_good_is_refused_once_it_has_expired(signed_in: SignedIn):
    assert me(signed_in.access).status_code == 200
    expires = AccessToken(signed_in.access)["exp"]
    with mock.patch("accounts.tokens.time.time", return_value=expires):
        assert_unauthorized(me(signed_in.access))


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("algorithm", ["none", "HS512"])
def test_a_token_by_another_algorithm_is_unauthorized(signed_in: SignedIn, algorithm: str):
    payload = jwt.decode(signed_in.access, options={"verify_signature": False})
    key = None if algorithm == "none" else settings.JWT_SIGNING_KEY
    assert_unauthorized(me(jwt.encode(payload, key, algorithm=algorithm)))


@pytest.mark.parametrize("change", [{"aud": "another-api"}, {"aud": None}, {"iss": "else"}, {"iss": None}])
def test_a_token_for_or_by_somebody_else_is_unauthorized(signed_in: SignedIn, change: dict[str, str | None]):
    def signed_with(token: str, claims: dict[str, str | None]) -> str:
        said = jwt.decode(token, options={"verify_signature": False}) | claims
        kept = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(kept, settings.JWT_SIGNING_KEY, algorithm="HS256")

    assert_unauthorized(me(signed_with(signed_in.access, change)))
    assert_unauthorized(refresh(signed_with(signed_in.refresh, change)))
    assert me(signed_with(signed_in.access, {})).status_code == 200
    assert refresh(signed_with(signed_in.refresh, {})).status_code == 200


def test_tokens_say_who_made_them_and_for_what(signed_in: SignedIn):
    for token in (signed_in.access, signed_in.refresh):
        said = jwt.decode(token, options={"verify_signature": False})
        assert (said["iss"], said["aud"]) == ("aqad", "aqad-api")


def test_a_refresh_token_opens_nothing_and_an_access_token_refreshes_nothing(signed_in: SignedIn):
    assert_unauthorized(me(signed_in.refresh))
    assert_unauthorized(refresh(signed_in.access))


def test_authentication_takes_one_select(signed_in: SignedIn):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert me(signed_in.access).status_code == 200
    assert len(queries) == 1
