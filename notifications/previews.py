"""A mail before it goes: the very text that would be sent, with secret links left out."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from notifications import mailing, selectors, words
from notifications.models import Mail, OutboxEvent
from notifications.services import Message

HIDDEN = "•••"  # where the secret of a link will stand


@dataclass(frozen=True)
class Preview:
    """`language` is the reader's, so that the text can be shown in its own direction."""

    address: str
    language: str
    subject: str
    text: str


def previews(message: Message) -> list[Preview]:
    """What each recipient of the message would get now."""
    context = dict(message.context)
    if "link" in context:
        context["link"] = context["link"].replace("{token}", HIDDEN)
    event = OutboxEvent(kind=message.kind, about=message.about, context=context)
    return [_preview(event, user) for user in selectors.recipients(message.to)[0]]


def _preview(event: OutboxEvent, user: Any) -> Preview:
    language, address = user.language, user.email
    subject = words.title(event, language)
    mail = Mail(pk=0, event=event, user=user, address=address, subject=subject, created_at=timezone.now())
    return Preview(address, language, subject, str(mailing.write(mail).body))
