"""The delivery cast: FastTrack with two drivers, a rival partner with one, an order to pick up."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from catalog.models import Product
from delivery import services
from delivery.models import Delivery, DeliveryPartner, Driver
from orders import services as orders
from orders.models import Order
from retailers.models import Retailer
from tests.factories import PASSWORD, api_client, user_of
from tests.goods import list_product, place_order
from vendors.models import Vendor


def make_partner(name: str, *emirates: str) -> DeliveryPartner:
    return services.create_partner(name=name, phone="+97143334444", emirates=emirates or ["DXB"], by=None)


def make_driver(partner: DeliveryPartner, email: str) -> Driver:
    return services.add_driver(
        partner, name="Bilal", email=email, phone="+971509998877", password=PASSWORD, by=None
    )


def ready_order(retailer: Retailer, product: Product, *, quantity: int = 10, **details: Any) -> Order:
    """An order whose goods wait for a driver; its delivery is assigned if anybody can carry it."""
    order = place_order(retailer, (product, quantity), **details)
    seller = user_of(order.vendor.code)
    orders.accept_order(order, by=seller)
    return orders.mark_ready(order, by=seller)


def report(api: APIClient, delivery: Delivery, status: str, **fields: Any) -> Any:
    """POST a step; multipart when a photo is among the fields."""
    key = fields.pop("key", None)
    headers = {"Idempotency-Key": key} if key else {}
    form = "multipart" if "photo" in fields else "json"
    body = {"status": status, **fields}
    return api.post(f"/api/deliveries/{delivery.code}/status", body, format=form, headers=headers)


def move_to(api: APIClient, delivery: Delivery, status: str) -> None:
    """Report the straight way up to and including `status`."""
    way = ["picked_up", "out_for_delivery", "failed"]
    for step in way[: way.index(status) + 1]:
        answer = report(api, delivery, step, note="Shop was closed")
        assert answer.status_code == 200, answer.json()


@pytest.fixture
def product(vendor: Vendor) -> Product:
    return list_product(vendor)


@pytest.fixture
def partner(db: None) -> DeliveryPartner:
    return make_partner("FastTrack Logistics", "DXB", "SHJ")


@pytest.fixture
def driver(partner: DeliveryPartner) -> Driver:
    return make_driver(partner, "bilal@fasttrack.example")


@pytest.fixture
def colleague(partner: DeliveryPartner) -> Driver:
    return make_driver(partner, "hassan@fasttrack.example")


@pytest.fixture
def rival_partner(db: None) -> DeliveryPartner:
    return make_partner("Slow Camel Transport", "AUH")


@pytest.fixture
def rival_driver(rival_partner: DeliveryPartner) -> Driver:
    return make_driver(rival_partner, "rashid@slowcamel.example")


@pytest.fixture
def driver_api(driver: Driver) -> APIClient:
    return api_client(driver.user)


@pytest.fixture
def colleague_api(colleague: Driver) -> APIClient:
    return api_client(colleague.user)


@pytest.fixture
def rival_driver_api(rival_driver: Driver) -> APIClient:
    return api_client(rival_driver.user)


@pytest.fixture
def order(retailer: Retailer, product: Product, driver: Driver) -> Order:
    """Ready, and assigned to FastTrack."""
    return ready_order(retailer, product)


@pytest.fixture
def delivery(order: Order) -> Delivery:
    return Delivery.objects.get(order=order)


@pytest.fixture
def on_the_road(delivery: Delivery, driver_api: APIClient) -> Delivery:
    """At the retailer's door."""
    move_to(driver_api, delivery, "out_for_delivery")
    return delivery
