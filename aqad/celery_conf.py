"""What web, workers and beat agree on; known without Django, so that beat is a small process."""

from typing import Any

from kombu import Queue

from aqad.environment.reading import read_environment

env = read_environment()

BROKER_URL = env.str("CELERY_BROKER_URL", default="redis://127.0.0.1:6379/0")
SWEEP_SECONDS = env.int("AQAD_SWEEP_SECONDS", default=30)

# Which work goes first where a worker serves several queues: they are named in this order.
URGENT = "urgent"  # money and stock: somebody waits, or goods are held for nobody
MESSAGES = "messages"  # what people are told
BACKGROUND = "background"  # long, or for nobody in particular
QUEUES = (URGENT, MESSAGES, BACKGROUND)

_TASKS = {
    URGENT: (
        "payments.tasks.process_webhook",
        "payments.tasks.sweep_webhooks",
        "payments.tasks.poll_payment",
        "payments.tasks.poll_gateway",
        "payments.tasks.cancel_at_gateway",
        "payments.tasks.sweep_cancellations",
        "payments.tasks.carry_out_refund",
        "payments.tasks.sweep_refunds",
        "orders.tasks.expire_holds",
        "orders.tasks.reject_unanswered_orders",
        "delivery.tasks.assign_waiting",
        "vendors.tasks.pause_lapsed_vendors",
    ),
    MESSAGES: (
        "accounts.tasks.answer_link_requests",
        "notifications.tasks.sweep_outbox",
        "notifications.tasks.sweep_mails",
    ),
    BACKGROUND: (
        "accounts.tasks.forget_expired",
        "audit.tasks.seal_entries",
        "delivery.tasks.forget_traces",
        "notifications.tasks.forget_messages",
        "payments.tasks.forget_webhooks",
        "vendors.tasks.forget_applications",
        "catalog.tasks.carry_on_import",
        "catalog.tasks.count_words",
        "catalog.tasks.forget_imports",
        "catalog.tasks.keep_misses",
        "catalog.tasks.refresh_popularity",
        "catalog.tasks.sweep_imports",
        "operations.tasks.compare_stock",
        "vendors.tasks.forget_kept_uploads",
        "vendors.tasks.remind_of_expiry",
    ),
}
HEARTBEAT = "operations.tasks.heartbeat"  # goes through every queue, so that each is known to be served
QUEUE_OF = {task: queue for queue, tasks in _TASKS.items() for task in tasks}

COMMON: dict[str, Any] = {
    "broker_url": BROKER_URL,
    "broker_connection_retry_on_startup": True,
    # Publishing must fail fast: the row is the truth and a sweeper follows (docs/reliability.md).
    "broker_transport_options": {
        "socket_timeout": 2,
        "socket_connect_timeout": 1,
        "max_retries": 0,  # else one lost wake-up holds a request for six seconds
        "visibility_timeout": 600,
        "queue_order_strategy": "priority",  # a worker of several queues takes from the first that has any
    },
    "task_queues": [Queue(name) for name in QUEUES],
    "task_routes": {task: {"queue": queue} for task, queue in QUEUE_OF.items()},
    "task_default_queue": BACKGROUND,
    "task_publish_retry": False,
    "task_ignore_result": True,
    "timezone": "UTC",
}

SWEEPERS = {
    "send what the outbox holds": "notifications.tasks.sweep_outbox",
    "send mails that are due": "notifications.tasks.sweep_mails",
    "mail links that were asked for": "accounts.tasks.answer_link_requests",
    "release holds that ran out": "orders.tasks.expire_holds",
    "process stored webhooks": "payments.tasks.sweep_webhooks",
    "ask the gateway for overdue payments": "payments.tasks.poll_gateway",
    "carry out refunds that are due": "payments.tasks.sweep_refunds",
    "cancel at the gateway what ended here": "payments.tasks.sweep_cancellations",
    "reject orders nobody answered": "orders.tasks.reject_unanswered_orders",
    "seal the audit log": "audit.tasks.seal_entries",
    "assign deliveries that wait for a partner": "delivery.tasks.assign_waiting",
}


def _every(seconds: float, task: str, queue: str = "") -> dict[str, Any]:
    """A message that no worker took by the time of the next one is not worked off."""
    options = {"expires": seconds} | ({"queue": queue} if queue else {})
    return {"task": task, "schedule": seconds, "options": options}


SCHEDULE: dict[str, dict[str, Any]] = {
    **{name: _every(SWEEP_SECONDS, task) for name, task in SWEEPERS.items()},
    "forget old idempotency keys": _every(3600, "accounts.tasks.forget_expired"),
    "pause who sells with papers that ran out": _every(60, "vendors.tasks.pause_lapsed_vendors"),
    "remind of papers that run out": _every(3600, "vendors.tasks.remind_of_expiry"),
    "forget files of refused forms": _every(600, "vendors.tasks.forget_kept_uploads"),
    "keep what was searched and not found": _every(60, "catalog.tasks.keep_misses"),
    "see what sells of late": _every(1800, "catalog.tasks.refresh_popularity"),
    "count the words of the catalogue": _every(6 * 3600, "catalog.tasks.count_words"),
    "carry on with sheets of products": _every(5, "catalog.tasks.sweep_imports"),
    "forget old sheets of products": _every(3600, "catalog.tasks.forget_imports"),
    "forget what people were told long ago": _every(3600, "notifications.tasks.forget_messages"),
    "forget old webhooks": _every(3600, "payments.tasks.forget_webhooks"),
    "forget where drivers were and what they photographed": _every(3600, "delivery.tasks.forget_traces"),
    "forget applications that came to nothing": _every(3600, "vendors.tasks.forget_applications"),
    "compare stock, ledger and orders": _every(600, "operations.tasks.compare_stock"),
    **{f"tell that “{queue}” is served": _every(10, HEARTBEAT, queue) for queue in QUEUES},
}
