"""Handing over: the retailer's PIN, or a photo."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from rest_framework.test import APIClient

from delivery.models import Delivery, DeliveryEvent
from delivery.tests.conftest import report
from orders.models import Order
from tests.factories import png_bytes


def wrong(pin: str) -> str:
    return f"{(int(pin) + 1) % 10_000:04d}"


def photo() -> SimpleUploadedFile:
    return SimpleUploadedFile("door.png", png_bytes(), "image/png")


def stored_photos() -> list[Path]:
    folder = Path(settings.STORAGES["default"]["OPTIONS"]["location"]) / "deliveries"
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_wrong_pin_is_refused_and_counted(
    driver_api: APIClient, on_the_road: Delivery, order: Order
) -> None:
    for key in ("a", None):
        answer = report(driver_api, on_the_road, "delivered", pin=wrong(on_the_road.pin), key=key)
        assert answer.status_code == 400
        assert answer.json()["code"] == "invalid_pin"
    on_the_road.refresh_from_db()
    order.refresh_from_db()
    assert (on_the_road.status, on_the_road.pin_failures) == ("out_for_delivery", 2)
    assert order.status == "shipped"
    assert report(driver_api, on_the_road, "delivered", pin=on_the_road.pin).status_code == 200


@pytest.mark.parametrize("zero", ["٠", "۰", "०", "０"])
def test_the_pin_is_read_in_the_digits_of_any_script(
    driver_api: APIClient, on_the_road: Delivery, zero: str
) -> None:
    typed = "\u200f" + "".join(chr(ord(zero) + int(digit)) for digit in on_the_road.pin) + "\u200e"
    assert report(driver_api, on_the_road, "delivered", pin=typed).status_code == 200
    on_the_road.refresh_from_db()
    assert (on_the_road.status, on_the_road.pin_failures) == ("delivered", 0)


def test_after_five_wrong_pins_only_a_photo_counts(driver_api: APIClient, on_the_road: Delivery) -> None:
    for _ in range(5):
        report(driver_api, on_the_road, "delivered", pin=wrong(on_the_road.pin))
    right = report(driver_api, on_the_road, "delivered", pin=on_the_road.pin)
    assert (right.status_code, right.json()["code"]) == (400, "invalid_pin")
    on_the_road.refresh_from_db()
    assert (on_the_road.status, on_the_road.pin_failures) == ("out_for_delivery", 5)
    by_photo = report(driver_api, on_the_road, "delivered", photo=photo(), pin="0000")
    assert by_photo.status_code == 200, by_photo.content


def test_delivered_needs_a_pin_or_a_photo(driver_api: APIClient, on_the_road: Delivery) -> None:
    answer = report(driver_api, on_the_road, "delivered")
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["pin"]
    on_the_road.refresh_from_db()
    assert (on_the_road.status, on_the_road.pin_failures) == ("out_for_delivery", 0)


def test_a_photo_is_proof_for_retailer_and_staff_alone(
    driver_api: APIClient,
    retailer_api: APIClient,
    vendor_api: APIClient,
    admin_api: APIClient,
    anonymous_api: APIClient,
    on_the_road: Delivery,
) -> None:
    answer = report(driver_api, on_the_road, "delivered", photo=photo())
    assert answer.status_code == 200, answer.json()
    assert "photo" not in answer.json()["events"][-1]
    url = f"/api/deliveries/{on_the_road.code}"
    assert "photo" not in vendor_api.get(url).json()["events"][-1]
    for api in (retailer_api, admin_api):
        link = api.get(url).json()["events"][-1]["photo"]
        assert link.startswith(f"{settings.PUBLIC_URL}/files/")
        file = anonymous_api.get(link.removeprefix(settings.PUBLIC_URL))
        assert b"".join(file).startswith(b"\x89PNG")


def test_a_wrong_pin_beside_a_photo_is_still_a_wrong_pin(
    driver_api: APIClient, on_the_road: Delivery
) -> None:
    answer = report(driver_api, on_the_road, "delivered", photo=photo(), pin=wrong(on_the_road.pin))
    assert answer.json()["code"] == "invalid_pin"
    assert not stored_photos()


def test_a_bad_photo_is_refused_under_its_field_and_leaves_no_file(
    driver_api: APIClient, on_the_road: Delivery
) -> None:
    answer = report(driver_api, on_the_road, "delivered", photo=SimpleUploadedFile("x.png", b"no image"))
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["photo"]
    assert not stored_photos()
    assert DeliveryEvent.objects.filter(status="delivered").count() == 0


def test_a_refused_report_leaves_no_photo_behind(
    driver_api: APIClient, delivery: Delivery, on_the_road: Delivery
) -> None:
    assert report(driver_api, on_the_road, "failed", photo=photo()).status_code == 400  # no note
    assert report(driver_api, on_the_road, "picked_up", photo=photo()).status_code == 409
    assert not stored_photos()


def test_a_replayed_photo_is_stored_once(driver_api: APIClient, on_the_road: Delivery) -> None:
    body = {"note": "Closed", "key": "k"}
    assert report(driver_api, on_the_road, "failed", photo=photo(), **body).status_code == 200
    assert report(driver_api, on_the_road, "out_for_delivery").status_code == 200
    again = report(driver_api, on_the_road, "failed", photo=photo(), **body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(stored_photos()) == 1
    on_the_road.refresh_from_db()
    assert on_the_road.status == "out_for_delivery"


def test_the_pin_is_shown_to_the_retailer_alone(
    retailer_api: APIClient,
    driver_api: APIClient,
    vendor_api: APIClient,
    admin_api: APIClient,
    delivery: Delivery,
) -> None:
    for path in (f"/api/deliveries/{delivery.code}", "/api/deliveries"):
        assert f'"{delivery.pin}"' in retailer_api.get(path).content.decode()
        for api in (driver_api, vendor_api, admin_api):
            assert '"pin"' not in api.get(path).content.decode()


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_get_five_tries_in_all(driver_api: APIClient, on_the_road: Delivery) -> None:
    barrier = threading.Barrier(8)
    answers: list[Any] = []

    def guess() -> None:
        barrier.wait()
        try:
            answers.append(report(driver_api, on_the_road, "delivered", pin=wrong(on_the_road.pin)))
        finally:
            connection.close()

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.json()["code"] for answer in answers} == {"invalid_pin"}
    on_the_road.refresh_from_db()
    assert on_the_road.pin_failures == 5
    assert on_the_road.status == "out_for_delivery"
