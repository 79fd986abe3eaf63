"""Deliveries as each party sees them, and as strangers do not."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from catalog.models import Product
from delivery.models import Delivery
from delivery.tests.conftest import ready_order, report
from orders.models import Order
from retailers.models import Retailer

FIELDS = {
    "id", "order", "status", "partner", "driver", "pickup", "address", "amount_to_collect", "events", "eta",
}  # fmt: skip


@pytest.mark.parametrize("who", ["driver_api", "colleague_api", "retailer_api", "vendor_api", "admin_api"])
def test_those_concerned_see_it(request: Any, delivery: Delivery, order: Order, who: str) -> None:
    api = request.getfixturevalue(who)
    answer = api.get(f"/api/deliveries/{delivery.code}")
    assert answer.status_code == 200
    assert set(answer.json()) >= FIELDS
    assert answer.json()["order"] == order.code
    assert answer.json()["pickup"] == {
        "company_name": "Ahmed Foods LLC",
        "phone": "+971501234567",
        "address": "Warehouse 9, Al Quoz",
    }
    assert answer.json()["address"]["line1"] == "Shop 4, Al Rigga Road"
    assert answer.json()["recipient"] == {"company_name": "Fresh Mart Supermarket", "phone": "+971507654321"}
    assert [row["id"] for row in api.get("/api/deliveries").json()["results"]] == [delivery.code]


@pytest.mark.parametrize("who", ["rival_driver_api", "rival_retailer_api", "rival_vendor_api"])
def test_for_strangers_it_does_not_exist(request: Any, delivery: Delivery, who: str) -> None:
    api = request.getfixturevalue(who)
    assert api.get(f"/api/deliveries/{delivery.code}").status_code == 404
    assert api.get("/api/deliveries").json()["results"] == []


def test_a_strange_driver_moves_nothing(rival_driver_api: APIClient, delivery: Delivery) -> None:
    assert report(rival_driver_api, delivery, "picked_up").status_code == 404
    delivery.refresh_from_db()
    assert delivery.status == "assigned"


@pytest.mark.parametrize("who", ["retailer_api", "vendor_api", "admin_api"])
def test_only_drivers_report(request: Any, delivery: Delivery, who: str) -> None:
    assert report(request.getfixturevalue(who), delivery, "picked_up").status_code == 403


def test_nobody_reads_without_a_token(anonymous_api: APIClient, delivery: Delivery) -> None:
    assert anonymous_api.get("/api/deliveries").status_code == 401
    assert anonymous_api.get(f"/api/deliveries/{delivery.code}").status_code == 401


@pytest.mark.parametrize("code", ["DEL9999", "ORD1001", "del", "DEL99999999999999999999"])
def test_a_code_of_nothing_is_404(driver_api: APIClient, code: str) -> None:
    assert driver_api.get(f"/api/deliveries/{code}").status_code == 404


def test_the_list_is_filtered_by_status(
    driver_api: APIClient, on_the_road: Delivery, retailer: Retailer, product: Product
) -> None:
    second = Delivery.objects.get(order=ready_order(retailer, product))
    found = driver_api.get("/api/deliveries", {"status": "assigned"}).json()
    assert [row["id"] for row in found["results"]] == [second.code]
    assert driver_api.get("/api/deliveries", {"status": "lost"}).status_code == 400


def test_a_longer_list_costs_no_more_statements(
    driver_api: APIClient,
    delivery: Delivery,
    retailer: Retailer,
    product: Product,
    django_assert_num_queries: Any,
) -> None:
    def statements() -> int:
        with django_assert_num_queries(3) as counted:  # who asks, deliveries, their events
            driver_api.get("/api/deliveries")
        return len(counted)

    alone = statements()
    for _ in range(3):
        ready_order(retailer, product)
    assert statements() == alone


def test_the_order_tells_of_its_delivery(retailer_api: APIClient, delivery: Delivery, order: Order) -> None:
    told = retailer_api.get(f"/api/orders/{order.code}").json()["delivery"]
    assert told["id"] == delivery.code
    assert told["status"] == "assigned"
    assert told["partner"] == delivery.partner.code
