"""Mails: what they say, to whom, in which language, and what becomes of them when things go wrong."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path
from smtplib import SMTPServerDisconnected
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core import mail as mailbox
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from accounts.models import User
from aqad.lib.tokens import new_nonce, token_for
from audit.models import Entry
from notifications import attempts
from notifications.models import Mail, Notification, OutboxEvent
from notifications.services import notify
from notifications.tasks import sweep_mails, sweep_outbox
from notifications.tests.conftest import BROKEN, let_time_pass, tell, work

pytestmark = pytest.mark.django_db


def html_of(message: Any) -> str:
    return str(message.alternatives[0][0])


def test_a_mail_says_what_happened_to_its_reader(person: User) -> None:
    tell(["R2001"], "order_rejected", context={"reason": "Out of season <b>"})
    work()
    (message,) = mailbox.outbox
    assert (message.subject, message.to) == ("Order ORD1001 was rejected", ["fatima@mart.example"])
    assert message.body.startswith("Dear Fatima,")
    assert "Reason: Out of season <b>" in message.body
    assert "Out of season &lt;b&gt;" in html_of(message)
    assert 'dir="ltr"' in html_of(message)
    mail = Mail.objects.get()
    assert (mail.status, mail.attempts) == ("sent", 1)
    assert mail.sent_at is not None


def test_amounts_are_written_alike_in_both_languages_and_kept_together_in_arabic(
    person: User, arab: User
) -> None:
    tell(["R2001", "R2002"], "order_created")
    work()
    english, arabic = (message.body for message in sorted(mailbox.outbox, key=lambda one: one.to))
    assert "for 4,725.00 AED." in english
    assert "\u20664,725.00\u00a0AED\u2069." in arabic


def test_why_aqad_itself_rejected_an_order_is_said_in_the_readers_language(arab: User) -> None:
    tell(["R2002"], "order_rejected", context={"reason": "The vendor did not answer in time."})
    work()
    (message,) = mailbox.outbox
    assert "لم يرد المورّد في الوقت المحدد." in message.body


def test_an_arabic_reader_gets_a_mail_from_right_to_left(arab: User) -> None:
    tell(["R2002"])
    work()
    (message,) = mailbox.outbox
    assert '<html lang="ar" dir="rtl">' in html_of(message)
    assert "عمر" in html_of(message)


def test_mails_are_files_where_no_server_is_configured(person: User, settings: Any, tmp_path: Path) -> None:
    settings.EMAIL_BACKEND = "aqad.lib.mail_folder.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    tell(["R2001"], "order_received")
    work()
    (file,) = settings.EMAIL_FILE_PATH.iterdir()
    message = message_from_bytes(file.read_bytes(), policy=default)
    assert message["Subject"] == "New Order Received"
    assert message["To"] == "fatima@mart.example"
    assert message["Auto-Submitted"] == "auto-generated"


def test_mails_in_files_are_their_owner_s_alone(person: User, settings: Any, tmp_path: Path) -> None:
    """Also in a folder that was open to others before."""
    settings.EMAIL_BACKEND = "aqad.lib.mail_folder.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.EMAIL_FILE_PATH.mkdir()
    settings.EMAIL_FILE_PATH.chmod(0o755)
    tell(["R2001"], "order_received")
    work()
    (file,) = settings.EMAIL_FILE_PATH.iterdir()
    assert settings.EMAIL_FILE_PATH.stat().st_mode & 0o777 == 0o700
    assert file.stat().st_mode & 0o777 == 0o600


def test_the_folder_of_mails_is_made_closed(tmp_path: Path) -> None:
    folder = tmp_path / "of" / "mails"
    mailbox.get_connection("aqad.lib.mail_folder.EmailBackend", file_path=folder)
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_secret_link_is_made_only_in_the_mail(person: User) -> None:
    nonce = new_nonce()
    context = {"name": "Fatima", "link": "/reset-password/{token}", "link_nonce": nonce}
    notify("password_reset", to=[person.pk], context=context)
    work()
    (message,) = mailbox.outbox
    link = f"{settings.PUBLIC_URL}/reset-password/{token_for(nonce)}"
    assert f"Choose a new password:\n{link}\n" in message.body
    assert f'href="{link}"' in html_of(message)
    assert not Notification.objects.exists()
    for model in (OutboxEvent, Mail):
        assert token_for(nonce) not in str(list(model.objects.values()))


def test_documents_to_mend_are_listed(person: User) -> None:
    documents = [{"kind": "trade_license", "note": "Expired in May"}]
    context = {"company": "New Foods", "reason": "Almost there", "documents": documents}
    notify("vendor_rejected", to=[person.pk], context={**context, "link": "/x/{token}", "link_nonce": "n"})
    work()
    body = mailbox.outbox[0].body
    assert "Reason: Almost there" in body
    assert "Trade licence: Expired in May" in body


def test_a_line_break_in_a_name_does_not_break_the_subject(person: User) -> None:
    notify("vendor_approved", to=[person.pk], context={"company": "New\r\nBcc: all@world.example\n" * 20})
    work()
    (message,) = mailbox.outbox
    assert "\n" not in message.subject
    assert len(message.subject) <= 200


def test_a_task_run_twice_sends_once(person: User) -> None:
    tell(["R2001"])
    sweep_outbox()
    for _ in range(2):
        sweep_mails()
        let_time_pass()
    assert len(mailbox.outbox) == 1


def test_a_mail_server_that_is_down_is_tried_again_later_and_later(
    person: User, settings: Any, caplog: Any
) -> None:
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, BROKEN
    tell(["R2001"])
    work()
    mail = Mail.objects.get()
    assert (mail.status, mail.attempts) == ("pending", 1)
    assert mail.last_error == "ConnectionRefusedError: mail server is down"
    work()  # not due yet
    mail.refresh_from_db()
    assert mail.attempts == 1
    first_delay = mail.due_at - mail.created_at
    let_time_pass()
    work()
    mail.refresh_from_db()
    assert mail.attempts == 2
    assert mail.due_at - mail.created_at > first_delay
    settings.EMAIL_BACKEND = working
    let_time_pass()
    work()
    mail.refresh_from_db()
    assert (mail.status, mail.last_error, len(mailbox.outbox)) == ("sent", "", 1)


def test_a_mail_that_never_goes_through_is_dead_and_revived_from_the_admin(
    person: User, settings: Any, client: Any, caplog: Any
) -> None:
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, BROKEN
    tell(["R2001"])
    for _ in range(attempts.MAX_ATTEMPTS + 2):
        work()
        let_time_pass()
    mail = Mail.objects.get()
    assert (mail.status, mail.attempts) == ("dead", attempts.MAX_ATTEMPTS)
    settings.EMAIL_BACKEND = working
    client.force_login(User.objects.create_superuser("sara@aqad.example", "x", name="Sara"))
    listed = client.get("/admin/notifications/mail/", {"status__exact": "dead"})
    assert "mail server is down" in listed.content.decode()
    client.post("/admin/notifications/mail/", {"action": "retry", "_selected_action": [mail.pk]})
    assert Entry.objects.get(verb="tried again").object_code == mail.code
    work()
    mail.refresh_from_db()
    assert mail.status == "sent"
    assert len(mailbox.outbox) == 1


def test_a_worker_killed_after_sending_repeats_the_mail_under_its_old_id(person: User) -> None:
    tell(["R2001"])
    sweep_outbox()
    send = EmailMessage.send

    def send_and_die(message: EmailMessage, **kwargs: Any) -> None:
        send(message)
        raise SystemExit  # kill -9, as far as Python can

    with mock.patch.object(EmailMessage, "send", send_and_die), pytest.raises(SystemExit):
        sweep_mails()
    sweep_mails()
    assert len(mailbox.outbox) == 1  # the lease still runs
    let_time_pass()
    sweep_mails()
    first, second = (message.extra_headers["Message-ID"] for message in mailbox.outbox)
    assert first == second
    assert Mail.objects.get().status == "sent"


def test_two_mails_have_two_ids(person: User) -> None:
    tell(["R2001"])
    tell(["R2001"])
    work()
    assert len({message.extra_headers["Message-ID"] for message in mailbox.outbox}) == 2


class MoodyMailServer(BaseEmailBackend):
    """Hangs up on the mail to Fatima; counts how often it was called."""

    calls = 0

    def open(self) -> bool:
        MoodyMailServer.calls += 1
        return True

    def send_messages(self, messages: Any) -> int:
        if "fatima@mart.example" in messages[0].to:
            raise SMTPServerDisconnected("try later")
        mailbox.outbox.extend(messages)
        return 1


def test_mails_share_a_connection_and_one_that_fails_holds_up_no_other(
    person: User, arab: User, settings: Any, caplog: Any
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.MoodyMailServer"
    tell(["R2001", "R2002"])
    tell(["R2002"])
    work()
    assert MoodyMailServer.calls == 1
    assert [mail.status for mail in Mail.objects.order_by("address")] == ["pending", "sent", "sent"]
    assert {message.to[0] for message in mailbox.outbox} == {arab.email}
