"""What was ordered, on pages: the list, the order that follows itself, and what can be done about it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from catalog.models import Product
from delivery.models import Delivery
from notifications.models import OutboxEvent
from orders.models import CartItem, Order, ProblemReport
from tests.factories import user_of
from tests.goods import carry, list_product, place, place_order, stock_of


@pytest.fixture
def pepsi(vendor):
    return list_product(vendor, name="Pepsi 330ml", quantity=400)


@pytest.fixture
def browser(retailer):
    client = Client()
    client.force_login(user_of(retailer.code))
    return client


def test_the_list_is_narrowed_by_state_words_and_days(browser, retailer, pepsi):
    first, second = place_order(retailer, (pepsi, 1)), place_order(retailer, (pepsi, 1))
    carry(second, "picked_up")

    def shown(query):
        return set(re.findall(r'href="/orders/(ORD\d+)"', browser.get(f"/orders?{query}").text))

    assert shown("") == {first.code, second.code}
    assert shown("status=pending") == {first.code}
    assert shown(f"search={second.code}") == {second.code}
    assert shown("search=pepsi") == {first.code, second.code}
    assert shown("until=2020-01-01") == set()
    assert shown("status=nonsense&since=yesterday") == {first.code, second.code}


def test_the_list_takes_the_same_number_of_queries_for_one_order_and_for_many(
    browser, retailer, vendor, pepsi
):
    place_order(retailer, (pepsi, 1))
    few = queries(browser, "/orders")
    for _number in range(6):
        place_order(retailer, (pepsi, 1), (list_product(vendor), 2))
    assert queries(browser, "/orders") == few


def queries(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("part", ["", "/tracking", "/reorder", "/report"])
def test_an_order_of_somebody_else_is_not_there(browser, rival_retailer, pepsi, part):
    order = place_order(rival_retailer, (pepsi, 1))
    assert browser.get(f"/orders/{order.code}{part}").status_code == 404
    assert browser.get(f"/orders/nonsense{part}").status_code == 404


def test_nobody_cancels_or_reports_somebody_elses_order(browser, rival_retailer, pepsi):
    order = place_order(rival_retailer, (pepsi, 1))
    assert browser.post(f"/orders/{order.code}/cancel", {"reason": "x"}).status_code == 404
    answer = browser.post(f"/orders/{order.code}/report", {"kind": "late", "text": "x"})
    assert answer.status_code == 404
    assert Order.objects.get().status == "pending"
    assert not ProblemReport.objects.exists()


def test_tracking_answers_304_until_something_happens(browser, retailer, pepsi):
    order = place_order(retailer, (pepsi, 1))
    path = f"/orders/{order.code}/tracking"
    first = browser.get(path)
    assert "<html" not in first.text

    same = browser.get(path, headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    carry(order)
    moved = browser.get(path, headers={"If-None-Match": first["ETag"]})
    assert moved.status_code == 200
    carried = Delivery.objects.get(order=order)
    assert carried.pin in moved.text

    arabic = browser.get(path, headers={"If-None-Match": moved["ETag"], "Accept-Language": "ar"})
    assert arabic.status_code == 200


def test_the_page_shows_the_driver_the_events_and_stops_asking_when_it_is_over(browser, retailer, pepsi):
    order = carry(place_order(retailer, (pepsi, 1)), "picked_up", "out_for_delivery")
    page = browser.get(f"/orders/{order.code}").text
    assert "Driver of FastTrack Logistics" in page
    assert "Have your PIN ready" in page
    assert 'hx-trigger="every' in page

    order = carry(place_order(retailer, (pepsi, 1)), "picked_up", "out_for_delivery", "delivered")
    page = browser.get(f"/orders/{order.code}").text
    assert 'hx-trigger="every' not in page
    assert not re.search(rf"\b{Delivery.objects.get(order=order).pin}\b", page)


def test_a_pending_order_is_cancelled_with_a_reason(browser, retailer, pepsi):
    order = place_order(retailer, (pepsi, 5))
    page = browser.post(f"/orders/{order.code}/cancel", {"reason": ""})
    assert 'id="id_reason_error"' in page.text
    assert stock_of(pepsi) == (400, 5)

    browser.post(f"/orders/{order.code}/cancel", {"reason": "Too many"})

    order.refresh_from_db()
    assert (order.status, order.reason) == ("cancelled", "Too many")
    assert stock_of(pepsi) == (400, 0)


def test_who_would_have_paid_at_the_door_hears_that_nothing_is_owed(browser, retailer, pepsi):
    order = place_order(retailer, (pepsi, 5))
    answer = browser.post(f"/orders/{order.code}/cancel", {"reason": "Too many"}, follow=True)
    assert "Nothing is left to do, and you pay nothing." in answer.text
    assert "goes back to you" not in answer.text


def test_an_address_names_dubai_once_in_either_language(browser, retailer, pepsi):
    order = place_order(retailer, (pepsi, 5))
    for language, once in (
        ("en", "<bdi>Deira</bdi>, <bdi>Dubai</bdi>"),
        ("ar", "<bdi>Deira</bdi>، <bdi>دبي</bdi>"),
    ):
        browser.cookies["django_language"] = language
        assert once in browser.get(f"/orders/{order.code}").text


def test_an_accepted_order_is_not_cancelled(browser, retailer, pepsi):
    order = carry(place_order(retailer, (pepsi, 5)))
    assert browser.post(f"/orders/{order.code}/cancel", {"reason": "Late"}).status_code == 409
    order.refresh_from_db()
    assert order.status == "ready"


def test_ordering_again_says_what_changed_and_fills_the_cart_with_what_there_is(
    browser, retailer, vendor, pepsi
):
    dear, scarce, gone = list_product(vendor), list_product(vendor, quantity=30), list_product(vendor)
    order = place_order(retailer, (pepsi, 1), (dear, 2), (scarce, 20), (gone, 4))
    Product.objects.filter(pk=dear.pk).update(price="60.00")
    Product.objects.filter(pk=gone.pk).update(status="archived")

    page = browser.get(f"/orders/{order.code}/reorder").text
    assert "As before" in page
    assert "60.00 AED" in page
    assert "10 of 20 left" in page
    assert "No longer sold" in page
    assert not CartItem.objects.exists()

    browser.post(f"/orders/{order.code}/reorder")
    cart = dict(CartItem.objects.values_list("product", "quantity"))
    assert cart == {pepsi.pk: 1, dear.pk: 2, scarce.pk: 10}


def test_a_reported_problem_reaches_operations_who_close_it(browser, retailer, pepsi, admin):
    order = place_order(retailer, (pepsi, 1))
    wrong = browser.post(f"/orders/{order.code}/report", {"kind": "damaged", "text": ""})
    assert 'id="id_text_error"' in wrong.text
    assert not ProblemReport.objects.exists()

    browser.post(f"/orders/{order.code}/report", {"kind": "damaged", "text": "Two cartons are wet"})

    report = ProblemReport.objects.get()
    assert OutboxEvent.objects.get(kind="problem_reported").recipients == ["staff"]
    assert Entry.objects.filter(object_code=order.code, verb="reported a problem with").exists()
    assert "We look into it" in browser.get(f"/orders/{order.code}").text
    staff = Client()
    staff.force_login(admin)
    done = {"action": "close", "_selected_action": [report.pk], "reason": "New cartons are on their way"}
    staff.post("/admin/orders/problemreport/", done)
    report.refresh_from_db()
    assert report.status == "closed"


def test_no_page_carries_a_script_or_style_of_its_own(browser, retailer, pepsi):
    order = carry(place_order(retailer, (pepsi, 1)), "picked_up")
    unpaid = place(retailer, (pepsi, 1))
    browser.post("/cart/add", {"product": pepsi.code, "quantity": 1})
    address = retailer.addresses.get()
    for path in (
        "/cart", "/checkout", f"/checkout/{unpaid.code}", "/orders", f"/orders/{order.code}",
        f"/orders/{order.code}/tracking", f"/orders/{order.code}/reorder", f"/orders/{order.code}/report",
        "/account/addresses", "/account/addresses/new", f"/account/addresses/{address.pk}",
        "/account/profile", "/notifications",
    ):  # fmt: skip
        page = browser.get(path)
        assert page.status_code == 200, path
        assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=\"", page.text), path
