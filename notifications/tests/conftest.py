from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as mailbox
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F

from accounts.models import User
from notifications.models import Mail, OutboxEvent
from notifications.services import notify
from notifications.tasks import sweep_mails, sweep_outbox


def tell(to: list[Any], kind: str = "order_accepted", **details: Any) -> OutboxEvent:
    """One event in the outbox, with all a kind of the orders may name."""
    context = {
        "order": "ORD1001",
        "vendor": "Ahmed Foods LLC",
        "retailer": "Fresh Mart",
        "total": "4725.00",
        **details.pop("context", {}),
    }
    notify(kind, to=to, about="ORD1001", context=context, **details)
    return OutboxEvent.objects.latest("id")


def work() -> None:
    """What the workers do once everything due is swept."""
    sweep_outbox()
    sweep_mails()


def let_time_pass(hours: float = 2) -> None:
    """Move what waits back, so that by the database's clock it is due."""
    for model in (OutboxEvent, Mail):
        model.objects.update(due_at=F("due_at") - timedelta(hours=hours))


class BrokenMailServer(BaseEmailBackend):
    """Refuses everything, and says so."""

    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("mail server is down")


BROKEN = f"{__name__}.BrokenMailServer"


@pytest.fixture
def person(db: None) -> User:
    return User.objects.create_user("fatima@mart.example", name="Fatima", role="retailer", code="R2001")


@pytest.fixture
def arab(db: None) -> User:
    return User.objects.create_user(
        "omar@mart.example", name="عمر", role="retailer", code="R2002", language="ar"
    )


@pytest.fixture(autouse=True)
def _empty_mailbox() -> None:
    mailbox.outbox = []
