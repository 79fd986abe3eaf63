"""An event in words, in the reader's language."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

from django.utils import translation

from aqad.lib.writing import aed, told, when
from notifications.kinds import DOCUMENTS, EXTRA_LINES, KINDS
from notifications.models import Notification, OutboxEvent

TITLE_LENGTH = 200


def _day(iso: str) -> str:
    return when(date.fromisoformat(iso), "day")


# How what stands in a context is written.
_WRITTEN: dict[str, Callable[[str], str]] = {"total": aed, "amount": aed, "reason": told, "day": _day}


def title(event: OutboxEvent, language: str) -> str:
    """One line, at most TITLE_LENGTH characters: it is also the subject of a mail."""
    text = _say(KINDS[event.kind].title, event, language)
    return " ".join(text.split())[:TITLE_LENGTH]


def body(event: OutboxEvent, language: str) -> str:
    return _say(KINDS[event.kind].body, event, language)


def extra_lines(event: OutboxEvent, language: str) -> list[str]:
    """What follows the body where the event knows it: a reason, a PIN, documents to mend."""
    lines = [_say(line, event, language) for name, line in EXTRA_LINES.items() if event.context.get(name)]
    with translation.override(language):
        for document in event.context.get("documents", []):
            name = DOCUMENTS.get(document["kind"], document["kind"])
            lines.append(f"{name}: {document['note']}")
    return lines


def read_in(line: Notification, language: str) -> Notification:
    """The line in the language of who reads it now; it was written in the one of the account.

    An event from before a text changed may lack what the text names today: then it stays as it was written.
    """
    with suppress(KeyError):
        text = "\n".join([body(line.event, language), *extra_lines(line.event, language)])
        line.title, line.body = title(line.event, language), text
    return line


def _say(text: Any, event: OutboxEvent, language: str) -> str:
    with translation.override(language):
        written = {name: _WRITTEN[name](event.context[name]) for name in _WRITTEN.keys() & event.context}
        return str(text) % {**event.context, **written, "about": event.about}
