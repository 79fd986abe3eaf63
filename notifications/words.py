"""An event in words, in the reader's language."""

from typing import Any

from django.utils import translation

from aqad.lib.writing import aed, told
from notifications.kinds import AMOUNTS, DOCUMENTS, EXTRA_LINES, KINDS, REASONS
from notifications.models import OutboxEvent

TITLE_LENGTH = 200


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


def _say(text: Any, event: OutboxEvent, language: str) -> str:
    with translation.override(language):
        amounts = {name: aed(event.context[name]) for name in AMOUNTS & event.context.keys()}
        reasons = {name: told(event.context[name]) for name in REASONS & event.context.keys()}
        return str(text) % {**event.context, **amounts, **reasons, "about": event.about}
