"""Sending one mail, at least once and as good as never twice.

SMTP cannot promise "exactly once": a worker killed between the server's "accepted" and our own note sends
again when its lease has lapsed. That second copy has the same Message-ID, by which mailboxes know it.
"""

from collections.abc import Sequence
from contextlib import closing, suppress
from smtplib import SMTPNotSupportedError, SMTPRecipientsRefused
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import prefetch_related_objects
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import translation

from aqad.lib.compiled import CompiledUpdate
from aqad.lib.text.cleaning import UnreadableText, clean_email
from aqad.lib.tokens import token_for
from notifications import attempts, words
from notifications.kinds import KINDS
from notifications.models import Delivery, Mail, OutboxEvent

log = structlog.get_logger(__name__)


def deliver(mails: Sequence[Mail]) -> None:
    """Write and send claimed mails over one connection; each is noted as soon as it has left."""
    prefetch_related_objects(mails, "event", "user")
    with closing(get_connection()) as server:
        with suppress(Exception):  # each mail tries for itself then, and notes why it cannot
            server.open()
        for mail in mails:
            with attempts.logged_as(mail.event):
                _deliver(mail, server)


def _deliver(mail: Mail, server: Any) -> None:
    """A failure is noted for another attempt; one that no attempt can mend makes the mail dead at once."""
    try:
        message = write(mail)
        message.connection = server
        message.send()
    except Exception as error:
        if is_for_good(error):
            log.warning("mail cannot be sent to this address", mail_id=mail.pk, kind=mail.event.kind)
            attempts.give_up(mail, error)
        else:
            log.exception("mail could not be sent", mail_id=mail.pk, kind=mail.event.kind)
            attempts.postpone(mail, error)
        with suppress(Exception):  # the next mail gets a connection of its own
            server.close()
    else:
        _note_as_sent(mail.pk)


_note_as_sent = CompiledUpdate(
    lambda key: Mail.objects.filter(pk=key), status=Delivery.SENT, sent_at=Now(), last_error=""
)


def is_for_good(error: BaseException) -> bool:
    """Whether the address itself is at fault, so that no later attempt can succeed.

    The mail server refuses the recipient with a permanent answer (5xx, RFC 5321, 4.2.1) or cannot be told of
    the address at all (SMTPUTF8, RFC 6531), or it is no address. What concerns the sender, the connection or
    the content says nothing about the address, and is tried again.
    """
    if isinstance(error, SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _text in error.recipients.values())
    return isinstance(error, UnreadableText | SMTPNotSupportedError | UnicodeEncodeError)


def write(mail: Mail) -> EmailMultiAlternatives:
    """The mail as it leaves, in its reader's language; secret links are made only here.

    Raises UnreadableText for an address that mail cannot be sent to.
    """
    event, user = mail.event, mail.user
    with translation.override(user.language):
        content = {
            "name": user.name,
            "title": mail.subject,
            "body": words.body(event, user.language),
            "lines": words.extra_lines(event, user.language),
            "action": KINDS[event.kind].action,
            "link": _link(event),
            "home": settings.PUBLIC_URL,
            "language": user.language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
        }
        message = EmailMultiAlternatives(
            subject=mail.subject,
            body=render_to_string("notifications/mail.txt", content),
            to=[clean_email(mail.address)],
            headers={"Message-ID": message_id(mail), "Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(render_to_string("notifications/mail.html", content), "text/html")
    return message


def message_id(mail: Mail) -> str:
    """The same for every attempt at the same mail, and no other mail's."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{mail.created_at:%Y%m%d%H%M%S%f}.{mail.pk}@{host}>"


def _link(event: OutboxEvent) -> str:
    context: dict[str, Any] = event.context
    if not (path := context.get("link")):
        return ""
    token = token_for(context["link_nonce"]) if context.get("link_nonce") else ""
    return f"{settings.PUBLIC_URL}{path.replace('{token}', token)}"
