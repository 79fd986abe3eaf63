"""What apps call to tell people something: a row in the caller's own transaction, nothing else."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from aqad.lib.wakeup import wake
from aqad.lib.web.context import current_request_id
from notifications.kinds import KINDS

STAFF = "staff"

# One parameter for any number of rows; RETURNING leaves out what was there already.
_INSERT = """
INSERT INTO notifications_outboxevent
    (kind, recipients, about, context, once, status, attempts, last_error, request_id)
SELECT kind, recipients, about, context, once, 'pending', 0, '', %s
FROM jsonb_to_recordset(%s::jsonb)
    AS message (kind text, recipients jsonb, about text, context jsonb, once text)
ON CONFLICT (once) DO NOTHING
RETURNING id
"""


@dataclass(frozen=True)
class Message:
    """One thing to tell. `to`: company codes (`V1001`), user ids, or `STAFF` for every active admin.

    `context` holds what the kind's texts name, as JSON; `link` (a path with `{token}` in it) and `link_nonce`
    become a secret link when the mail is sent. A message with the `once` of an earlier one is not told.
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
    rows = json.dumps([_row(message) for message in messages], cls=DjangoJSONEncoder)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [current_request_id(), rows])
        event_ids = [row[0] for row in cursor.fetchall()]
    if event_ids:
        wake("notifications.tasks.send_events", event_ids)


def _row(message: Message) -> dict[str, Any]:
    if message.kind not in KINDS:
        raise ValueError(f"no kind of notification is called {message.kind}: see notifications/kinds.py")
    if missing := KINDS[message.kind].names - set(message.context):
        raise ValueError(f"the texts of {message.kind} need {', '.join(sorted(missing))} in the context")
    if isinstance(message.to, str):
        raise ValueError("`to` is a list of recipients")
    return {
        "kind": message.kind,
        "recipients": list(message.to),
        "about": message.about,
        "context": message.context,
        "once": message.once or f"{message.kind}:{message.about}:{uuid.uuid4()}",
    }
