"""From one row in the change's own transaction to everybody who must hear of it, once."""

import time
from typing import Any
from unittest import mock

import pytest
from celery import current_app
from django.core import mail as mailbox
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from kombu.exceptions import OperationalError

from accounts.models import User
from aqad.lib import wakeup
from notifications import attempts, services
from notifications.kinds import EXTRA_LINES, KINDS
from notifications.models import Notification, OutboxEvent
from notifications.services import Message, notify, notify_many
from notifications.tasks import sweep_outbox
from notifications.tests.conftest import let_time_pass, tell, work
from tests.racing import race


def test_everybody_of_the_company_gets_a_line_and_a_mail(person: User) -> None:
    partner = User.objects.create_user("ali@mart.example", name="Ali", role="retailer", code="R2001")
    User.objects.create_user("other@mart.example", name="Other", role="retailer", code="R2002")
    event = tell(["R2001"])
    work()
    event.refresh_from_db()
    assert event.status == "sent"
    assert set(Notification.objects.values_list("user", flat=True)) == {person.pk, partner.pk}
    assert {message.to[0] for message in mailbox.outbox} == {person.email, partner.email}
    line = Notification.objects.get(user=person)
    assert (line.kind, line.about, line.read_at) == ("order_accepted", "ORD1001", None)
    assert line.title == "Order ORD1001 is accepted"
    assert line.body.startswith("Ahmed Foods LLC has accepted your order")


def test_user_ids_and_staff_are_recipients_too(person: User) -> None:
    admin = User.objects.create_superuser("sara@aqad.example", "x", name="Sara")
    User.objects.create_superuser("gone@aqad.example", "x", name="Gone", access="suspended")
    tell(["staff", person.pk, "R2001"])
    work()
    assert sorted(Notification.objects.values_list("user", flat=True)) == sorted([person.pk, admin.pk])


@pytest.mark.parametrize(
    ("access", "hears"),
    [("rejected", True), ("suspended", True), ("pending_approval", True), ("deactivated", False)],
)
def test_only_the_deactivated_hear_nothing(person: User, access: str, hears: bool) -> None:
    User.objects.filter(pk=person.pk).update(access=access)
    tell(["R2001"])
    work()
    assert bool(mailbox.outbox) is hears


def test_an_event_nobody_must_hear_is_done(db: None) -> None:
    event = tell(["V9999"])
    work()
    event.refresh_from_db()
    assert event.status == "sent"


def test_a_task_run_twice_changes_nothing(person: User) -> None:
    tell(["R2001"])
    for _ in range(2):
        work()
        let_time_pass()
    assert Notification.objects.count() == 1
    assert len(mailbox.outbox) == 1


def test_the_same_once_is_told_once(person: User) -> None:
    tell(["R2001"], once="order_accepted:ORD1001")
    tell(["R2001"], once="order_accepted:ORD1001")
    work()
    tell(["R2001"], once="order_accepted:ORD1001")
    work()
    assert OutboxEvent.objects.count() == 1
    assert len(mailbox.outbox) == 1


def test_without_a_once_every_event_is_told(person: User) -> None:
    tell(["R2001"])
    tell(["R2001"])
    assert OutboxEvent.objects.count() == 2


def test_many_messages_cost_one_statement(db: None) -> None:
    context = {"name": "Fatima"}
    with CaptureQueriesContext(connection) as statements:
        notify_many([Message("password_changed", [number], context=context) for number in range(10)])
    assert len(statements) == 1
    assert OutboxEvent.objects.count() == 10


def test_what_is_rolled_back_is_not_told(person: User) -> None:
    with transaction.atomic():
        tell(["R2001"])
        transaction.set_rollback(True)
    assert not OutboxEvent.objects.exists()


