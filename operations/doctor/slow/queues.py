"""What waits for a worker, and for how long."""

from typing import Any

from celery import current_app
from django.conf import settings
from django.utils.translation import gettext as _
from kombu.exceptions import ChannelError, OperationalError

from operations.doctor.database import rows
from operations.doctor.findings import Finding, Table
from operations.doctor.words import span

MANY = 1000  # messages at the broker

_BACKLOGS = """
SELECT 'outbox', count(*), coalesce(extract(epoch FROM now() - min(due_at)), 0)::float
  FROM notifications_outboxevent WHERE status = 'pending' AND due_at <= now()
UNION ALL
SELECT 'mail', count(*), coalesce(extract(epoch FROM now() - min(due_at)), 0)::float
  FROM notifications_mail WHERE status = 'pending' AND due_at <= now()
UNION ALL
SELECT 'webhooks', count(*), coalesce(extract(epoch FROM now() - min(due_at)), 0)::float
  FROM payments_webhookevent WHERE status = 'pending' AND due_at <= now()
UNION ALL
SELECT 'refunds', count(*), coalesce(extract(epoch FROM now() - min(due_at)), 0)::float
  FROM payments_refund WHERE status = 'pending' AND due_at <= now()
UNION ALL
SELECT 'unpaid holds', count(*), coalesce(extract(epoch FROM now() - min(reserved_until)), 0)::float
  FROM orders_checkout WHERE status = 'pending_payment' AND reserved_until <= now()
"""


def examine() -> Finding:
    backlogs, at_broker = rows(_BACKLOGS), _messages_at_broker()
    named = {
        "outbox": _("messages to people"),
        "mail": _("mails"),
        "webhooks": _("webhooks"),
        "refunds": _("refunds"),
        "unpaid holds": _("unpaid holds"),
    }
    told: list[tuple[Any, ...]] = [
        (named[name], count, span(age) if count else "–") for name, count, age in backlogs
    ]
    for queue in settings.TASK_QUEUES:
        waiting = "–" if at_broker is None else at_broker[queue]
        told.append((_("messages at the broker for “%s”") % queue, waiting, "–"))
    tables = [Table("", [_("queue"), _("due"), _("oldest waits for")], told)]
    if at_broker is None:
        step = _("Start the broker; what waits is done then, nothing is lost.")
        return Finding(_("Queues"), _("The broker does not answer."), True, step, tables)  # noqa: FBT003
    name, count, age = max(backlogs, key=lambda each: each[2])
    longest = max(settings.TASK_QUEUES, key=lambda queue: at_broker[queue])
    many = at_broker[longest]
    if age < settings.DOCTOR["backlog_seconds"] and many < MANY:
        return Finding(_("Queues"), _("No work waits longer than it should."), tables=tables)
    values = {
        "queue": named[name],
        "count": count,
        "time": span(age),
        "messages": many,
        "broker_queue": longest,
    }
    sentence = _("Work waits: %(count)d in the queue “%(queue)s”, the oldest for %(time)s.")
    if many >= MANY:
        values = {"messages": many, "broker_queue": longest}
        sentence = _("%(messages)d messages wait at the broker for “%(broker_queue)s”.")
    step = _("See that beat and a worker for each queue live; if they do, start more workers for it.")
    return Finding(_("Queues"), sentence % values, wrong=True, next_step=step, tables=tables)


def _messages_at_broker() -> dict[str, int] | None:
    """By queue; None where the broker does not answer."""
    try:
        with current_app.connection_for_write(connect_timeout=1) as broker:
            broker.ensure_connection(max_retries=0, timeout=1)
            return {queue: _length(broker.default_channel, queue) for queue in settings.TASK_QUEUES}
    except (OperationalError, OSError):
        return None


def _length(channel: Any, queue: str) -> int:
    try:
        return int(channel.queue_declare(queue, passive=True).message_count)
    except ChannelError:  # there is no queue while it is empty
        return 0
