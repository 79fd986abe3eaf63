import pytest
from rest_framework.test import APIClient

from accounts.models import TokenFamily, User
from retailers.models import Retailer
from tests.factories import PASSWORD, api_client
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


def sign_in(email: str, password: str = PASSWORD, api: APIClient | None = None):
    return (api or api_client()).post("/api/auth/login", {"email": email, "password": password})


def test_a_vendor_signs_in_and_is_told_who_it_is(vendor: Vendor):
    answer = sign_in("Ahmed@Foods.example")
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"access", "refresh", "user"}
    assert body["user"]["code"] == vendor.code
    assert body["user"]["role"] == "vendor"
    api = api_client()
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {body['access']}")
    me = api.get("/api/auth/me").json()
    assert me["email"] == "ahmed@foods.example"
    assert me["language"] == "en"


def test_unknown_email_and_wrong_password_get_the_same_answer(retailer: Retailer):
    wrong = sign_in("fatima@mart.example", "not-the-password")
    unknown = sign_in("nobody@mart.example", "not-the-password")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["code"] == "invalid_credentials"
    assert {**wrong.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}
    assert not TokenFamily.objects.exists()
    assert User.objects.get(code=retailer.code).last_login is None
