"""The admin's first page: what each card says, who sees it, and what it costs."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from delivery.models import Delivery
from notifications.models import OutboxEvent
from operations import dashboard, flows
from operations.cards import CARDS
from orders.models import Order
from payments.models import Payment, WebhookEvent
from retailers.models import Retailer
from tests import factories, goods
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_figures() -> Iterator[None]:
    dashboard.forget()
    yield
    dashboard.forget()


@pytest.fixture
def staff(admin: User, client: Client) -> Client:
    client.force_login(admin)
    return client


def page(client: Client, **query: Any) -> str:
    answer = client.get("/admin/", query)
    assert answer.status_code == 200
    return answer.content.decode()


def card(text: str, name: str) -> str:
    """What a card says, without its marks."""
    part = text.split(f'id="{name}-title"', 1)[1].split("</section>", 1)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))


def move(model: Any, **changes: str) -> None:
    """Set columns by SQL, as time would."""
    with connection.cursor() as cursor:
        for column, value in changes.items():
            cursor.execute(f"UPDATE {model._meta.db_table} SET {column} = {value}")


def test_an_empty_marketplace_has_its_cards_all_the_same(staff: Client) -> None:
    text = page(staff)
    for name in CARDS:
        assert "Nothing to compare with" in card(text, name) or name == "sign-ups"
    assert "Nothing in this time" in card(text, "orders")
    assert "All lists" in text


def test_orders_and_sales_are_those_of_the_period_against_the_one_before(
    staff: Client, vendor: Any, retailer: Any
) -> None:
    product = goods.list_product(vendor, price="10.00")
    goods.place_order(retailer, (product, 3))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET placed_at = now() - interval '10 days'")
    goods.place_order(retailer, (product, 6))

    week = page(staff, days="7")

    assert "Orders 1 +0 %" in card(week, "orders")
    assert "60.00 AED +100 %" in card(week, "sales")
    dashboard.forget()
    month = page(staff)
    assert "Orders 2" in card(month, "orders")
    assert "90.00 AED Nothing to compare with" in card(month, "sales")


def test_applications_that_wait_are_counted_with_the_oldest(staff: Client) -> None:
    factories.make_applicant()
    factories.make_vendor()
    move(Vendor, created_at="now() - interval '2 days'")

    text = card(page(staff), "approvals")

    assert "Approvals waiting 1" in text
    assert "The oldest: 2" in text


def test_failing_payments_are_a_share_of_those_decided(staff: Client, vendor: Any, retailer: Any) -> None:
    product = goods.list_product(vendor)
    for status in ("failed", "paid", "paid", "paid"):
        checkout = goods.place(retailer, (product, 1))
        Payment.objects.filter(checkout=checkout).update(status=status)
    goods.place(retailer, (product, 1))  # nobody knows yet

    assert "Payments failing 25.0 %" in card(page(staff), "payments")


def test_open_deliveries_past_their_time_are_late(staff: Client, vendor: Any, retailer: Any) -> None:
    factories.make_delivery_partner(name="FastTrack", email="bilal@fasttrack.example")
    product = goods.list_product(vendor)
    late, in_time = (goods.carry(goods.place_order(retailer, (product, 1))) for _each in range(2))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE delivery_delivery SET eta = now() - interval '3 hours' WHERE order_id = %s", [late.pk]
        )
    assert in_time.pk != late.pk

    assert "Deliveries late 1" in card(page(staff), "deliveries")
    shown = staff.get(
        re.search(r'href="(/admin/delivery/delivery/\?[^"]+)"', page(staff))[1].replace("&amp;", "&")
    )
    assert Delivery.objects.get(order=late).code in shown.content.decode()
    assert Delivery.objects.get(order=in_time).code not in shown.content.decode()


def test_what_was_not_sent_or_processed_is_counted_dead_ones_too(staff: Client) -> None:
    OutboxEvent.objects.all().delete()
    for number, status in enumerate(("pending", "dead", "sent")):
        OutboxEvent.objects.create(kind="order_placed", recipients=[], once=str(number), status=status)
        WebhookEvent.objects.create(
            gateway="sandbox", event_id=str(number), status=status.replace("sent", "done")
        )

    text = page(staff)

    assert "Messages not sent 2" in card(text, "outbox")
    assert "Webhooks not processed 2" in card(text, "webhooks")


def test_every_link_opens_its_list(staff: Client) -> None:
    links = re.findall(r'class="board-link" href="([^"]+)"', page(staff))
    assert len(links) == len(CARDS)
    for link in links:
        answer = staff.get(link.replace("&amp;", "&"))
        assert answer.status_code == 200, link  # 302 to ?e=1 is Django's word for a filter it does not know


def test_each_member_of_staff_sees_the_cards_of_the_lists_that_they_may_open(client: Client) -> None:
    clerk = User.objects.create_user("clerk@aqad.example", role="admin", is_staff=True, name="Clerk")
    client.force_login(clerk)
    assert "Your figures appear here" in page(client)

    clerk.user_permissions.add(Permission.objects.get(codename="view_payment"))
    text = page(client)

    assert "payments-title" in text
    assert not [name for name in CARDS if name != "payments" and f"{name}-title" in text]


def test_the_figures_cost_a_few_statements_and_nothing_the_second_time(staff: Client, admin: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        dashboard.cards_for(admin, 30)
    assert len(asked) <= 20
    with CaptureQueriesContext(connection) as again:
        dashboard.cards_for(admin, 30)
    assert len(again) == 0


def test_days_long_past_are_counted_once_in_a_while_and_today_each_time(
    retailer: Retailer, vendor: Vendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = goods.list_product(vendor)

    def placed(days_ago: int) -> None:
        order = goods.place_order(retailer, (product, 1))
        Order.objects.filter(pk=order.pk).update(placed_at=Now() - timedelta(days=days_ago))

    placed(5)
    assert CARDS["orders"][1](30).figure == 1
    placed(5)
    placed(0)
    with CaptureQueriesContext(connection) as asked:
        assert CARDS["orders"][1](30).figure == 2
    assert len(asked) == 1
    monkeypatch.setattr(flows, "monotonic", lambda: time.monotonic() + flows.KEPT + 1)
    assert CARDS["orders"][1](30).figure == 3


@pytest.mark.parametrize("name", [name for name in CARDS if name != "approvals"])  # vendors are few
def test_no_card_reads_a_whole_table(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as asked:
        CARDS[name][1](30)
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert "Seq Scan" not in plan, plan


def test_in_arabic_it_reads_from_the_right(staff: Client) -> None:
    staff.cookies["django_language"] = "ar"
    text = page(staff)
    assert 'dir="rtl"' in text
    assert "بانتظار الاعتماد" in text
