"""Who listens to what, in one place: add to it whatever you connect, so that nothing happens unseen."""

import ast
import importlib
import re
from functools import cache
from pathlib import Path
from weakref import ReferenceType

import pytest
from celery import current_app
from django.conf import settings
from django.db.models import signals
from django.dispatch import Signal
from django.utils import translation

from aqad import celery_conf
from notifications.kinds import KINDS
from notifications.services import FAN_OUT, SEND_MAILS

LISTENERS = {
    "accounts.events.reactivation_requested": [
        "vendors.receivers.refuse_while_not_active",
        "retailers.receivers.refuse_while_not_active",
        "delivery.receivers.refuse_while_not_active",
    ],
    "accounts.events.link_requested": [
        "accounts.receivers.mail_reset",
        "vendors.receivers.mail_application_link",
    ],
    "accounts.events.email_changed": ["vendors.receivers.follow_email", "retailers.receivers.follow_email"],
    "vendors.events.vendor_suspended": ["orders.receivers.reject_pending_orders"],
    "orders.events.checkout_placed": ["payments.receivers.begin_payment"],
    "orders.events.checkout_expired": ["payments.receivers.expire_payment"],
    "orders.events.checkout_cancelled": ["payments.receivers.cancel_payment"],
    "orders.events.order_ready": ["delivery.receivers.assign_delivery"],
    "orders.events.order_completed": ["payments.receivers.collect_cash"],
    "orders.events.order_rejected": ["payments.receivers.give_back"],
    "orders.events.order_cancelled": ["payments.receivers.give_back", "delivery.receivers.cancel_delivery"],
    "orders.events.order_returned": ["payments.receivers.give_back"],
}
APPS = [name for name in settings.INSTALLED_APPS if (settings.BASE_DIR / name).is_dir()]
OF_ROWS = ("pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed", "pre_init", "post_init")


def test_events_have_these_listeners_and_no_others() -> None:
    assert {name: _listeners(event) for name, event in _events().items()} == LISTENERS


def test_every_event_is_sent_by_somebody() -> None:
    code = "\n".join(path.read_text() for path in _modules())
    silent = [name for name in _events() if f".{name.rpartition('.')[2]}.send(" not in code]
    assert silent == []


@pytest.mark.parametrize("name", OF_ROWS)
def test_nothing_of_ours_happens_behind_a_saved_row(name: str) -> None:
    listeners = _listeners(getattr(signals, name))
    assert [one for one in listeners if one.partition(".")[0] in APPS] == []


def test_every_task_that_is_named_exists_and_every_task_is_named() -> None:
    current_app.loader.import_default_modules()
    tasks = {name for name in current_app.tasks if name.partition(".")[0] in APPS}
    named = {text for text in _texts() if re.fullmatch(r"\w+\.tasks\.\w+", text)}
    assert named == tasks


def test_every_task_has_a_queue() -> None:
    """All but the heartbeat, which beat sends through each; one forgotten would wait behind imports."""
    current_app.loader.import_default_modules()
    ours = {name for name in current_app.tasks if name.partition(".")[0] in APPS}
    assert celery_conf.QUEUE_OF.keys() | {celery_conf.HEARTBEAT} == ours
    assert celery_conf.HEARTBEAT not in celery_conf.QUEUE_OF
    taken = {name: current_app.amqp.router.route({}, name)["queue"].name for name in celery_conf.QUEUE_OF}
    assert taken == celery_conf.QUEUE_OF


def test_money_and_stock_wait_behind_no_mail_and_no_import() -> None:
    of_money = {name for name in celery_conf.QUEUE_OF if name.startswith("payments.")}
    forgetting = "payments.tasks.forget_webhooks"  # moves none, and is in no hurry
    assert celery_conf.QUEUE_OF[forgetting] == celery_conf.BACKGROUND
    assert of_money - {forgetting} <= {
        name for name, queue in celery_conf.QUEUE_OF.items() if queue == celery_conf.URGENT
    }
    assert celery_conf.QUEUE_OF["orders.tasks.expire_holds"] == celery_conf.URGENT
    assert celery_conf.QUEUE_OF[SEND_MAILS] == celery_conf.QUEUE_OF[FAN_OUT] == celery_conf.MESSAGES


def test_a_message_of_beat_expires_before_the_next_one() -> None:
    """Else a night without workers leaves them thousands of the same."""
    for name, entry in current_app.conf.beat_schedule.items():
        assert entry["options"]["expires"] <= entry["schedule"], name


def test_beat_goes_through_every_queue() -> None:
    beats = [
        each for each in current_app.conf.beat_schedule.values() if each["task"] == celery_conf.HEARTBEAT
    ]
    assert [each["options"]["queue"] for each in beats] == list(celery_conf.QUEUES)


def test_beat_drives_every_sweeper() -> None:
    driven = {entry["task"] for entry in current_app.conf.beat_schedule.values()}
    current_app.loader.import_default_modules()
    sweepers = {
        name
        for name, task in current_app.tasks.items()
        if name.partition(".")[0] in APPS and not task.run.__code__.co_argcount
    }
    assert driven == sweepers


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_message_has_words_and_a_sender(kind: str) -> None:
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            assert str(KINDS[kind].title).strip()
            assert str(KINDS[kind].body).strip()
    assert kind in _texts(), f"nobody sends {kind}"


def _events() -> dict[str, Signal]:
    found = {}
    for app in APPS:
        if (settings.BASE_DIR / app / "events.py").exists():
            module = importlib.import_module(f"{app}.events")
            found |= {
                f"{app}.events.{name}": each
                for name, each in vars(module).items()
                if isinstance(each, Signal)
            }
    return found


def _listeners(event: Signal) -> list[str]:
    connected = [entry[1] for entry in event.receivers]
    found = [one() if isinstance(one, ReferenceType) else one for one in connected]
    return [f"{one.__module__}.{one.__qualname__}" for one in found if one is not None]


@cache
def _texts() -> frozenset[str]:
    """Every text in our code but the table of kinds itself."""
    found = set()
    for path in _modules():
        if path != settings.BASE_DIR / "notifications" / "kinds.py":
            nodes = ast.walk(ast.parse(path.read_text()))
            found |= {
                each.value for each in nodes if isinstance(each, ast.Constant) and isinstance(each.value, str)
            }
    return frozenset(found)


def _modules() -> list[Path]:
    everything = [path for app in APPS for path in (settings.BASE_DIR / app).rglob("*.py")]
    return [path for path in everything if not {"tests", "migrations"} & set(path.parts)]
