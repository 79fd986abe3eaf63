"""What worker and beat agree on; known without Django, so that beat is a small process."""

from typing import Any

from aqad.environment.reading import read_environment

env = read_environment()

BROKER_URL = env.str("CELERY_BROKER_URL", default="redis://127.0.0.1:6379/0")
SWEEP_SECONDS = env.int("AQAD_SWEEP_SECONDS", default=30)

COMMON: dict[str, Any] = {
    "broker_url": BROKER_URL,
    "broker_connection_retry_on_startup": True,
    # Publishing must fail fast: the row is the truth and a sweeper follows (docs/reliability.md).
    "broker_transport_options": {
        "socket_timeout": 2,
        "socket_connect_timeout": 1,
        "max_retries": 0,  # else one lost wake-up holds a request for six seconds
        "visibility_timeout": 600,
    },
    "task_publish_retry": False,
    "task_ignore_result": True,
    "timezone": "UTC",
}

SWEEPERS = {
    "send what the outbox holds": "notifications.tasks.sweep_outbox",
    "send mails that are due": "notifications.tasks.sweep_mails",
    "release holds that ran out": "orders.tasks.expire_holds",
    "process stored webhooks": "payments.tasks.sweep_webhooks",
    "ask the gateway for overdue payments": "payments.tasks.poll_gateway",
    "carry out refunds that are due": "payments.tasks.sweep_refunds",
    "cancel at the gateway what ended here": "payments.tasks.sweep_cancellations",
    "reject orders nobody answered": "orders.tasks.reject_unanswered_orders",
    "seal the audit log": "audit.tasks.seal_entries",
    "assign deliveries that wait for a partner": "delivery.tasks.assign_waiting",
}

SCHEDULE: dict[str, dict[str, Any]] = {
    name: {"task": task, "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}}
    for name, task in SWEEPERS.items()
} | {
    "forget old idempotency keys": {"task": "accounts.tasks.forget_expired", "schedule": 3600},
    "pause who sells with papers that ran out": {
        "task": "vendors.tasks.pause_lapsed_vendors",
        "schedule": 60,
    },
    "remind of papers that run out": {"task": "vendors.tasks.remind_of_expiry", "schedule": 3600},
    "forget files of refused forms": {"task": "vendors.tasks.forget_kept_uploads", "schedule": 600},
    "keep what was searched and not found": {"task": "catalog.tasks.keep_misses", "schedule": 60},
    "see what sells of late": {"task": "catalog.tasks.refresh_popularity", "schedule": 1800},
    "count the words of the catalogue": {"task": "catalog.tasks.count_words", "schedule": 6 * 3600},
    "carry on with sheets of products": {
        "task": "catalog.tasks.sweep_imports",
        "schedule": 5,
        "options": {"expires": 5},
    },
    "forget old sheets of products": {"task": "catalog.tasks.forget_imports", "schedule": 3600},
    "compare stock, ledger and orders": {"task": "operations.tasks.compare_stock", "schedule": 600},
    "tell that the workers live": {"task": "operations.tasks.heartbeat", "schedule": 10},
}
