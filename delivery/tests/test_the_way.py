"""A delivery from the vendor's ramp to the retailer's door, and every other way it may go."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from audit import selectors as audit
from catalog.models import Product
from delivery import services
from delivery.models import Delivery, DeliveryEvent
from delivery.tests.conftest import move_to, ready_order, report
from notifications.models import OutboxEvent
from orders.models import Order
from payments.models import Payment
from retailers.models import Retailer
from tests.goods import stock_of


def told(about: str) -> list[str]:
    return list(OutboxEvent.objects.filter(about=about).order_by("id").values_list("kind", flat=True))


def test_a_driver_brings_the_goods_and_the_order_is_completed(
    driver_api: APIClient, delivery: Delivery, order: Order, product: Product
) -> None:
    picked_up = report(driver_api, delivery, "picked_up", latitude="25.2048493", longitude=55.2708)
    assert picked_up.status_code == 200
    assert picked_up.json()["status"] == "picked_up"
    assert picked_up.json()["driver"]["name"] == "Bilal"
    order.refresh_from_db()
    assert order.status == "shipped"
    assert stock_of(product) == (490, 0)

    on_the_way = report(driver_api, delivery, "out_for_delivery")
    assert on_the_way.json()["status"] == "out_for_delivery"

    delivered = report(driver_api, delivery, "delivered", pin=delivery.pin)
    assert delivered.status_code == 200
    assert [event["status"] for event in delivered.json()["events"]] == [
        "picked_up",
        "out_for_delivery",
        "delivered",
    ]
    assert delivered.json()["events"][0]["latitude"] == 25.204849
    order.refresh_from_db()
    assert order.status == "completed"
    assert [entry.to_status for entry in audit.timeline(delivery.code)] == [
        "assigned",
        "picked_up",
        "out_for_delivery",
        "delivered",
    ]


def test_each_step_is_told_to_the_retailer(
    driver_api: APIClient, on_the_road: Delivery, order: Order
) -> None:
    report(driver_api, on_the_road, "delivered", pin=on_the_road.pin)
    kinds = told(order.code)
    assert kinds[kinds.index("order_ready") :] == [
        "order_ready",
        "order_shipped",
        "order_out_for_delivery",
        "order_delivered",
        "delivery_completed_vendor",
    ]
    on_its_way = OutboxEvent.objects.get(kind="order_out_for_delivery")
    assert on_its_way.recipients == [order.buyer["id"]]
    assert on_its_way.context["pin"] == on_the_road.pin


def test_cash_is_collected_at_the_door(driver_api: APIClient, on_the_road: Delivery, order: Order) -> None:
    shown = driver_api.get(f"/api/deliveries/{on_the_road.code}").json()
    assert shown["amount_to_collect"] == str(order.total)
    report(driver_api, on_the_road, "delivered", pin=on_the_road.pin)
    payment = Payment.objects.get(checkout=order.checkout_id)
    assert (payment.status, payment.amount_paid) == ("paid", order.total)


def test_failed_is_tried_again_and_delivered(driver_api: APIClient, delivery: Delivery, order: Order) -> None:
    move_to(driver_api, delivery, "failed")
    assert OutboxEvent.objects.get(kind="delivery_failed").context["reason"] == "Shop was closed"
    order.refresh_from_db()
    assert order.status == "shipped"
    assert report(driver_api, delivery, "out_for_delivery").status_code == 200
    assert report(driver_api, delivery, "delivered", pin=delivery.pin).status_code == 200
    order.refresh_from_db()
    assert order.status == "completed"


def test_failed_and_returned_brings_the_goods_back_into_stock(
    driver_api: APIClient, delivery: Delivery, order: Order, product: Product
) -> None:
    move_to(driver_api, delivery, "failed")
    assert report(driver_api, delivery, "returned", note="Back at the ramp").status_code == 200
    order.refresh_from_db()
    delivery.refresh_from_db()
    assert (order.status, delivery.status) == ("returned", "returned")
    assert stock_of(product) == (500, 0)
    assert {"order_returned", "order_returned_vendor"} <= set(told(order.code))


def test_failed_needs_a_note(driver_api: APIClient, on_the_road: Delivery) -> None:
    answer = report(driver_api, on_the_road, "failed")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["note"]
    on_the_road.refresh_from_db()
    assert on_the_road.status == "out_for_delivery"


@pytest.mark.parametrize("status", ["out_for_delivery", "delivered", "failed", "returned"])
def test_a_step_out_of_order_changes_nothing(
    driver_api: APIClient, delivery: Delivery, order: Order, product: Product, status: str
) -> None:
    answer = report(driver_api, delivery, status, note="x", pin=delivery.pin)
    assert answer.status_code == 409
    assert answer.json()["code"] == "invalid_transition"
    delivery.refresh_from_db()
    order.refresh_from_db()
    assert (delivery.status, order.status) == ("assigned", "ready")
    assert not DeliveryEvent.objects.exists()
    assert stock_of(product) == (500, 10)


def test_the_same_step_twice_is_refused_without_a_key_and_replayed_with_one(
    driver_api: APIClient, delivery: Delivery, product: Product
) -> None:
    first = report(driver_api, delivery, "picked_up", key="tap-1")
    again = report(driver_api, delivery, "picked_up", key="tap-1")
    assert again.status_code == 200
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert report(driver_api, delivery, "picked_up", key="tap-2").status_code == 409
    assert report(driver_api, delivery, "out_for_delivery", key="tap-1").status_code == 422
    assert DeliveryEvent.objects.count() == 1
    assert stock_of(product) == (490, 0)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("status", "assigned"),
        ("status", "cancelled"),
        ("latitude", 91),
        ("latitude", "NaN"),
        ("longitude", 181),
        ("occurred_at", "2126-01-01T10:00:00+04:00"),
        ("occurred_at", "2016-01-01T10:00:00+04:00"),
        ("occurred_at", "yesterday"),
        ("speed", 90),
    ],
)
def test_an_impossible_report_is_refused_under_its_field(
    driver_api: APIClient, delivery: Delivery, field: str, value: Any
) -> None:
    body = {"status": "picked_up", "latitude": 25, "longitude": 55, field: value}
    answer = driver_api.post(f"/api/deliveries/{delivery.code}/status", body)
    assert answer.status_code == 400, answer.json()
    assert list(answer.json()["errors"]) == [field]
    delivery.refresh_from_db()
    assert delivery.status == "assigned"


def test_half_a_position_is_refused(driver_api: APIClient, delivery: Delivery) -> None:
    assert report(driver_api, delivery, "picked_up", latitude=25).status_code == 400


def test_the_time_the_phone_noted_is_kept(driver_api: APIClient, delivery: Delivery) -> None:
    noted = timezone.now().replace(microsecond=0) + timedelta(minutes=1)
    answer = report(driver_api, delivery, "picked_up", occurred_at=noted.isoformat())
    assert answer.status_code == 200
    assert DeliveryEvent.objects.get().occurred_at == noted


def test_who_picks_up_carries_it_to_the_end(
    driver_api: APIClient, colleague_api: APIClient, delivery: Delivery
) -> None:
    report(driver_api, delivery, "picked_up")
    assert colleague_api.get(f"/api/deliveries/{delivery.code}").status_code == 200
    assert report(colleague_api, delivery, "out_for_delivery").status_code == 403
    delivery.refresh_from_db()
    assert delivery.status == "picked_up"


def test_a_colleague_takes_over_when_the_driver_is_gone(
    admin_api: APIClient, driver_api: APIClient, colleague_api: APIClient, delivery: Delivery, driver: Any
) -> None:
    report(driver_api, delivery, "picked_up")
    url = f"/api/delivery-partners/{delivery.partner.code}/drivers/{driver.pk}"
    assert admin_api.patch(url, {"is_active": False}).status_code == 200
    assert report(driver_api, delivery, "out_for_delivery").status_code == 401
    assert report(colleague_api, delivery, "out_for_delivery").status_code == 200
    delivery.refresh_from_db()
    assert delivery.driver.user.email == "hassan@fasttrack.example"


def test_cancelling_the_order_cancels_the_delivery(
    vendor_api: APIClient, driver_api: APIClient, delivery: Delivery, order: Order, product: Product
) -> None:
    answer = vendor_api.post(f"/api/orders/{order.code}/cancel", {"reason": "Goods spoiled"})
    assert answer.status_code == 200, answer.json()
    delivery.refresh_from_db()
    assert delivery.status == "cancelled"
    assert stock_of(product) == (500, 0)
    assert "delivery_cancelled" in told(delivery.code)
    assert report(driver_api, delivery, "picked_up").status_code == 409


def test_an_order_that_is_on_the_road_is_not_cancelled(
    vendor_api: APIClient, on_the_road: Delivery, order: Order
) -> None:
    answer = vendor_api.post(f"/api/orders/{order.code}/cancel", {"reason": "Too late"})
    assert answer.status_code == 409
    on_the_road.refresh_from_db()
    assert on_the_road.status == "out_for_delivery"


def test_a_card_order_has_nothing_to_collect(retailer: Retailer, product: Product, driver: Any) -> None:
    order = ready_order(retailer, product)
    Delivery.objects.all().delete()
    Order.objects.filter(pk=order.pk).update(payment_method="card")
    order.refresh_from_db()
    assert services.assign_delivery(order).amount_to_collect == 0
