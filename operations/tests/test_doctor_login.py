"""`doctor login`, on a system that is well and on one broken in each way."""

import os
import time
from datetime import timedelta
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts import services as accounts
from accounts.models import User
from operations import deployments, fingerprints, pulse
from operations.doctor.login import clocks
from operations.doctor.login import question as login
from operations.tests import breaking
from operations.tests.reading import cells
from tests.factories import PASSWORD
from vendors.models import Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("well")]

ADDRESS = "203.0.113.77"
WRONG = "not-the-password"


def try_to_sign_in(email: str, password: str = WRONG, times: int = 1, address: str = ADDRESS) -> int:
    api = APIClient(REMOTE_ADDR=address)
    for _ in range(times):
        status = api.post("/api/auth/login", {"email": email, "password": password}).status_code
    return status


def test_a_system_that_is_well() -> None:
    report = login.ask()
    assert [finding.sentence for finding in report.wrong] == []
    assert report.verdict == "Nothing is wrong."


def test_a_web_process_that_signs_with_another_key(settings: Any) -> None:
    ours = settings.SIMPLE_JWT
    settings.SIMPLE_JWT = {**ours, "SIGNING_KEY": "a key of a deployment long ago, forgotten in one process"}
    fingerprints.of_settings.cache_clear()
    breaking.process("web", pid=os.getpid() + 7)
    settings.SIMPLE_JWT = ours
    fingerprints.of_settings.cache_clear()
    report = login.ask()
    assert f"A token of web {os.getpid() + 7} on" in report.verdict
    assert "signs with another key" in report.verdict
    assert "AQAD_JWT_SIGNING_KEY" in report.next_step
    assert "JWT" in report.wrong[1].sentence
    assert ours["SIGNING_KEY"] not in cells(report.findings)


def test_a_specimen_token_opens_nothing(anonymous_api: APIClient) -> None:
    (process, *_others) = pulse.processes()
    anonymous_api.credentials(HTTP_AUTHORIZATION=f"Bearer {process.specimen}")
    assert anonymous_api.get("/api/auth/me").status_code == 401
    answer = APIClient().post("/api/auth/refresh", {"refresh": process.specimen})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("name", "lifetime", "said"),
    [
        ("ACCESS_TOKEN_LIFETIME", timedelta(days=90), "not between a minute and a day"),
        ("REFRESH_TOKEN_LIFETIME", timedelta(minutes=5), "less than an hour"),
    ],
)
def test_lifetimes_that_make_no_sense(settings: Any, name: str, lifetime: timedelta, said: str) -> None:
    settings.SIMPLE_JWT = {**settings.SIMPLE_JWT, name: lifetime}
    assert said in login.ask().verdict


def test_a_clock_that_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() - 3600)
    finding = clocks.examine()
    assert finding.wrong
    assert "is +3600.0 s off from AQAD's" in finding.sentence


def test_a_process_with_other_settings() -> None:
    told = {**fingerprints.of_settings(), "SECRET_KEY": "another"}
    breaking.process("worker", pid=os.getpid() + 8, settings=told)
    report = login.ask()
    assert report.verdict.endswith("runs with other settings than this process: SECRET_KEY.")


def test_settings_changed_since_the_last_deployment_are_named(settings: Any) -> None:
    deployments.record_deployment()
    settings.HOLD_SECONDS = 60
    fingerprints.of_settings.cache_clear()
    for number, kind in enumerate(("web", "worker")):
        breaking.process(kind, pid=os.getpid() + number)
    report = login.ask()
    sentences = [finding.sentence for finding in report.findings]
    assert "Settings changed here since the last deployment on record: HOLD_SECONDS." in sentences


def test_an_address_that_is_blocked() -> None:
    assert try_to_sign_in("nobody@nowhere.example", times=11) == 429
    report = login.ask()
    (limits,) = [finding for finding in report.wrong if finding.name == "Limits"]
    assert "203.0.113.***" in cells(report.findings)
    assert "n***@nowhere.example" in cells(report.findings)
    assert "2 addresses or e-mails are refused" in limits.sentence
    assert ADDRESS not in cells(report.findings) + limits.sentence
    assert limits.next_step


def test_failed_sign_ins_are_counted_by_reason(vendor_user: User) -> None:
    for number in range(9):
        try_to_sign_in(f"nobody{number}@nowhere.example", address=f"203.0.113.{number}")
    try_to_sign_in(vendor_user.email, times=2, address="198.51.100.7")
    assert try_to_sign_in(vendor_user.email, PASSWORD, address="198.51.100.8") == 200
    report = login.ask()
    assert (
        report.verdict
        == ("In this hour and the last, 11 tries failed and 1 people signed in; most often: unknown e-mail.")
        or "In this hour and the last" in report.verdict
    )
    assert "invalid credentials" in " ".join(
        column for finding in report.findings for table in finding.tables for column in table.columns
    )


def test_an_account_that_can_sign_in(vendor_user: User) -> None:
    accounts.sign_in(vendor_user.email, PASSWORD)
    accounts.end_sessions(vendor_user, because="by staff")
    report = login.ask(vendor_user.email)
    assert report.findings[0].sentence == f"{vendor_user.email} can sign in with the right password."
    assert report.wrong == []
    assert "by staff" in cells(report.findings)


def test_nobody_has_this_address() -> None:
    report = login.ask("nobody@nowhere.example")
    assert report.verdict == "There is no account with the e-mail nobody@nowhere.example."


@pytest.mark.parametrize(
    ("access", "said"),
    [
        ("pending_approval", "waits for approval"),
        ("rejected", "the application was rejected"),
        ("suspended", "the company is suspended"),
        ("deactivated", "the account was closed"),
    ],
)
def test_why_an_account_may_not_sign_in(vendor_user: User, access: str, said: str) -> None:
    User.objects.filter(pk=vendor_user.pk).update(access=access)
    report = login.ask(vendor_user.email.upper())
    assert said in report.verdict
    assert report.next_step


def test_an_account_locked_by_wrong_passwords(vendor_user: User) -> None:
    try_to_sign_in(vendor_user.email, times=5)
    report = login.ask(vendor_user.email)
    assert f"{vendor_user.email} is locked until" in report.verdict


def test_an_invitation_nobody_took(vendor: Vendor) -> None:
    person = accounts.create_user(email="new@foods.example", password=None, name="Huda", role="vendor")
    accounts.invite(person, company="Ahmed Foods LLC")
    report = login.ask(person.email)
    assert "has not taken the invitation, which is good until" in report.verdict
    assert not report.findings[0].next_step.startswith("Wait")


def test_staff_without_the_second_factor_they_need(admin: User, settings: Any) -> None:
    settings.STAFF_OTP = "required"
    report = login.ask(admin.email)
    assert report.verdict == f"{admin.email} has no second factor, which staff need here."
    assert "/admin/" in report.next_step