@pytest.mark.parametrize(
    ("kind", "to", "context"),
    [
        ("order_teleported", ["R2001"], {}),
        ("order_accepted", ["R2001"], {}),
        ("password_changed", "R2001", {}),
    ],
)
def test_a_mistake_of_the_caller_is_loud(db: None, kind: str, to: Any, context: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        notify(kind, to=to, context=context)
    assert not OutboxEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_loses_nothing() -> None:
    User.objects.create_user("fatima@mart.example", name="Fatima", role="retailer", code="R2001")
    with mock.patch.object(current_app, "send_task", side_effect=OperationalError("down")) as publish:
        tell(["R2001"])
        assert publish.call_args.args[0] == services.FAN_OUT
        work()
    assert len(mailbox.outbox) == 1


def test_a_worker_killed_while_fanning_out_leaves_nothing_half_done(person: User) -> None:
    event = tell(["R2001"])
    killed = mock.patch.object(services, "wake_once", side_effect=SystemExit)  # the last thing before commit
    with killed, pytest.raises(SystemExit):
        sweep_outbox()
    assert not Notification.objects.exists()
    let_time_pass()
    work()
    event.refresh_from_db()
    assert event.status == "sent"
    assert (Notification.objects.count(), len(mailbox.outbox)) == (1, 1)


def test_a_claimed_event_is_left_alone_until_its_lease_has_lapsed(person: User) -> None:
    event = tell(["R2001"])
    assert attempts.claim(OutboxEvent) == [event]
    work()
    assert not Notification.objects.exists()
    let_time_pass()
    work()
    assert Notification.objects.count() == 1


def test_one_event_that_cannot_be_told_holds_up_no_other(person: User, caplog: Any) -> None:
    before, poison, after = (tell(["R2001"]) for _ in range(3))
    OutboxEvent.objects.filter(pk=poison.pk).update(context={})  # its texts name what is not there
    work()
    states = dict(OutboxEvent.objects.values_list("pk", "status"))
    assert states == {before.pk: "sent", poison.pk: "pending", after.pk: "sent"}
    assert set(Notification.objects.values_list("event", flat=True)) == {before.pk, after.pk}
    assert len(mailbox.outbox) == 2


def test_what_was_tried_before_is_taken_alone(person: User) -> None:
    first, second, third = (tell(["R2001"]) for _ in range(3))
    OutboxEvent.objects.filter(pk=first.pk).update(attempts=1)
    assert attempts.claim(OutboxEvent, 10) == [first]
    assert attempts.claim(OutboxEvent, 10) == [second, third]
    assert attempts.claim(OutboxEvent, 10) == []


def test_any_number_of_events_takes_the_same_statements(person: User) -> None:
    taken = []
    for number in (1, 20):
        for _ in range(number):
            tell(["R2001"])
        with CaptureQueriesContext(connection) as statements:
            sweep_outbox()
        taken.append(len(statements))
    assert taken[0] == taken[1]
    assert Notification.objects.count() == 21


@pytest.mark.django_db(transaction=True)
def test_many_changes_wake_a_worker_once_until_it_begins() -> None:
    User.objects.create_user("fatima@mart.example", name="Fatima", role="retailer", code="R2001")
    with mock.patch.object(current_app, "send_task") as publish:
        for _ in range(5):
            tell(["R2001"])
        assert [call.args[0] for call in publish.call_args_list] == [services.FAN_OUT]
        sweep_outbox()
        publish.reset_mock()
        tell(["R2001"])
        assert [call.args[0] for call in publish.call_args_list] == [services.FAN_OUT]


@pytest.mark.django_db(transaction=True)
def test_a_change_that_relies_on_a_message_seen_before_is_not_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process begins the task right after this one saw its message, and a change follows."""
    User.objects.create_user("fatima@mart.example", name="Fatima", role="retailer", code="R2001")
    monkeypatch.setattr(wakeup, "SEEN_FOR", 0.5)

    def tell_again() -> None:
        time.sleep(0.1)  # the sweep has begun, and waits
        tell(["R2001"])

    with mock.patch.object(current_app, "send_task") as publish:
        tell(["R2001"])
        assert race([sweep_outbox, tell_again]) == [None, None]
    assert [call.args[0] for call in publish.call_args_list].count(services.FAN_OUT) == 1
    assert [event.status for event in OutboxEvent.objects.all()] == ["sent", "sent"]


def test_a_poison_event_ends_dead_and_visible_and_can_be_revived(person: User, caplog: Any) -> None:
    event = tell(["R2001"])
    with mock.patch.object(services.selectors, "recipients", side_effect=ValueError("poison")):
        for _ in range(attempts.MAX_ATTEMPTS + 3):
            sweep_outbox()
            let_time_pass()
    event.refresh_from_db()
    assert (event.status, event.attempts) == ("dead", attempts.MAX_ATTEMPTS)
    assert event.last_error == "ValueError: poison"
    assert not Notification.objects.exists()
    assert attempts.revive(OutboxEvent.objects.all()) == [event]
    assert attempts.revive(OutboxEvent.objects.all()) == []
    work()
    event.refresh_from_db()
    assert (event.status, event.last_error) == ("sent", "")
    assert Notification.objects.count() == 1


def test_an_event_that_kills_every_worker_is_buried(person: User) -> None:
    event = tell(["R2001"])
    for _ in range(attempts.MAX_ATTEMPTS):
        assert attempts.claim(OutboxEvent) == [event]  # and the worker dies
        let_time_pass()
    work()
    event.refresh_from_db()
    assert (event.status, event.last_error) == ("dead", attempts.ABANDONED)


def test_texts_name_only_what_the_table_of_kinds_promises() -> None:
    known = {"company", "name", "order", "vendor", "retailer", "total", "amount", "day"}
    known |= {"left", "by", "filename", "new", "changed", "refused"}
    for kind in KINDS.values():
        assert kind.names <= known
        assert kind.mail or kind.inbox
        assert bool(kind.action) <= kind.mail
    for name, line in EXTRA_LINES.items():
        assert f"%({name})s" in str(line)
