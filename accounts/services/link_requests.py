"""Links that somebody asks for by typing an address: noted by the request, looked up and mailed by a worker.

So that nobody can tell by the time of an answer whether an address is known.
"""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from accounts import events
from accounts.models import LinkRequest
from aqad.lib.text.cleaning import email_key
from aqad.lib.wakeup import wake_once

log = structlog.get_logger(__name__)

ANSWER = "accounts.tasks.answer_link_requests"
AT_ONCE = 100
DELAY = timedelta(seconds=30)


def request_link(email: str, purpose: str) -> None:
    """Note the wish, in one statement and the same for every address. A worker is woken after commit."""
    with transaction.atomic():
        LinkRequest.objects.create(email=email_key(email), purpose=purpose)
        wake_once(ANSWER)


def answer_link_requests() -> bool:
    """Answer what is due, each in its own transaction: sends link_requested and deletes the row.

    Safe to repeat, and to kill: an unanswered row stays due. Returns whether more may be due.
    """
    keys = list(_due().order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE])
    for key in keys:
        try:
            _answer(key)
        except Exception:
            log.exception("a link that was asked for could not be mailed", link_request=key)
            failed = LinkRequest.objects.filter(pk=key)
            failed.update(attempts=F("attempts") + 1, due_at=Now() + DELAY)
    return len(keys) == AT_ONCE


@transaction.atomic
def _answer(key: int) -> None:
    asked = LinkRequest.objects.select_for_update(skip_locked=True).filter(pk=key).first()
    if asked is not None:
        events.link_requested.send(sender=LinkRequest, purpose=asked.purpose, email=asked.email)
        asked.delete()


def _due() -> QuerySet[LinkRequest]:
    return LinkRequest.objects.filter(due_at__lte=Now(), attempts__lt=LinkRequest.MOST_ATTEMPTS)
