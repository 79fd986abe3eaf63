"""The driver's pages: the round, each step, and what keeps others out."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from delivery.models import Delivery, DeliveryPartner, Driver
from delivery.tests.conftest import make_driver, ready_order
from delivery.tests.test_proof import photo, stored_photos, wrong
from orders.models import Order
from retailers.models import Retailer
from tests.factories import PASSWORD, make_retailer
from tests.goods import list_product
from vendors.models import Vendor

PAGE = {"headers": {"Accept": "text/html"}}


def client_of(user: User) -> Client:
    client = Client()
    assert client.post("/sign-in", {"email": user.email, "password": PASSWORD}).status_code == 302
    return client


def step(client: Client, delivery: Delivery, status: str, **fields: Any) -> Any:
    return client.post(f"/drive/{delivery.code}/step", {"status": status, **fields}, **PAGE)


@pytest.fixture
def phone(driver: Driver) -> Client:
    return client_of(driver.user)


def test_signing_in_leads_a_driver_to_the_round(client: Client, driver: Driver) -> None:
    answer = client.post("/sign-in", {"email": driver.user.email, "password": PASSWORD})
    assert answer["Location"] == "/drive"


def test_the_round_names_the_next_stop_and_groups_the_rest_by_area(
    phone: Client, delivery: Delivery, vendor: Vendor
) -> None:
    marina = {"line1": "Shop 1, Marina Walk", "area": "Dubai Marina", "city": "Dubai", "emirate": "DXB"}
    far = ready_order(make_retailer(company_name="Marina Mart"), list_product(vendor))
    Order.objects.filter(pk=far.pk).update(address=marina)
    page = phone.get("/drive")
    assert page.status_code == 200
    areas = re.findall(r'class="area">.*?<bdi>(.*?)</bdi>', page.text, re.DOTALL)
    assert areas == ["Deira", "Dubai Marina"]
    assert (
        page.text.index("Next stop") < page.text.index("I have picked it up") < page.text.index("Deira</bdi>")
    )


def test_the_round_takes_as_many_statements_for_three_stops_as_for_one(
    phone: Client, delivery: Delivery, retailer: Retailer, vendor: Vendor, django_assert_max_num_queries: Any
) -> None:
    def statements() -> int:
        with django_assert_max_num_queries(40) as asked:
            assert phone.get("/drive").status_code == 200
        return len(asked)

    statements()
    for_one = statements()
    for _ in range(2):
        ready_order(retailer, list_product(vendor))
    assert statements() == for_one


def test_an_empty_round_says_so(phone: Client) -> None:
    assert "Nothing to carry" in phone.get("/drive").text


def test_what_a_colleague_carries_is_not_in_the_round(
    phone: Client, delivery: Delivery, colleague: Driver
) -> None:
    assert step(client_of(colleague.user), delivery, "picked_up").status_code == 302
    assert delivery.code not in phone.get("/drive").text


def test_a_delivery_goes_all_the_way_by_buttons(phone: Client, delivery: Delivery, order: Order) -> None:
    for status in ("picked_up", "out_for_delivery"):
        assert step(phone, delivery, status)["Location"] == f"/drive/{delivery.code}"
    assert "one-time-code" in phone.get(f"/drive/{delivery.code}").text
    assert step(phone, delivery, "delivered", pin=delivery.pin).status_code == 302
    order.refresh_from_db()
    assert order.status == "completed"
    assert delivery.code in phone.get("/drive/history").text
    assert delivery.code not in phone.get("/drive").text


def test_a_wrong_pin_is_told_on_the_page_and_delivers_nothing(phone: Client, on_the_road: Delivery) -> None:
    answer = step(phone, on_the_road, "delivered", pin=wrong(on_the_road.pin), key="one")
    assert answer.status_code == 400
    assert "This PIN is not right" in answer.text
    on_the_road.refresh_from_db()
    assert (on_the_road.status, on_the_road.pin_failures) == ("out_for_delivery", 1)
    assert step(phone, on_the_road, "delivered", pin=on_the_road.pin, key="one").status_code == 302


def test_a_photo_delivers_without_a_pin(phone: Client, on_the_road: Delivery) -> None:
    assert step(phone, on_the_road, "delivered", photo=photo()).status_code == 302
    on_the_road.refresh_from_db()
    assert on_the_road.status == "delivered"
    assert len(stored_photos()) == 1


def test_a_second_tap_changes_nothing_and_leads_to_the_same_page(
    phone: Client, on_the_road: Delivery
) -> None:
    answers = [step(phone, on_the_road, "delivered", photo=photo(), key="tap") for _ in range(2)]
    assert [answer["Location"] for answer in answers] == [f"/drive/{on_the_road.code}"] * 2
    assert on_the_road.events.filter(status="delivered").count() == 1
    assert len(stored_photos()) == 1


def test_without_a_key_the_second_report_is_refused(phone: Client, delivery: Delivery) -> None:
    assert step(phone, delivery, "picked_up").status_code == 302
    assert step(phone, delivery, "picked_up").status_code == 409
    assert delivery.events.count() == 1


def test_a_failed_attempt_keeps_its_reason_and_note(phone: Client, on_the_road: Delivery) -> None:
    without = step(phone, on_the_road, "failed")
    assert (without.status_code, "Say why" in without.text) == (400, True)
    assert (
        step(phone, on_the_road, "failed", reason="The shop was closed", note="Opens at 4").status_code == 302
    )
    assert on_the_road.events.last().note == "The shop was closed · Opens at 4"
    page = phone.get(f"/drive/{on_the_road.code}").text
    assert "Try again now" in page
    assert "The goods are back at the vendor" in page


def test_a_reason_chosen_in_one_language_is_read_in_the_other(
    phone: Client, client: Client, on_the_road: Delivery, retailer_user: User
) -> None:
    phone.cookies["django_language"] = client.cookies["django_language"] = "ar"
    form = phone.get(f"/drive/{on_the_road.code}").text
    assert 'value="The shop was closed">كان المتجر مغلقًا' in form
    step(phone, on_the_road, "failed", reason="The shop was closed", note="يفتح الساعة 4")
    assert on_the_road.events.last().note == "The shop was closed · يفتح الساعة 4"
    client.force_login(retailer_user)
    assert (
        "<bdi>كان المتجر مغلقًا · يفتح الساعة 4</bdi>" in client.get(f"/orders/{on_the_road.order.code}").text
    )
    client.cookies["django_language"] = "en"
    assert (
        "<bdi>The shop was closed · يفتح الساعة 4</bdi>"
        in client.get(f"/orders/{on_the_road.order.code}").text
    )


def test_cash_is_shown_before_the_handover(phone: Client, retailer: Retailer, vendor: Vendor) -> None:
    order = ready_order(retailer, list_product(vendor), method="cash_on_delivery")
    delivery = Delivery.objects.get(order=order)
    step(phone, delivery, "picked_up")
    page = phone.get(f"/drive/{delivery.code}").text
    assert "Collect in cash" in page
    assert f"{order.total:,.2f} AED" in page


def test_a_phone_that_was_offline_reports_later_with_its_own_time(phone: Client, delivery: Delivery) -> None:
    then = delivery.created_at.isoformat()
    path = f"/drive/{delivery.code}/step"
    body = {"status": "picked_up", "key": "k1", "occurred_at": then}
    for _ in range(2):
        answer = phone.post(path, body, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.json()) == (200, {"path": f"/drive/{delivery.code}"})
    event = delivery.events.get()
    assert event.occurred_at == delivery.created_at
    refused = phone.post(path, {"status": "delivered", "key": "k2"}, headers={"Accept": "application/json"})
    assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")


def test_what_the_api_refuses_the_page_refuses(phone: Client, delivery: Delivery) -> None:
    answer = step(phone, delivery, "cancelled")
    assert answer.status_code == 400
    assert step(phone, delivery, "picked_up", occurred_at="yesterday").status_code == 400
    delivery.refresh_from_db()
    assert delivery.status == "assigned"


def test_another_partners_driver_finds_nothing(rival_driver: Driver, delivery: Delivery) -> None:
    outsider = client_of(rival_driver.user)
    assert outsider.get(f"/drive/{delivery.code}").status_code == 404
    assert step(outsider, delivery, "picked_up").status_code == 404
    assert delivery.code not in outsider.get("/drive").text
    delivery.refresh_from_db()
    assert delivery.status == "assigned"


@pytest.mark.parametrize("code", ["DEL999999", "nonsense", "DEL0"])
def test_an_unknown_delivery_is_not_found(phone: Client, code: str) -> None:
    assert phone.get(f"/drive/{code}").status_code == 404


def test_the_pages_are_for_drivers(client: Client, retailer_user: User, delivery: Delivery) -> None:
    assert client.get("/drive")["Location"].startswith("/sign-in")
    assert step(client, delivery, "picked_up")["Location"].startswith("/sign-in")
    shop = client_of(retailer_user)
    for path in ("/drive", "/drive/history", f"/drive/{delivery.code}"):
        assert shop.get(path).status_code == 403
    assert step(shop, delivery, "picked_up").status_code == 403


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pages_carry_no_inline_code(phone: Client, on_the_road: Delivery, language: str) -> None:
    for path in ("/drive", f"/drive/{on_the_road.code}", "/drive/history"):
        page = phone.get(path, headers={"Accept-Language": language})
        assert "no-store" in page["Cache-Control"]
        assert not re.search(r"<script(?![^>]* src=)|<style| style=| on[a-z]+=", page.text)


def test_a_driver_who_left_sees_nothing_of_the_partner(partner: DeliveryPartner, delivery: Delivery) -> None:
    leaver = make_driver(partner, "leaver@fasttrack.example")
    client = client_of(leaver.user)
    Driver.objects.filter(pk=leaver.pk).update(is_active=False)
    assert client.get(f"/drive/{delivery.code}").status_code == 404
