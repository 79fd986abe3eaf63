"""Tasks that run twice, workers killed at the worst moment: nothing is lost, nothing is repeated."""

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import pytest
from celery import current_app
from django.core import mail as mailbox
from django.db.models.functions import Now

from catalog.models import ProductImport
from delivery.models import Delivery
from notifications import attempts, mailing
from notifications import tasks as notifications
from notifications.models import Mail, OutboxEvent
from orders import services as orders
from orders.models import Checkout, Order
from payments import services as payments
from payments import tasks
from payments.gateways.sandbox_client import SandboxGateway
from payments.models import Payment, Refund, WebhookEvent
from payments.services import refunds, webhooks
from payments.tests import buyer
from payments.tests.sandbox_process import Sandbox
from retailers.models import Retailer
from tests.factories import make_delivery_partner
from tests.faults.rows import contents, let_time_pass
from tests.goods import carry, list_product, place, place_order, send_sheet, stock_of
from vendors.models import Vendor

LONG_AGO = "2020-01-01T00:00:00Z"


class Killed(SystemExit):
    """The worker's process ends here and now: no handler of an Exception sees it."""


def killed(*_args: Any, **_kwargs: Any) -> None:
    raise Killed


@contextmanager
def dying_in(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, death: Any) -> Iterator[None]:
    """Whoever calls `name` inside is killed there; afterwards everything is as before."""
    with monkeypatch.context() as patched:
        patched.setattr(place, name, death)
        with pytest.raises(Killed):
            yield


@pytest.fixture
def product(vendor: Vendor) -> Any:
    return list_product(vendor, quantity=100)


@pytest.fixture
def payment(retailer: Retailer, product: Any, sandbox: Sandbox) -> Payment:
    """Paid at the gateway, whose webhook is stored but not yet processed."""
    paid = buyer.pay(sandbox, place(retailer, (product, 4)).payments.get())
    buyer.deliver_webhooks(sandbox, paid)
    return paid


SEALS = "audit.tasks.seal_entries"


@pytest.fixture
def much_to_do(retailer: Retailer, product: Any, rival_delivery_partner: Any, sandbox: Sandbox) -> None:
    """Something for every task: holds that ran out, orders nobody answered, money to give back, and so on."""
    dented = buyer.settle(sandbox, place(retailer, (product, 6)).payments.get())
    payments.request_refund(dented, Decimal("10.00"), reason="A dent.", by=None)
    paid = buyer.pay(sandbox, place(retailer, (product, 4)).payments.get())
    buyer.deliver_webhooks(sandbox, paid)
    ran_out = place(retailer, (product, 1))
    Checkout.objects.filter(pk=ran_out.pk).update(reserved_until=LONG_AGO)
    unanswered = place_order(retailer, (product, 2))
    Order.objects.filter(pk=unanswered.pk).update(answer_due_at=LONG_AGO)
    cancelled = place(retailer, (product, 3))
    buyer.open_page(cancelled.payments.get())
    orders.cancel_order(cancelled.orders.get(), reason="Changed my mind.", by=None)
    send_sheet(product.vendor, f"id,price\n{product.code},46.00\n")
    assert Delivery.objects.get(order=carry(place_order(retailer, (product, 5)))).status == "unassigned"
    make_delivery_partner(name="FastTrack", email="bilal@fasttrack.example")


def test_every_task_run_twice_changes_nothing_the_second_time(much_to_do: None) -> None:
    current_app.loader.import_default_modules()
    known = {name: task for name, task in current_app.tasks.items() if not name.startswith("celery.")}
    empty = contents()
    for name in sorted(known):
        arguments = _arguments(name)
        known[name].run(*arguments)
        if name == SEALS:
            known[name].run(*arguments)  # the first run only notes how far the log may be sealed
        before = contents()
        known[name].run(*arguments)
        assert contents() == before, name
    notifications.sweep_mails()  # its turn came before the outbox had any
    assert contents() != empty
    assert not Order.objects.filter(status="pending", answer_due_at__lt=Now()).exists()
    assert (Delivery.objects.get().status, len(mailbox.outbox)) == ("assigned", Mail.objects.count())
    assert Refund.objects.get().status == "succeeded"
    assert not WebhookEvent.objects.exclude(status="done").exists()


