"""Mails to addresses that cannot be sent to: dead at once, told to operations, and no sign of wrong books."""

from datetime import timedelta
from io import StringIO
from smtplib import SMTPNotSupportedError, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any, ClassVar

import pytest
from django.core import mail as mailbox
from django.core.mail.backends.base import BaseEmailBackend
from django.core.management import CommandError, call_command
from django.db.models.functions import Now

from accounts.models import User
from notifications.models import Mail
from notifications.tests.conftest import let_time_pass, tell, work
from operations.reconcile import advice, disagreements

pytestmark = pytest.mark.django_db
REFUSING = f"{__name__}.RefusingServer"


class RefusingServer(BaseEmailBackend):
    """Raises `error`, as a mail server's answer makes smtplib do."""

    error: ClassVar[Exception]

    def send_messages(self, email_messages: Any) -> int:
        raise self.error


def refused(code: int) -> SMTPRecipientsRefused:
    return SMTPRecipientsRefused({"fatima@mart.example": (code, b"no such user")})


def let_days_pass() -> None:
    Mail.objects.update(created_at=Now() - timedelta(days=2))
    let_time_pass()


@pytest.mark.parametrize(
    "error",
    [
        refused(550),
        refused(553),
        SMTPNotSupportedError("SMTPUTF8"),
        UnicodeEncodeError("ascii", "ſ", 0, 1, "x"),
    ],
    ids=str,
)
def test_a_refused_address_is_dead_at_once_and_no_wrong_book(
    person: User, settings: Any, monkeypatch: Any, caplog: Any, error: Exception
) -> None:
    settings.EMAIL_BACKEND = REFUSING
    monkeypatch.setattr(RefusingServer, "error", error, raising=False)
    tell(["R2001"])
    work()
    let_days_pass()
    work()
    mail = Mail.objects.get()
    assert (mail.status, mail.attempts) == ("dead", 1)
    assert type(error).__name__ in mail.last_error
    assert list(disagreements()) == []
    (told,) = advice()
    assert (told.row["mail"], told.row["address"]) == (mail.pk, "fatima@mart.example")


@pytest.mark.parametrize(
    "error", [refused(450), SMTPSenderRefused(550, b"relay", "aqad"), OSError("down")], ids=str
)
def test_what_is_not_the_addresss_fault_is_tried_again(
    person: User, settings: Any, monkeypatch: Any, caplog: Any, error: Exception
) -> None:
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, REFUSING
    monkeypatch.setattr(RefusingServer, "error", error, raising=False)
    tell(["R2001"])
    work()
    mail = Mail.objects.get()
    assert (mail.status, mail.attempts) == ("pending", 1)
    settings.EMAIL_BACKEND = working
    let_time_pass()
    work()
    mail.refresh_from_db()
    assert (mail.status, len(mailbox.outbox)) == ("sent", 1)


def test_an_address_of_before_that_can_be_cleaned_is_sent_to(person: User) -> None:
    User.objects.filter(pk=person.pk).update(email="fatima@mart.example\u200e")
    tell(["R2001"])
    work()
    (message,) = mailbox.outbox
    assert message.to == ["fatima@mart.example"]
    assert Mail.objects.get().status == "sent"


def test_an_address_of_before_that_is_none_is_dead_at_once(person: User, caplog: Any) -> None:
    User.objects.filter(pk=person.pk).update(email="فاطمة@mart.example")
    tell(["R2001"])
    work()
    mail = Mail.objects.get()
    assert (mail.status, mail.attempts) == ("dead", 1)
    assert "Invalid email" in mail.last_error


def test_reconcile_tells_of_it_and_does_not_fail(person: User, caplog: Any) -> None:
    User.objects.filter(pk=person.pk).update(email="فاطمة@mart.example")
    tell(["R2001"])
    work()
    let_days_pass()
    out = StringIO()
    call_command("reconcile", "--fail", stdout=out)
    assert "! a mail could not be sent" in out.getvalue()
    assert "✓ all" in out.getvalue()


def test_workers_that_stand_still_are_still_found(person: User) -> None:
    tell(["R2001"])
    work()
    Mail.objects.update(status="pending", due_at=Now() - timedelta(days=2))
    with pytest.raises(CommandError):
        call_command("reconcile", "--fail", stdout=StringIO())
