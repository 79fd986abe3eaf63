"""Who carries an order: chosen by the system, again when nobody could, or by hand."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from catalog.models import Product
from delivery import services
from delivery.models import Delivery, DeliveryPartner, Driver
from delivery.tasks import assign_waiting
from delivery.tests.conftest import make_partner, ready_order, report
from notifications.models import OutboxEvent
from orders.models import Order
from retailers.models import Retailer
from tests.goods import place_order


def delivery_of(order: Order) -> Delivery:
    return Delivery.objects.get(order=order)


def told(kind: str) -> list[list[str]]:
    return list(OutboxEvent.objects.filter(kind=kind).order_by("id").values_list("recipients", flat=True))


def test_a_ready_order_gets_a_partner_of_its_emirate(
    retailer: Retailer, product: Product, rival_partner: DeliveryPartner, partner: DeliveryPartner
) -> None:
    delivery = delivery_of(ready_order(retailer, product))
    assert (delivery.status, delivery.partner, delivery.emirate) == ("assigned", partner, "DXB")
    assert delivery.pin.isdecimal()
    assert len(delivery.pin) == 4
    assert delivery.eta is not None
    assert told("delivery_assigned") == [[partner.code]]


def test_the_partner_with_the_least_open_work_is_chosen(
    retailer: Retailer, product: Product, driver_api: APIClient, partner: DeliveryPartner
) -> None:
    other = make_partner("Desert Wheels")
    first, second, third = (delivery_of(ready_order(retailer, product)) for _ in range(3))
    assert [each.partner for each in (first, second, third)] == [partner, other, partner]
    for delivery in (first, third):
        report(driver_api, delivery, "picked_up")
        report(driver_api, delivery, "out_for_delivery")
        report(driver_api, delivery, "delivered", pin=delivery.pin)
    assert delivery_of(ready_order(retailer, product)).partner == partner


def test_an_inactive_partner_gets_no_work(
    retailer: Retailer, product: Product, partner: DeliveryPartner
) -> None:
    services.update_partner(partner, is_active=False, by=None)
    assert delivery_of(ready_order(retailer, product)).status == "unassigned"


def test_without_a_partner_it_waits_and_staff_are_told_once(
    retailer: Retailer, product: Product, rival_partner: DeliveryPartner, admin_api: APIClient
) -> None:
    delivery = delivery_of(ready_order(retailer, product))
    assert (delivery.status, delivery.partner, delivery.eta) == ("unassigned", None, None)
    assert assign_waiting() == 0
    assert told("delivery_waiting") == [["staff"]]
    found = admin_api.get("/api/deliveries", {"status": "unassigned"}).json()
    assert [row["id"] for row in found["results"]] == [delivery.code]
    assert found["results"][0]["partner"] is None


def test_what_waits_is_assigned_when_a_partner_comes(
    retailer: Retailer, product: Product, admin_api: APIClient
) -> None:
    delivery = delivery_of(ready_order(retailer, product))
    body = {"name": "FastTrack Logistics", "phone": "04 333 4444", "emirates": ["DXB"]}
    partner = admin_api.post("/api/delivery-partners", body).json()
    assert assign_waiting() == 1
    assert assign_waiting() == 0
    delivery.refresh_from_db()
    assert (delivery.status, delivery.partner.code) == ("assigned", partner["id"])
    assert told("delivery_assigned") == [[partner["id"]]]


def test_what_an_inactive_partner_has_not_picked_up_goes_to_another(
    order: Order, delivery: Delivery, partner: DeliveryPartner
) -> None:
    other = make_partner("Desert Wheels")
    services.update_partner(partner, is_active=False, by=None)
    assert assign_waiting() == 1
    delivery.refresh_from_db()
    assert (delivery.status, delivery.partner) == ("assigned", other)
    assert told("delivery_reassigned") == [[partner.code]]


def test_what_nobody_else_can_carry_waits_again(delivery: Delivery, partner: DeliveryPartner) -> None:
    services.update_partner(partner, is_active=False, by=None)
    assert assign_waiting() == 0
    delivery.refresh_from_db()
    assert (delivery.status, delivery.partner) == ("unassigned", None)
    assert told("delivery_waiting") == [["staff"]]


def test_goods_on_the_road_stay_with_a_partner_that_was_deactivated(
    driver_api: APIClient, on_the_road: Delivery, partner: DeliveryPartner
) -> None:
    make_partner("Desert Wheels")
    services.update_partner(partner, is_active=False, by=None)
    assert assign_waiting() == 0
    assert report(driver_api, on_the_road, "delivered", pin=on_the_road.pin).status_code == 200


def test_an_admin_re_assigns_before_pick_up(
    admin_api: APIClient,
    driver_api: APIClient,
    rival_driver_api: APIClient,
    rival_partner: DeliveryPartner,
    partner: DeliveryPartner,
    order: Order,
    delivery: Delivery,
) -> None:
    url = f"/api/deliveries/{delivery.code}"
    assert rival_driver_api.get(url).status_code == 404
    answer = admin_api.post("/api/deliveries", {"order": order.code, "partner": rival_partner.code})
    assert answer.status_code == 200
    assert (answer.json()["id"], answer.json()["partner"]["id"]) == (delivery.code, rival_partner.code)
    assert driver_api.get(url).status_code == 404
    assert rival_driver_api.get(url).status_code == 200
    assert told("delivery_reassigned") == [[partner.code]]
    assert told("delivery_assigned") == [[partner.code], [rival_partner.code]]


def test_assigning_to_the_same_partner_changes_nothing(
    admin_api: APIClient, partner: DeliveryPartner, order: Order, delivery: Delivery
) -> None:
    answer = admin_api.post("/api/deliveries", {"order": order.code, "partner": partner.code})
    assert answer.status_code == 200
    assert told("delivery_assigned") == [[partner.code]]
    assert told("delivery_reassigned") == []


def test_nothing_is_re_assigned_after_pick_up(
    admin_api: APIClient, rival_partner: DeliveryPartner, on_the_road: Delivery, order: Order
) -> None:
    answer = admin_api.post("/api/deliveries", {"order": order.code, "partner": rival_partner.code})
    assert (answer.status_code, answer.json()["code"]) == (409, "invalid_transition")
    before = on_the_road.partner_id
    on_the_road.refresh_from_db()
    assert on_the_road.partner_id == before


def test_an_order_that_is_not_ready_has_no_delivery_to_assign(
    admin_api: APIClient, retailer: Retailer, product: Product, partner: DeliveryPartner
) -> None:
    order = place_order(retailer, (product, 1))
    answer = admin_api.post("/api/deliveries", {"order": order.code, "partner": partner.code})
    assert answer.status_code == 409
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(("field", "value"), [("order", "ORD9999"), ("order", "x"), ("partner", "DP9999")])
def test_assigning_the_unknown_is_refused_under_its_field(
    admin_api: APIClient,
    order: Order,
    delivery: Delivery,
    rival_partner: DeliveryPartner,
    field: str,
    value: Any,
) -> None:
    body = {"order": order.code, "partner": rival_partner.code, field: value}
    answer = admin_api.post("/api/deliveries", body)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_nothing_is_assigned_to_an_inactive_partner(
    admin_api: APIClient, order: Order, rival_driver: Driver
) -> None:
    services.update_partner(rival_driver.partner, is_active=False, by=None)
    body = {"order": order.code, "partner": rival_driver.partner.code}
    answer = admin_api.post("/api/deliveries", body)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["partner"]
