"""Whether an address is known shows neither in an answer nor in the work behind it."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import events, services, tasks
from accounts.models import LinkRequest, OneTimeLink, User
from notifications.models import OutboxEvent
from retailers.models import Retailer
from tests.factories import make_applicant, token_mailed
from vendors.models import Vendor

pytestmark = pytest.mark.django_db

ENTRANCES = [
    ("/api/auth/password/reset", "application/json"),
    ("/api/vendor/application/link", "application/json"),
    ("/forgot-password", ""),
    ("/apply", ""),
]
STRANGER = "nobody@mart.example"


@pytest.fixture
def applicant(db: None) -> Vendor:
    return make_applicant(email="new@foods.example")


def ask(path: str, content_type: str, email: str) -> Any:
    client = Client()
    if content_type:
        return client.post(path, {"email": email}, content_type=content_type)
    return client.post(path, {"email": email})


def work_for(path: str, content_type: str, email: str) -> tuple[list[str], int, str]:
    """The statements without their values, the status and the text of the answer."""
    with CaptureQueriesContext(connection) as queries:
        answer = ask(path, content_type, email)
    shapes = [re.sub(r"'(?:[^']|'')*'|\d+", "?", each["sql"]) for each in queries.captured_queries]
    return shapes, answer.status_code, re.sub(r'"request_id":"[^"]*"', "", answer.content.decode())


@pytest.mark.parametrize(("path", "content_type"), ENTRANCES)
def test_a_request_does_the_same_for_every_address(
    path: str, content_type: str, retailer: Retailer, vendor: Vendor, applicant: Vendor
) -> None:
    ask(path, content_type, "first@mart.example")  # what a process loads once
    told = OutboxEvent.objects.count()

    known = [work_for(path, content_type, user.email) for user in User.objects.all()]
    unknown = work_for(path, content_type, STRANGER)

    assert len(known) >= 3
    assert all(each == unknown for each in known)
    assert sum("accounts_linkrequest" in statement for statement in unknown[0]) == 1
    assert not [statement for statement in unknown[0] if "accounts_user" in statement]
    assert OutboxEvent.objects.count() == told
    assert OneTimeLink.objects.filter(purpose=OneTimeLink.Purpose.PASSWORD_RESET).count() == 0
    assert mail.outbox == []


def test_the_worker_mails_the_known_and_forgets_the_unknown(retailer_user: User) -> None:
    services.request_reset(retailer_user.email)
    services.request_reset(STRANGER)

    tasks.answer_link_requests()

    assert not LinkRequest.objects.exists()
    assert OutboxEvent.objects.filter(kind="password_reset").get().recipients == [retailer_user.pk]


def test_an_applicant_gets_the_link_to_the_application_and_no_other(applicant: Vendor) -> None:
    ask("/api/vendor/application/link", "application/json", "new@foods.example")

    assert token_mailed("application_link")
    assert not OutboxEvent.objects.filter(kind="password_reset").exists()


def test_one_that_fails_waits_and_keeps_no_other_back(
    retailer_user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.request_reset("broken@mart.example")
    services.request_reset(retailer_user.email)
    send = events.link_requested.send

    def fail_for_one(*args: Any, **told: Any) -> Any:
        if told["email"] == "broken@mart.example":
            raise RuntimeError("no")
        return send(*args, **told)

    monkeypatch.setattr(events.link_requested, "send", fail_for_one)

    services.answer_link_requests()
    services.answer_link_requests()

    waiting = LinkRequest.objects.get()
    assert (waiting.email, waiting.attempts) == ("broken@mart.example", 1)
    assert OutboxEvent.objects.filter(kind="password_reset").count() == 1


def test_one_that_always_fails_is_left_alone_and_forgotten_after_a_week(retailer_user: User) -> None:
    services.request_reset(retailer_user.email)
    LinkRequest.objects.update(attempts=LinkRequest.MOST_ATTEMPTS)

    services.answer_link_requests()
    services.forget_expired()
    assert LinkRequest.objects.count() == 1

    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_linkrequest SET created_at = now() - interval '8 days'")
    services.forget_expired()
    assert not LinkRequest.objects.exists()
    assert not OutboxEvent.objects.filter(kind="password_reset").exists()
