"""What outsiders never read of staff, and staff never of outsiders: over every page, answer and mail."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.contrib import admin
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import IdempotencyKey, User
from aqad.lib.tokens import token_for
from aqad.lib.web.masking import mask_values
from catalog.models import Product
from catalog.services import products, stock
from delivery import services as delivery
from delivery.models import Delivery, DeliveryPartner
from notifications import tasks as notifications
from notifications.models import Mail, Notification, OutboxEvent
from orders import services as orders
from orders.models import Order, ProblemReport
from payments import services as payments
from payments.models import Payment
from tests import factories, goods
from tests.sweep.asking import ask, ask_page
from tests.sweep.table import CALLS, PAGES, ROLES
from tests.sweep.world import World
from vendors import services as vendors
from vendors.models import Vendor

OUTSIDERS = [actor for actor, role in ROLES.items() if role != "admin"]


@pytest.fixture
def staff(world: World) -> User:
    """Whoever of staff did something to everything there is."""
    by = factories.make_admin(name="Zuleikha Staffperson", email="zuleikha@staff.aqad.example")
    product = Product.objects.get(pk=int(world.names["product"][1:]))
    stock.adjust_stock(product, 5, "correction", by=by, note="counted")
    products.move_product(product, "hidden", by=by, reason="a word in the name")
    products.move_product(product, "active", by=by)
    orders.accept_order(_order(world, "pending_order"), by=by)
    orders.mark_ready(_order(world, "accepted_order"), by=by)
    ready = _order(world, "ready_order")
    delivery.assign_by_hand(ready, DeliveryPartner.objects.get(name="FastTrack"), by=by)
    delivered = Order.objects.get(status=Order.Status.COMPLETED)
    payment = Payment.objects.get(checkout=delivered.checkout_id)
    payments.request_refund(payment, Decimal("2.00"), reason="A dent.", by=by)
    orders.close_report(ProblemReport.objects.get(), note="settled", by=by)
    applicant = Vendor.objects.get(pk=int(world.names["applicant"][1:]))
    vendors.reject_document(applicant, "trade_license", note="unreadable", by=by)
    vendors.reject_vendor(applicant, reason="papers", by=by)
    orders.cancel_order(goods.place_order(delivered.retailer, (product, 1)), reason="asked for", by=by)
    orders.reject_order(goods.place_order(delivered.retailer, (product, 1)), reason="sold out", by=by)
    notifications.sweep_outbox()
    notifications.sweep_mails()
    return by


def test_no_outsider_reads_who_of_staff_acted(world: World, staff: User) -> None:
    seen, found = 0, []
    for actor in OUTSIDERS:
        for where, text in _all_that_is_read(world, actor):
            seen += 1
            if any(word in text for word in (staff.email, staff.name, "@aqad.example")):
                found.append(f"{where} as {actor}")
    assert seen > 300
    assert not found, "\n".join(["", *found])


def test_no_mail_to_an_outsider_names_who_of_staff_acted(world: World, staff: User) -> None:
    insiders = set(User.objects.filter(is_staff=True).values_list("email", flat=True))
    sent = [each for each in mail.outbox if not insiders & set(each.to)]

    assert len(sent) > 10
    for each in sent:
        told = f"{each.subject} {each.body} {each.alternatives}"
        assert staff.email not in told, each.subject
        assert staff.name not in told, each.subject


def test_the_timeline_says_aqad_to_outsiders_and_who_it_was_to_staff(world: World, staff: User) -> None:
    path = f"/api/orders/{world.names['pending_order']}"

    for actor, expected in (("retailer", "AQAD"), ("vendor", "AQAD"), ("admin", f"Admin {staff.email}")):
        assert [step["by"] for step in world.clients[actor].get(path).json()["timeline"]][-1] == expected
    path = f"/api/products/{world.names['product']}/stock"
    for actor, expected in (("vendor", "AQAD"), ("admin", f"Admin {staff.email}")):
        acted = {each["actor"] for each in world.clients[actor].get(path).json()["movements"]}
        assert expected in acted


def test_in_arabic_the_page_says_aqad_as_well(world: World, staff: User) -> None:
    browser = _browser(world, "vendor")
    browser.cookies["django_language"] = "ar"

    shown = ask_page(browser, "GET", f"/sell/orders/{world.names['pending_order']}").content.decode()

    assert 'dir="rtl"' in shown
    assert "AQAD" in shown
    assert staff.email not in shown


PIN = "QXZJ"  # letters, so that no year or price is taken for it


def test_staff_never_read_a_delivery_pin(world: World) -> None:
    _bring_to_the_door(world)
    readers = Notification.objects.filter(kind="order_out_for_delivery", body__contains=PIN)
    assert readers.exists(), "the retailer is told it"
    browser = _browser(world, "admin")
    found = [
        url for url in _admin_urls() if PIN in ask_page(browser, "GET", url).content.decode(errors="replace")
    ]
    assert not found, found
    shown = ask_page(browser, "GET", reverse("admin:notifications_notification_change", args=[readers[0].pk]))
    assert "***" in shown.content.decode()


def test_the_files_of_lists_hold_no_pin(world: World) -> None:
    _bring_to_the_door(world)
    browser = _browser(world, "admin")
    for model in ("outboxevent", "mail", "notification"):
        url = reverse(f"admin:notifications_{model}_changelist")
        keys = list(admin.site.get_model_admin(_model(model)).model.objects.values_list("pk", flat=True))
        answer = browser.post(url, {"action": "export", "_selected_action": keys})
        text = b"".join(answer.streaming_content).decode()
        assert text.count("\n") > len(keys) / 2
        assert PIN not in text


def test_staff_find_no_message_by_its_pin(world: World) -> None:
    _bring_to_the_door(world)
    browser = _browser(world, "admin")
    for model in ("outboxevent", "mail", "notification"):
        page = browser.get(reverse(f"admin:notifications_{model}_changelist"), {"q": PIN})
        assert page.context["cl"].result_count == 0


def test_staff_read_no_link_that_lets_somebody_in(world: World) -> None:
    nonces = [
        event.context["link_nonce"] for event in OutboxEvent.objects.all() if "link_nonce" in event.context
    ]
    assert nonces
    tokens = [token_for(nonce) for nonce in nonces]
    secret = [*nonces, *tokens, world.names["paid_link"], world.names["refresh"]]
    browser = _browser(world, "admin")
    for url in _admin_urls():
        shown = ask_page(browser, "GET", url).content.decode(errors="replace")
        assert not [each for each in secret if each in shown], url


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Your delivery PIN is 4711. Tell it", "Your delivery PIN is ***. Tell it"),
        ("رمز التسليم 4711.", "رمز التسليم ***."),
        ("Order ORD14711 for AED 14711.00 and 47110", "Order ORD14711 for AED 14711.00 and 47110"),
        ("https://aqad.ae/reset-password/0f0f0f", "https://aqad.ae/reset-password/***"),
    ],
)
def test_a_known_secret_is_masked_where_it_stands_alone(text: str, masked: str) -> None:
    assert mask_values(text, {"pin": "4711", "order": "ORD14711", "refresh": ""}) == masked


def _bring_to_the_door(world: World) -> None:
    product = Product.objects.get(pk=int(world.names["product"][1:]))
    order = goods.carry(goods.place_order(Order.objects.all()[0].retailer, (product, 9)), "picked_up")
    carried = Delivery.objects.get(order=order)
    Delivery.objects.filter(pk=carried.pk).update(pin=PIN)
    carried.refresh_from_db()
    driver = factories.user_of(f"DP{carried.partner_id}")
    delivery.report_step(carried, delivery.Step("out_for_delivery"), proof=delivery.Proof(), by=driver)
    notifications.sweep_outbox()


def _order(world: World, name: str) -> Order:
    return Order.objects.get(pk=int(world.names[name].removeprefix("ORD")))


def _model(name: str) -> Any:
    return {"outboxevent": OutboxEvent, "mail": Mail, "notification": Notification}[name]


def _all_that_is_read(world: World, actor: str) -> Iterator[tuple[str, str]]:
    """Every GET of the API and every page, as this actor, where it is answered at all."""
    for row in CALLS:
        if row.method == "GET":
            answer, _written = ask(world, actor, "GET", world.fill(row.path))
            if answer.status_code == 200 and not row.path.startswith("/api/schema"):
                yield f"GET {row.path}", _text_of(answer)
    browser = _browser(world, actor)
    for page in PAGES:
        answer = ask_page(browser, "GET", world.fill(page.path))
        if answer.status_code == 200 and not answer.streaming:
            yield page.path, _text_of(answer)


def _text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace")


def _admin_urls() -> Iterator[str]:
    """Every list of the admin site, of messages every row, of all else the newest two."""
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        few = 100 if model in (OutboxEvent, Mail, Notification, IdempotencyKey) else 2
        for row in model._default_manager.order_by("-pk")[:few]:
            yield reverse(f"{name}_change", args=[row.pk])


def _browser(world: World, actor: str) -> Client:
    client = Client(raise_request_exception=False)
    if actor in world.people:
        client.force_login(world.people[actor])
    return client
