"""Without the storage uploads are refused with 503, leave nothing behind, and work again afterwards."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from catalog.models import Product
from delivery.models import Delivery
from retailers.models import Retailer
from tests.factories import PASSWORD, pdf_bytes, png_bytes
from tests.faults.rows import contents
from tests.goods import carry, list_product, place_order
from vendors.models import Vendor

S3 = {
    "bucket_name": "aqad",
    "endpoint_url": "http://127.0.0.1:1",
    "access_key": "key",
    "secret_key": "secret",
    "file_overwrite": True,
}


@pytest.fixture(params=["folder", "s3"])
def take_storage_away(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Callable[[], None]:
    """A file lies where the folder should be, or nobody listens where the bucket was."""
    working = settings.STORAGES
    (tmp_path / "in the way").write_text("")

    def take() -> None:
        places = {}
        for alias, name in (("default", "Private"), ("public", "Public")):
            folder = {**working[alias]["OPTIONS"], "location": tmp_path / "in the way" / alias}
            in_folder, in_bucket = f"storage.{name}FolderStorage", f"buckets.{name}S3Storage"
            backend, options = (in_folder, folder) if request.param == "folder" else (in_bucket, S3)
            places[alias] = {"BACKEND": f"aqad.lib.files.{backend}", "OPTIONS": options}
        settings.STORAGES = {**working, **places}

    return take


@pytest.fixture
def product(vendor: Vendor) -> Product:
    return list_product(vendor)


@pytest.fixture
def on_the_way(product: Product, retailer: Retailer, delivery_partner: Any) -> Delivery:
    order = carry(place_order(retailer, (product, 3)), "picked_up", "out_for_delivery")
    return Delivery.objects.get(order=order)


def test_uploads_are_refused_whole_and_work_again_afterwards(
    take_storage_away: Callable[[], None],
    settings: Any,
    product: Product,
    on_the_way: Delivery,
    anonymous_api: APIClient,
    vendor_api: APIClient,
    driver_api: APIClient,
) -> None:
    uploads = [
        (anonymous_api, "post", "/api/vendor/register", _registration),
        (vendor_api, "post", "/api/vendor/documents/trade_license", lambda: {"file": _paper()}),
        (vendor_api, "patch", "/api/vendor/profile", lambda: {"logo": _picture()}),
        (vendor_api, "post", f"/api/products/{product.code}/images", lambda: {"image": _picture()}),
        (vendor_api, "post", "/api/products", _new_product),
        (
            driver_api,
            "post",
            f"/api/deliveries/{on_the_way.code}/status",
            lambda: {"status": "delivered", "photo": _picture()},
        ),
    ]
    working, before = settings.STORAGES, contents()
    take_storage_away()
    for api, method, path, body in uploads:
        answer = getattr(api, method)(path, body(), format="multipart")
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable"), path
        assert answer["Retry-After"]
        assert contents() == before, path
    settings.STORAGES = working
    for api, method, path, body in uploads:
        answer = getattr(api, method)(path, body(), format="multipart")
        assert answer.status_code in (200, 201), f"{path}: {answer.content!r}"


def _paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("licence.pdf", pdf_bytes(), "application/pdf")


def _picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("picture.png", png_bytes(), "image/png")


def _registration() -> dict[str, Any]:
    return {
        "name": "Huda",
        "email": "huda@dates.example",
        "phone": "+971501112233",
        "password": PASSWORD,
        "company_name": "Huda Dates LLC",
        "trade_license_number": "DED-77",
        "trn": "100123456700003",
        "emirate": "DXB",
        "trade_license": _paper(),
        "vat_certificate": _paper(),
    }


def _new_product() -> dict[str, Any]:
    return {
        "name": "Mirinda",
        "price": "40.00",
        "quantity": 5,
        "category": "soft-drinks",
        "brand": "pepsi",
        "images": [_picture()],
    }
