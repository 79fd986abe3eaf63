import pytest
from django.test import Client

from notifications import tasks
from notifications.models import Notification, OutboxEvent
from tests.factories import user_of
from tests.goods import list_product, place_order


@pytest.fixture
def order(retailer, vendor):
    order = place_order(retailer, (list_product(vendor), 1))
    tasks.sweep_outbox()
    return order


def signed_in(code):
    client = Client()
    client.force_login(user_of(code))
    return client


def test_the_inbox_shows_the_unread_and_a_line_leads_to_its_order(order, retailer):
    browser = signed_in(retailer.code)
    line = Notification.objects.get(user=user_of(retailer.code), about=order.code)
    assert "unread" in browser.get("/notifications").text

    answer = browser.get(f"/notifications/{line.pk}")

    assert answer["Location"] == f"/orders/{order.code}"
    line.refresh_from_db()
    assert line.read_at is not None


def test_the_inbox_is_in_the_language_of_the_page(order, vendor):
    browser = signed_in(vendor.code)
    assert "New Order Received" in browser.get("/notifications").text
    browser.cookies["django_language"] = "ar"
    page = browser.get("/notifications").text
    assert "طلب جديد" in page
    assert "New Order Received" not in page


def test_a_line_from_before_its_text_changed_stays_as_it_was_written(order, vendor):
    OutboxEvent.objects.update(context={})
    assert "New Order Received" in signed_in(vendor.code).get("/notifications").text


def test_everything_is_marked_read_at_once(order, vendor):
    browser = signed_in(vendor.code)
    browser.post("/notifications/read")
    assert not Notification.objects.filter(user=user_of(vendor.code), read_at=None).exists()
    assert "Mark all as read" not in browser.get("/notifications").text


def test_somebody_elses_line_is_not_there(order, retailer, rival_retailer_user, client):
    line = Notification.objects.filter(user=user_of(retailer.code)).first()
    client.force_login(rival_retailer_user)
    assert client.get(f"/notifications/{line.pk}").status_code == 404
    line.refresh_from_db()
    assert line.read_at is None


def test_a_visitor_is_asked_to_sign_in(client):
    assert client.get("/notifications")["Location"] == "/sign-in?next=/notifications"
