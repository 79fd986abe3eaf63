"""Telling people: apps write an event in their own transaction, workers fan it out, people read."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import transaction
from django.db.models.functions import Now

from aqad.lib.inserting import insert, together
from aqad.lib.wakeup import wake_once
from aqad.lib.web.context import current_request_id
from notifications import attempts, selectors, words
from notifications.kinds import KINDS
from notifications.models import Delivery, Mail, Notification, OutboxEvent

log = structlog.get_logger(__name__)

FAN_OUT = "notifications.tasks.sweep_outbox"
SEND_MAILS = "notifications.tasks.sweep_mails"


@dataclass(frozen=True)
class Message:
    """One thing to tell. `to`: company codes (`V1001`), user ids, or `"staff"` for every active admin.

    `context` holds what the kind's texts name, as JSON; `link` (a path with `{token}` in it) and `link_nonce`
    become a secret link when the mail is sent; `address` is where the mail goes instead of to the person's
    own. A message with the `once` of an earlier one is not told.
    """

    kind: str
    to: Sequence[str | int]
    about: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)
    once: str = ""


def notify(
    kind: str,
    *,
    to: Sequence[str | int],
    about: str = "",
    context: Mapping[str, Any] | None = None,
    once: str = "",
) -> None:
    """Tell one thing: see Message. One statement in the caller's transaction; a worker is woken after commit.

    Raises ValueError for an unknown kind or a context that lacks what its texts name.
    """
    notify_many([Message(kind, to, about, context or {}, once)])


def notify_many(messages: Sequence[Message]) -> None:
    """Tell several things in one statement, in the order given. Otherwise as `notify`."""
    if not messages:
        return
    insert([_event(message) for message in messages], unless_there=True)
    wake_once(FAN_OUT)


def _event(message: Message) -> OutboxEvent:
    if message.kind not in KINDS:
        raise ValueError(f"no kind of notification is called {message.kind}: see notifications/kinds.py")
    if missing := KINDS[message.kind].names - set(message.context):
        raise ValueError(f"the texts of {message.kind} need {', '.join(sorted(missing))} in the context")
    if isinstance(message.to, str):
        raise ValueError("`to` is a list of recipients")
    return OutboxEvent(
        kind=message.kind,
        recipients=list(message.to),
        about=message.about,
        context=message.context,
        once=message.once or f"{message.kind}:{message.about}:{uuid.uuid4()}",
        request_id=current_request_id(),
    )


def fan_out(events: Sequence[OutboxEvent]) -> None:
    """Put claimed events into the inboxes and the mail queue of their recipients, all in one transaction.

    Safe to repeat: a person gets one line and one mail for an event. Where that fails each event has a
    transaction of its own, and the one that cannot be told is noted for another attempt.
    """
    try:
        _fan_out(events)
    except Exception as error:
        if len(events) > 1:
            for event in events:
                fan_out([event])
            return
        with attempts.logged_as(events[0]):
            log.exception("event could not be fanned out", event_id=events[0].pk, kind=events[0].kind)
        attempts.postpone(events[0], error)


@transaction.atomic
def _fan_out(events: Sequence[OutboxEvent]) -> None:
    told = list(zip(events, selectors.recipients(*(event.recipients for event in events)), strict=True))
    inbox = [_inbox_line(event, user) for event, users in told if KINDS[event.kind].inbox for user in users]
    mails = [_mail(event, user) for event, users in told if KINDS[event.kind].mail for user in users]
    with together():
        insert(inbox, unless_there=True)
        insert(mails, unless_there=True)
    done = OutboxEvent.objects.filter(pk__in=[event.pk for event in events])
    done.update(status=Delivery.SENT, last_error="")
    if mails:
        wake_once(SEND_MAILS)


def _inbox_line(event: OutboxEvent, user: Any) -> Notification:
    return Notification(
        event=event,
        user=user,
        kind=event.kind,
        title=words.title(event, user.language),
        body="\n".join([words.body(event, user.language), *words.extra_lines(event, user.language)]),
        about=event.about,
    )


def _mail(event: OutboxEvent, user: Any) -> Mail:
    address = event.context.get("address") or user.email
    return Mail(event=event, user=user, address=address, subject=words.title(event, user.language))


def mark_read(notification: Notification) -> Notification:
    """Note when it was first read. Safe to repeat."""
    Notification.objects.filter(pk=notification.pk, read_at=None).update(read_at=Now())
    notification.refresh_from_db(fields=["read_at"])
    return notification


def mark_all_read(user: Any) -> int:
    """Mark a person's whole inbox as read. Return how many lines were unread."""
    return Notification.objects.visible_to(user).filter(read_at=None).update(read_at=Now())
