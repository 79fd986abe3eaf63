"""The admin site's lists: what nobody edits there, what they cost, how they are searched and taken away."""

import csv
import re
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from aqad.lib.admin import CappedPaginator
from audit.exporting import safe
from audit.models import Entry, Seal
from catalog.models import Product, StockMovement
from delivery.models import Delivery, DeliveryEvent
from notifications.models import Mail, Notification, OutboxEvent
from orders.models import Checkout, Order, OrderLine, ProblemReport
from payments.models import Payment, Refund, RefundAllocation, WebhookEvent
from tests.sweep.test_admin_site import OURS
from tests.sweep.world import World

LEDGERS = (
    Entry, Seal, StockMovement, Checkout, Order, OrderLine, Payment, Refund, RefundAllocation, WebhookEvent,
    Delivery, DeliveryEvent, ProblemReport,
)  # fmt: skip
EXPORTED = [model for model in OURS if "export" in (admin.site._registry[model].actions or ())]


@pytest.fixture
def staff(world: World) -> Client:
    client = Client()
    client.force_login(world.people["admin"])
    return client


def listed(model: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.mark.parametrize("model", LEDGERS, ids=lambda model: model.__name__)
def test_nobody_edits_or_deletes_what_was_issued_or_booked(world: World, model: Any) -> None:
    request = RequestFactory().get("/")
    request.user = world.people["admin"]
    assert request.user.is_superuser
    page, row = admin.site._registry[model], model._default_manager.first()
    assert not page.has_add_permission(request)
    assert not page.has_change_permission(request, row)
    assert not page.has_delete_permission(request, row)
    assert "delete_selected" not in page.get_actions(request)
    for inline in page.get_inline_instances(request, row):
        assert not inline.has_add_permission(request, row)
        assert not (inline.can_delete and inline.has_delete_permission(request, row))


def test_nothing_of_ours_can_be_deleted_by_the_list(world: World) -> None:
    request = RequestFactory().get("/")
    request.user = world.people["admin"]
    pages = [admin.site._registry[model] for model in OURS]
    assert [page.opts.label for page in pages if "delete_selected" in page.get_actions(request)] == []


@pytest.mark.parametrize("model", LEDGERS, ids=lambda model: model.__name__)
def test_a_list_costs_the_same_however_long_it_is(staff: Client, model: Any) -> None:
    staff.get(listed(model))  # what is read once a process
    with CaptureQueriesContext(connection) as one:
        staff.get(listed(model), {"pk": model._default_manager.order_by("pk")[0].pk})
    with CaptureQueriesContext(connection) as all_of_them:
        staff.get(listed(model))
    assert len(all_of_them) <= len(one) + 1, [query["sql"] for query in all_of_them.captured_queries]


def test_a_page_counts_no_further_than_its_cap(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aqad.lib.admin.MOST_COUNTED", 3)
    with CaptureQueriesContext(connection) as asked:
        assert CappedPaginator(Entry.objects.all(), 2).count == 3
    assert "LIMIT 3" in asked.captured_queries[0]["sql"]


@pytest.mark.parametrize(
    "search",
    ["/admin/orders/order/?q=R{retailer}", "/admin/orders/order/?q=ORD1001", "/admin/orders/order/?q=PO-77",
     "/admin/orders/order/?status__exact=pending", "/admin/payments/payment/?q=CHK1001",
     "/admin/payments/payment/?q=session-1", "/admin/payments/payment/?status__exact=failed",
     "/admin/delivery/delivery/?q=ORD1001", "/admin/catalog/stockmovement/?q=P1001",
     "/admin/catalog/stockmovement/?q=ORD1001", "/admin/audit/entry/?code=ORD1001",
     "/admin/audit/entry/?actor=admin@aqad.example", "/admin/audit/entry/?request=abcdefgh",
     "/admin/catalog/product/?q=pepsi+330ml", "/admin/catalog/product/?q=PEP-330",
     "/admin/catalog/product/?q=ahmed", "/admin/orders/problemreport/?q=dent",
     "/admin/accounts/user/?q=fatima", "/admin/accounts/user/?q=%2B971501234567",
     "/admin/notifications/outboxevent/?q=ORD1001", "/admin/notifications/mail/?q=admin@aqad.example",
     "/admin/notifications/mail/?q=ORD1001", "/admin/notifications/notification/?q=admin@aqad.example",
     "/admin/accounts/tokenfamily/?q=admin@aqad.example"],
)  # fmt: skip
def test_a_search_is_answered_by_an_index(staff: Client, search: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    with CaptureQueriesContext(connection) as asked:
        assert staff.get(search.replace("{retailer}", "2001")).status_code == 200
    table = "_".join(search.split("/")[2:4])
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            if query["sql"].startswith("SELECT") and f'FROM "{table}"' in query["sql"]:
                cursor.execute(f"EXPLAIN {query['sql']}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
                assert f"Seq Scan on {table}" not in plan, plan


def test_the_log_is_found_by_object_by_who_acted_and_by_request(staff: Client, world: World) -> None:
    order = Order.objects.first()
    entry = Entry.objects.filter(object_code=order.code).first()
    assert entry is not None
    page = staff.get("/admin/audit/entry/", {"code": order.code.lower()})
    found = set(page.context["cl"].queryset.values_list("object_code", flat=True))
    assert found == {order.code}

    buyer = world.people["retailer"]
    page = staff.get("/admin/audit/entry/", {"actor": buyer.email})
    assert set(page.context["cl"].queryset.values_list("actor", flat=True)) == {buyer.pk}
    page = staff.get("/admin/audit/entry/", {"request": "nobody-ever-asked"})
    assert not page.context["cl"].queryset.exists()


def test_an_order_shows_what_happened_to_it_and_what_belongs_to_it(staff: Client) -> None:
    order = Delivery.objects.filter(status="delivered").first().order
    text = staff.get(reverse("admin:orders_order_change", args=[order.pk])).content.decode()
    assert "What happened" in text
    assert f'<a href="/admin/delivery/delivery/{order.delivery.pk}/change/">' in text
    assert f'<a href="/admin/orders/checkout/{order.checkout_id}/change/">' in text
    assert "Pending → Processing" in text
    history = staff.get(reverse("admin:orders_order_history", args=[order.pk]))
    assert history["Location"] == f"/admin/audit/entry/?code={order.code}"


@pytest.mark.parametrize("model", EXPORTED, ids=lambda model: model.__name__)
def test_a_list_is_taken_away_as_it_stands_and_that_is_noted(staff: Client, world: World, model: Any) -> None:
    before = Entry.objects.filter(verb="exported").count()
    number = model._default_manager.count()
    answer = export(staff, model)
    assert answer["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert len(rows) >= number + 1
    entry = Entry.objects.filter(verb="exported").first()
    assert Entry.objects.filter(verb="exported").count() == before + 1
    assert (entry.actor_id, entry.object_code) == (world.people["admin"].pk, model._meta.label)
    assert entry.data["rows"] >= number


def test_the_lists_that_are_taken_away_are_these() -> None:
    assert {model.__name__ for model in EXPORTED} == {
        "Entry", "Retailer", "Product", "Stock", "StockMovement", "Checkout", "Order", "OrderLine",
        "ProblemReport", "Payment", "Refund", "RefundAllocation", "Delivery",
        "OutboxEvent", "Mail", "Notification", "Vendor",
    }  # fmt: skip


def test_who_may_look_may_not_yet_take_away(world: World) -> None:
    clerk = world.people["clerk"]
    clerk.user_permissions.add(Permission.objects.get(codename="view_order"))
    client = Client()
    client.force_login(User.objects.get(pk=clerk.pk))
    answer = export(client, Order)
    assert answer.status_code in (200, 302)
    assert not answer.streaming
    assert not Entry.objects.filter(verb="exported").exists()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+971501112233",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "＝1",
        "＋1",
        "－1",
        "＠A1",
        "\u200b=1",
        " =1",
        "'=1",
    ],
)
def test_no_cell_is_taken_for_a_formula(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert safe(-2) == -2


@pytest.mark.parametrize(
    ("search", "finds"),
    [
        ("pepsi", 2), ("PEPSI 330", 2), ("psi", 2), ("pepsi cola", 0), ("pe", 0), ("V{vendor}", 2),
        ("ahmed", 2), ("P{product}", 1),
    ],
)  # fmt: skip
def test_a_product_is_found_by_letters_of_its_name_in_any_order(
    staff: Client, world: World, search: str, finds: int
) -> None:
    codes = {name: world.names[name][1:] for name in ("vendor", "product")}
    page = staff.get(listed(Product), {"q": search.format(**codes)})
    assert page.context["cl"].queryset.count() == finds


@pytest.mark.parametrize(
    ("page", "shows"),
    [("vendors_vendor", "approved"), ("vendors_vendordocument", "accepted"), ("accounts_user", "registered"),
     ("delivery_deliverypartner", "created"), ("delivery_driver", "created"),
     ("catalog_productimport", "sent"), ("retailers_retailer", "registered")],
)  # fmt: skip
def test_the_page_of_each_thing_shows_what_happened_to_it(
    staff: Client, world: World, page: str, shows: str
) -> None:
    model = apps.get_model(page.replace("_", "."))
    row = world.people["retailer"] if page == "accounts_user" else model._default_manager.order_by("pk")[0]
    history = staff.get(reverse(f"admin:{page}_change", args=[row.pk])).text.partition('id="history-title"')[
        2
    ]
    assert f"<bdi>{shows}</bdi>" in history


def test_a_message_shows_the_history_of_what_it_is_about(staff: Client, world: World) -> None:
    for model in (OutboxEvent, Notification, Mail):
        about_orders = {f"{'event__' if model is Mail else ''}about__startswith": "ORD"}
        message = model.objects.filter(**about_orders)[0]
        about = message.event.about if model is Mail else message.about
        page = staff.get(reverse(f"admin:notifications_{model._meta.model_name}_change", args=[message.pk]))
        assert "What happened" in page.text
        assert f'<a href="/admin/orders/order/{about[3:]}/change/">' in page.text


def test_a_problem_is_closed_with_what_was_done(staff: Client) -> None:
    report = ProblemReport.objects.get()
    action = {"action": "close", "_selected_action": [report.pk]}
    refused = staff.post(listed(ProblemReport), action, follow=True).content.decode()
    assert "Write the reason beside the action first." in refused
    assert ProblemReport.objects.get().status == "open"

    staff.post(listed(ProblemReport), {**action, "reason": "Sent a new carton."})

    assert ProblemReport.objects.get().status == "closed"
    assert re.search("Sent a new carton", Entry.objects.filter(object_code=report.code).first().reason)


@pytest.mark.parametrize(
    "filters", ["status__regex=[", "created_at__year=99999", "id__in=abc", "total=1e999999", "nope=1"]
)
def test_filters_that_cannot_be_read_are_refused_and_never_left_out(staff: Client, filters: str) -> None:
    before = Entry.objects.count()
    assert staff.get(f"{listed(Order)}?{filters}").status_code == 400
    action = {"action": "export", "select_across": "1", "_selected_action": ["1"], "index": "0"}
    assert staff.post(f"{listed(Order)}?{filters}", action).status_code == 400
    assert Entry.objects.count() == before


def test_the_links_of_lists_and_cards_still_filter(staff: Client) -> None:
    for filters in (
        "status__in=pending,processing",
        "placed_at__gte=2026-01-01T00:00:00%2B04:00",
        "vendor__status__exact=active",
    ):
        page = staff.get(f"{listed(Order)}?{filters}")
        assert page.status_code == 200
        assert page.context["cl"].queryset.exists(), filters


@pytest.mark.parametrize("chosen", ["abc", "", "9" * 5000, "1.5"])
def test_rows_that_cannot_be_are_refused_before_an_action(staff: Client, chosen: str) -> None:
    report = ProblemReport.objects.get()
    action = {"action": "close", "_selected_action": [report.pk, chosen], "reason": "Sent a new carton."}
    answer = staff.post(listed(ProblemReport), action)
    assert answer.status_code == 400
    assert "Open the list anew" in answer.text
    assert ProblemReport.objects.get().status == "open"


@pytest.mark.parametrize("reason", ["a\x07b", "x" * 1001])
def test_a_reason_that_cannot_be_kept_is_told_and_nothing_is_done(staff: Client, reason: str) -> None:
    report = ProblemReport.objects.get()
    action = {"action": "close", "_selected_action": [report.pk], "reason": reason}
    page = staff.post(listed(ProblemReport), action, follow=True).text
    assert "Reason: " in page
    assert "No action selected" not in page
    assert ProblemReport.objects.get().status == "open"


def export(client: Client, model: Any) -> Any:
    chosen = [row.pk for row in model._default_manager.order_by("-pk")[:1]]
    data = {"action": "export", "select_across": "1", "_selected_action": chosen, "index": "0"}
    return client.post(listed(model), data)
