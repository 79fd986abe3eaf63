import pytest
from django.contrib.auth import hashers
from django.db import IntegrityError, transaction
from rest_framework.test import APIClient

from accounts import services
from accounts.hashers import Argon2PasswordHasher
from accounts.models import TokenFamily, User
from accounts.tests.entering import sign_in
from aqad.lib.errors import AlreadyExists
from retailers.models import Retailer
from tests.factories import PASSWORD, user_of
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


def test_a_vendor_signs_in_in_any_case_and_is_told_who_it_is(vendor: Vendor):
    answer = sign_in("Ahmed@Foods.example")
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"access", "refresh", "user"}
    assert body["user"] == {
        "email": "ahmed@foods.example",
        "name": user_of(vendor.code).name,
        "role": "vendor",
        "code": vendor.code,
    }


def test_unknown_email_and_wrong_password_get_the_same_answer(retailer: Retailer):
    wrong = sign_in("fatima@mart.example", "not-the-password")
    unknown = sign_in("nobody@mart.example", "not-the-password")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json()["code"] == "invalid_credentials"
    assert {**wrong.json(), "request_id": ""} == {**unknown.json(), "request_id": ""}
    assert not TokenFamily.objects.exists()
    assert user_of(retailer.code).last_login is None


def test_an_unknown_email_costs_as_much_hashing_as_a_wrong_password(
    retailer: Retailer, monkeypatch: pytest.MonkeyPatch
):
    invited = services.create_user(
        email="invited@mart.example", password=None, name="Invited", role="driver", code="DP1"
    )
    encoded: list[str] = []
    encode = hashers.MD5PasswordHasher.encode

    def counting(self, password: str, salt: str) -> str:
        encoded.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(hashers.MD5PasswordHasher, "encode", counting)
    for email in ("fatima@mart.example", "nobody@mart.example", invited.email):
        encoded.clear()
        assert sign_in(email, "not-the-password").status_code == 401
        assert len(encoded) == 1


def test_passwords_are_kept_by_argon2id_with_the_parameters_that_owasp_advises(settings):
    settings.PASSWORD_HASHERS = ["accounts.hashers.Argon2PasswordHasher"]
    encoded = hashers.make_password(PASSWORD)
    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashers.check_password(PASSWORD, encoded)
    assert not Argon2PasswordHasher().must_update(encoded)


@pytest.mark.parametrize("access", ["pending_approval", "rejected", "suspended", "deactivated"])
def test_a_locked_account_is_named_only_after_the_right_password(retailer: Retailer, access: str):
    User.objects.filter(code=retailer.code).update(access=access)
    right, wrong = sign_in("fatima@mart.example"), sign_in("fatima@mart.example", "not-the-password")
    assert (right.status_code, right.json()["code"]) == (403, f"account_{access}")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "invalid_credentials")
    assert not TokenFamily.objects.exists()


def test_a_malformed_email_is_called_an_invalid_email(anonymous_api: APIClient):
    answer = anonymous_api.post("/api/auth/login", {"email": "not an address", "password": "x"})
    assert answer.status_code == 400
    assert answer.json()["message"] == "Invalid email"
    assert answer.json()["errors"] == {"email": ["Invalid email"]}


def test_the_sixth_try_after_five_wrong_passwords_is_refused_even_if_it_is_right(
    retailer: Retailer, monkeypatch: pytest.MonkeyPatch
):
    for number in range(5):
        assert sign_in("fatima@mart.example", "wrong", f"192.0.2.{number}").status_code == 401
    monkeypatch.setattr(hashers, "check_password", lambda *_args: pytest.fail("hashed before the limit"))
    answer = sign_in("Fatima@mart.example", address="192.0.2.9")
    assert (answer.status_code, answer.json()["code"]) == (429, "rate_limited")
    assert int(answer["Retry-After"]) > 0
    assert not TokenFamily.objects.exists()


def test_right_passwords_do_not_use_up_the_limit_of_an_email(retailer: Retailer):
    answers = [sign_in("fatima@mart.example", address=f"192.0.2.{number}") for number in range(7)]
    assert {answer.status_code for answer in answers} == {200}


def test_the_eleventh_sign_in_of_a_minute_from_one_address_is_refused(db: None):
    answers = [sign_in(f"person{number}@mart.example").status_code for number in range(11)]
    assert answers == [401] * 10 + [429]


def test_me_shows_and_changes_name_phone_and_language(retailer_api: APIClient, retailer: Retailer):
    answer = retailer_api.patch(
        "/api/auth/me", {"name": "Fatima A.", "phone": "050 111 2233", "language": "ar"}
    )
    assert answer.status_code == 200
    me = retailer_api.get("/api/auth/me").json()
    assert (me["name"], me["phone"], me["language"]) == ("Fatima A.", "+971501112233", "ar")
    assert (me["role"], me["code"], me["email_verified"]) == ("retailer", retailer.code, False)


@pytest.mark.parametrize("field", ["email", "role", "code", "access", "is_staff"])
def test_me_refuses_to_change_who_one_is(retailer_api: APIClient, retailer_user: User, field: str):
    answer = retailer_api.patch("/api/auth/me", {"name": "Mallory", field: "admin"})
    assert answer.status_code == 400
    assert field in answer.json()["errors"]
    unchanged = User.objects.get(pk=retailer_user.pk)
    assert (unchanged.name, unchanged.role, unchanged.email) == (
        retailer_user.name,
        "retailer",
        "fatima@mart.example",
    )


def test_the_database_itself_keeps_an_email_unique_in_any_case(retailer: Retailer):
    with pytest.raises(AlreadyExists):
        services.create_user(
            email="FATIMA@mart.example", password=PASSWORD, name="Other", role="driver", code="DP1"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email="Fatima@Mart.example", name="Other", role="driver")
    assert User.objects.count() == 1
