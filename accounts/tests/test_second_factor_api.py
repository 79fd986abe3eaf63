"""Staff sign in on the API with a password and a code; nobody else is asked for one."""

from typing import Any

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice

from accounts import services
from accounts.models import TokenFamily, User
from accounts.tests.authenticator import code_of, enrol, let_wait_pass, wrong_code
from accounts.tests.entering import sign_in
from audit.models import Entry
from notifications.models import OutboxEvent
from retailers.models import Retailer
from tests.factories import api_client, make_admin
from tests.racing import race

pytestmark = pytest.mark.django_db


def said(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def test_without_a_code_staff_are_asked_for_one_and_get_no_token(admin: User):
    enrol(admin)
    assert said(sign_in(admin.email)) == (401, "otp_required")
    assert said(sign_in(admin.email, otp="")) == (401, "otp_required")
    assert said(sign_in(admin.email, otp=None)) == (401, "otp_required")
    assert not TokenFamily.objects.filter(ended_at=None).exists()


def test_whether_there_is_a_second_factor_is_told_only_after_the_right_password(admin: User):
    enrol(admin)
    assert said(sign_in(admin.email, password="not-the-password")) == (401, "invalid_credentials")


def test_a_code_opens_once(admin: User):
    device, _ = enrol(admin)
    code = code_of(device)
    assert sign_in(admin.email, otp=code).status_code == 200
    assert said(sign_in(admin.email, otp=code)) == (401, "invalid_credentials")


def test_a_code_is_read_in_arabic_digits(admin: User):
    device, _ = enrol(admin)
    code = code_of(device)
    typed = "\u200f" + "".join("٠١٢٣٤٥٦٧٨٩"[int(digit)] for digit in code)
    assert sign_in(admin.email, otp=typed).status_code == 200


def test_a_clock_that_is_half_a_minute_off_is_forgiven(admin: User):
    device, _ = enrol(admin)
    assert sign_in(admin.email, otp=code_of(device, steps=1)).status_code == 200
    TOTPDevice.objects.update(drift=0, last_t=-1)
    assert said(sign_in(admin.email, otp=code_of(device, steps=4))) == (401, "invalid_credentials")


def test_after_a_wrong_code_one_waits_and_is_told_how_long(admin: User):
    device, _ = enrol(admin)
    assert said(sign_in(admin.email, otp=wrong_code(device))) == (401, "invalid_credentials")
    TOTPDevice.objects.update(throttling_failure_count=5)
    waits = sign_in(admin.email, otp=code_of(device))
    assert said(waits) == (429, "rate_limited")
    assert 1 <= int(waits["Retry-After"]) <= 16
    assert waits["Retry-After"] in waits.json()["message"]
    let_wait_pass()
    assert sign_in(admin.email, otp=code_of(device)).status_code == 200


def test_five_wrong_codes_a_minute_are_one_too_many(admin: User):
    device, _ = enrol(admin)
    for _ in range(5):
        let_wait_pass()
        assert said(sign_in(admin.email, otp=wrong_code(device))) == (401, "invalid_credentials")
    let_wait_pass()
    assert said(sign_in(admin.email, otp=code_of(device))) == (429, "rate_limited")


def test_a_recovery_code_opens_once_is_noted_and_told_by_mail(admin: User):
    _, codes = enrol(admin)
    assert len(set(codes)) == 10
    typed = codes[3].upper().replace("-", " ")
    assert sign_in(admin.email, otp=typed).status_code == 200
    assert said(sign_in(admin.email, otp=codes[3])) == (401, "invalid_credentials")
    assert Entry.objects.filter(verb="used a recovery code of", data={"left": 9}).count() == 1
    assert OutboxEvent.objects.get(kind="recovery_code_used").context["left"] == 9


def test_the_database_does_not_hold_the_recovery_codes(admin: User):
    _, codes = enrol(admin)
    kept = set(services.second_factor.StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10
    assert not kept & {code.replace("-", "") for code in codes}


def test_a_code_of_somebody_else_opens_nothing(admin: User):
    enrol(admin)
    other, _ = enrol(make_admin())
    assert said(sign_in(admin.email, otp=code_of(other))) == (401, "invalid_credentials")


def test_where_it_is_required_staff_without_one_get_no_token(admin: User, settings: Any):
    settings.STAFF_OTP = "required"
    answer = sign_in(admin.email)
    assert said(answer) == (403, "forbidden")
    assert "/admin/" in answer.json()["message"]
    assert not TokenFamily.objects.exists()


def test_who_signed_in_before_it_was_required_does_not_stay(admin: User, settings: Any):
    refresh = sign_in(admin.email).json()["refresh"]
    settings.STAFF_OTP = "required"
    answer = api_client().post("/api/auth/refresh", {"refresh": refresh})
    assert said(answer) == (401, "unauthorized")


def test_a_retailer_is_never_asked(retailer: Retailer, retailer_user: User, settings: Any):
    settings.STAFF_OTP = "required"
    assert sign_in(retailer_user.email).status_code == 200
    assert sign_in(retailer_user.email, otp="123456").status_code == 200


def test_setting_it_up_ends_what_was_signed_in_before(admin: User, client: Client):
    access = sign_in(admin.email).json()["access"]
    client.force_login(admin)
    enrol(admin)
    assert api_client().get("/api/auth/me", headers={"Authorization": f"Bearer {access}"}).status_code == 401
    assert client.get("/admin/").status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_parallel_sign_ins_with_one_code_one_succeeds(settings: Any):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "1000/m")
    settings.OTP_TOTP_THROTTLE_FACTOR = 0
    admin = make_admin()
    device, _ = enrol(admin)
    code = code_of(device)
    answers = race([lambda: sign_in(admin.email, otp=code).status_code for _ in range(6)])
    assert sorted(answers) == [200] + [401] * 5


@pytest.mark.django_db(transaction=True)
def test_of_parallel_sign_ins_with_one_recovery_code_one_succeeds(settings: Any):
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "1000/m")
    settings.OTP_STATIC_THROTTLE_FACTOR = 0
    admin = make_admin()
    _, codes = enrol(admin)
    answers = race([lambda: sign_in(admin.email, otp=codes[0]).status_code for _ in range(6)])
    assert sorted(answers) == [200] + [401] * 5