def test_a_webhook_is_acted_on_once_when_its_worker_was_killed(
    payment: Payment, product: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dying_in(monkeypatch, webhooks, "apply_state", killed):
        buyer.process_webhooks()
    assert WebhookEvent.objects.get().status == "pending"
    assert Checkout.objects.get().status == "pending_payment"
    tasks.sweep_webhooks()
    assert WebhookEvent.objects.get().status == "pending"  # another worker's, as far as anybody knows
    let_time_pass()
    tasks.sweep_webhooks()
    assert (WebhookEvent.objects.get().status, Order.objects.get().status) == ("done", "pending")
    assert stock_of(product) == (100, 4)


def test_money_goes_back_once_when_the_worker_was_killed_after_the_gateway_had_done_it(
    payment: Payment, gateway: SandboxGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyer.process_webhooks()
    refund = payments.request_refund(payment, Decimal("10.00"), reason="A dent.", by=None)
    with dying_in(monkeypatch, refunds, "settle_refund", killed):
        tasks.sweep_refunds()
    assert Refund.objects.get().status == "pending"
    let_time_pass()
    tasks.sweep_refunds()
    payment.refresh_from_db()
    assert (Refund.objects.get(pk=refund.pk).status, payment.amount_refunded) == (
        "succeeded",
        Decimal("10.00"),
    )
    assert gateway.fetch(payment.gateway_session).amount_refunded == Decimal("10.00")


def test_one_session_is_opened_when_the_process_was_killed_before_it_could_note_it(
    retailer: Retailer, product: Any, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = place(retailer, (product, 4)).payments.get()
    opened = []
    real = SandboxGateway.start

    def start_and_die(gateway: SandboxGateway, request: Any) -> Any:
        opened.append(real(gateway, request).session_id)
        raise Killed

    with dying_in(monkeypatch, SandboxGateway, "start", start_and_die):
        payments.open_session(payment)
    buyer.settle(sandbox, payment)
    assert [payment.gateway_session] == opened
    assert Order.objects.get().status == "pending"


def test_an_event_and_a_mail_that_a_killed_worker_had_in_hand_arrive(
    retailer: Retailer, product: Any
) -> None:
    place_order(retailer, (product, 1))
    assert attempts.claim(OutboxEvent)  # and then nothing more
    let_time_pass()
    notifications.sweep_outbox()
    (mail,) = attempts.claim(Mail)
    mailing.write(mail).send()  # gone out, and killed before that could be noted
    let_time_pass()
    notifications.sweep_mails()
    assert not OutboxEvent.objects.exclude(status="sent").exists()
    assert not Mail.objects.exclude(status="sent").exists()
    copies = [each.extra_headers["Message-ID"] for each in mailbox.outbox]
    assert len(copies) == Mail.objects.count() + 1
    assert len(set(copies)) == Mail.objects.count()  # mailboxes know the second for the first


def _arguments(task: str) -> tuple[Any, ...]:
    """What a task that is woken for something would be given now."""
    event = WebhookEvent.objects.latest("pk")
    given: dict[str, tuple[Any, ...]] = {
        "catalog.tasks.carry_on_import": (ProductImport.objects.get().pk,),
        "payments.tasks.process_webhook": (event.gateway, event.event_id),
        "payments.tasks.poll_payment": (Payment.objects.earliest("pk").pk,),
        "payments.tasks.cancel_at_gateway": (Payment.objects.latest("pk").pk,),
        "payments.tasks.carry_out_refund": (Refund.objects.get().pk,),
    }
    return given.get(task, ())
