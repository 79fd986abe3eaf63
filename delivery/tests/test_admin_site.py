"""What operations do with partners, drivers and deliveries in the admin site."""

import pytest
from django.test import Client

from accounts.models import User
from delivery.models import Delivery, DeliveryPartner, Driver
from notifications.models import OutboxEvent
from orders.models import Order
from tests.factories import PASSWORD


@pytest.fixture
def site(admin: User, client: Client) -> Client:
    client.force_login(admin)
    return client


def test_a_partner_is_created_and_changed(site: Client) -> None:
    form = {"name": "FastTrack", "phone": "04 333 4444", "emirates": ["DXB", "AJM"], "is_active": "on"}
    assert site.post("/admin/delivery/deliverypartner/add/", form).status_code == 302
    partner = DeliveryPartner.objects.get()
    assert (partner.phone, partner.emirates, partner.is_active) == ("+97143334444", ["AJM", "DXB"], True)
    changed = {**form, "emirates": ["FUJ"], "name": "FastTrack Logistics"}
    assert site.post(f"/admin/delivery/deliverypartner/{partner.pk}/change/", changed).status_code == 302
    partner.refresh_from_db()
    assert (partner.name, partner.emirates) == ("FastTrack Logistics", ["FUJ"])


def test_a_driver_is_invited_and_deactivated(site: Client, partner: DeliveryPartner) -> None:
    form = {
        "partner": partner.pk,
        "name": "Bilal",
        "email": "bilal@fasttrack.example",
        "phone": "0509998877",
        "is_active": "on",
    }
    assert site.post("/admin/delivery/driver/add/", form).status_code == 302
    driver = Driver.objects.get()
    assert driver.user.code == partner.code
    assert OutboxEvent.objects.filter(kind="invitation").count() == 1
    taken = site.post("/admin/delivery/driver/add/", form)
    assert "exists already" in taken.content.decode()
    ended = {"name": "Bilal", "phone": "0509998877"}
    assert site.post(f"/admin/delivery/driver/{driver.pk}/change/", ended).status_code == 302
    driver.user.refresh_from_db()
    assert driver.user.access == "deactivated"


def test_a_weak_password_is_refused_beside_its_field(site: Client, partner: DeliveryPartner) -> None:
    form = {
        "partner": partner.pk,
        "name": "B",
        "email": "b@x.example",
        "phone": "0509998877",
        "password": "1",
    }
    answer = site.post("/admin/delivery/driver/add/", form)
    assert answer.status_code == 200
    assert "password" in answer.context["adminform"].form.errors
    assert not Driver.objects.exists()


def test_deliveries_are_found_by_code_and_given_to_another_partner(
    site: Client, delivery: Delivery, order: Order, rival_partner: DeliveryPartner
) -> None:
    url = "/admin/delivery/delivery/"
    for text in (delivery.code, order.code, "FastTrack"):
        assert delivery.code in site.get(url, {"q": text}).content.decode()
    assert "0 deliveries" in site.get(url, {"q": "DEL9999"}).content.decode()
    action = {"action": "give_to_partner", "_selected_action": [delivery.pk]}
    assert "Choose a partner" in site.post(url, action, follow=True).content.decode()
    site.post(url, {**action, "partner": rival_partner.pk})
    delivery.refresh_from_db()
    assert delivery.partner == rival_partner


def test_a_delivery_on_the_road_stays_and_staff_see_why(
    site: Client, on_the_road: Delivery, rival_partner: DeliveryPartner
) -> None:
    action = {"action": "give_to_partner", "_selected_action": [on_the_road.pk], "partner": rival_partner.pk}
    answer = site.post("/admin/delivery/delivery/", action, follow=True)
    assert "not possible in the present state" in answer.content.decode()
    on_the_road.refresh_from_db()
    assert on_the_road.partner != rival_partner


def test_nothing_of_a_delivery_is_set_by_hand_and_its_pin_is_not_shown(
    site: Client, on_the_road: Delivery
) -> None:
    url = f"/admin/delivery/delivery/{on_the_road.pk}/change/"
    page = site.get(url).content.decode()
    assert "Out For Delivery" in page or "out for delivery" in page.lower()
    assert f">{on_the_road.pin}<" not in page
    assert site.post(url, {"status": "delivered"}).status_code == 403
    on_the_road.refresh_from_db()
    assert on_the_road.status == "out_for_delivery"


def test_lists_open(site: Client, driver: Driver, delivery: Delivery) -> None:
    for name in ("delivery/deliverypartner", "delivery/driver", "notifications/outboxevent"):
        assert site.get(f"/admin/{name}/").status_code == 200
    assert PASSWORD not in site.get(f"/admin/delivery/driver/{driver.pk}/change/").content.decode()
