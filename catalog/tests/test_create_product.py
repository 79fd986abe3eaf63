"""Listing a product: who may, what is checked, and that a refusal leaves nothing behind."""

import json
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import override_settings
from rest_framework.test import APIClient

from aqad.lib.files.images import clean_image
from audit.models import Entry
from catalog.models import PriceTier, Product, ProductImage, Stock, StockMovement
from catalog.services import products
from tests import factories
from vendors.models import Vendor

GTIN = "6291003000003"


def nothing_is_left(tmp_path: Path) -> bool:
    rows = [Product, PriceTier, ProductImage, Stock, StockMovement]
    files = [path for path in (tmp_path / "public").rglob("*") if path.is_file()]
    return not files and not any(model.objects.exists() for model in rows)


def picture(name: str = "front.png", width: int = 40) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, factories.png_bytes(width), "image/png")


def test_a_vendor_lists_a_product(vendor: Vendor, vendor_api: APIClient, body: dict[str, Any]) -> None:
    answer = vendor_api.post("/api/products", body)
    assert answer.status_code == 201, answer.content
    product = answer.json()
    assert product["id"] == Product.objects.get().code
    assert product["price"] == "45.00"
    assert product["currency"] == "AED"
    assert product["status"] == "active"
    assert product["vat_rate"] == "5.00"
    assert product["available"] == 500
    assert product["in_stock"] is True
    assert product["vendor"] == {"id": vendor.code, "company_name": vendor.company_name}
    assert product["category"] == {"slug": "soft-drinks", "name": "Soft Drinks", "name_ar": ""}
    assert product["brand"]["slug"] == "pepsi"
    assert (product["unit_code"], product["min_order_quantity"], product["order_multiple"]) == ("XCT", 1, 1)
    assert (product["images"], product["price_tiers"]) == ([], [])


def test_listing_writes_the_audit_line_and_the_opening_movement(
    vendor: Vendor, vendor_api: APIClient, body: dict[str, Any]
) -> None:
    code = vendor_api.post("/api/products", body).json()["id"]
    entry = Entry.objects.get(object_code=code)
    assert str(entry) == f"Vendor {vendor.code} created Product {code}"
    movement = StockMovement.objects.get()
    assert (movement.kind, movement.on_hand_change, movement.actor_label) == (
        "opening",
        500,
        f"Vendor {vendor.code}",
    )


def test_a_product_with_everything_comes_back_as_it_was_sent(
    vendor_api: APIClient, body: dict[str, Any]
) -> None:
    more = {
        "name_ar": "بيبسي ٣٣٠ مل",
        "description_ar": "كرتون",
        "sku": "PEP-330",
        "barcode": GTIN,
        "unit_code": "XBX",
        "pack_size": "24 × 330 ml",
        "min_order_quantity": 10,
        "order_multiple": 5,
        "vat_category": "Z",
        "lead_time_days": 3,
        "status": "draft",
    }
    tiers = [{"min_quantity": 100, "price": "40.00"}, {"min_quantity": 50, "price": "42.50"}]
    answer = vendor_api.post("/api/products", {**body, **more, "price_tiers": tiers})
    assert answer.status_code == 201, answer.content
    product = answer.json()
    assert {name: product[name] for name in more} == more
    assert product["price_tiers"] == [
        {"min_quantity": 50, "price": "42.50"},
        {"min_quantity": 100, "price": "40.00"},
    ]
    assert product["vat_rate"] == "0.00"


def test_a_form_brings_images_and_tiers_in_one_request(vendor_api: APIClient, body: dict[str, Any]) -> None:
    form = {
        **body,
        "price_tiers": json.dumps([{"min_quantity": 10, "price": "44.00"}]),
        "images": [picture(), picture("back.png", 60)],
    }
    answer = vendor_api.post("/api/products", form, format="multipart")
    assert answer.status_code == 201, answer.content
    product = answer.json()
    assert product["price_tiers"] == [{"min_quantity": 10, "price": "44.00"}]
    assert [image["width"] for image in product["images"]] == [40, 60]
    assert all(image["url"].startswith("http") for image in product["images"])
    assert all(set(image["thumbnails"]) == {"160", "320", "640"} for image in product["images"])


def test_an_admin_lists_for_the_vendor_named(
    vendor: Vendor, admin_api: APIClient, body: dict[str, Any]
) -> None:
    answer = admin_api.post("/api/products", {**body, "vendor": vendor.code})
    assert answer.status_code == 201
    assert answer.json()["vendor"]["id"] == vendor.code


def test_an_admin_must_name_a_vendor_that_is_active(
    admin_api: APIClient, applicant: Vendor, body: dict[str, Any]
) -> None:
    for named in ({}, {"vendor": "V999999"}, {"vendor": "P1"}, {"vendor": applicant.code}):
        answer = admin_api.post("/api/products", {**body, **named})
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == ["vendor"]
    assert not Product.objects.exists()


def test_staff_without_the_permission_are_refused(vendor: Vendor, body: dict[str, Any]) -> None:
    clerk = factories.make_admin()
    clerk.is_superuser = False
    clerk.save(update_fields=["is_superuser"])
    answer = factories.api_client(clerk).post("/api/products", {**body, "vendor": vendor.code})
    assert answer.status_code == 403
    assert not Product.objects.exists()


def test_a_vendor_cannot_list_for_another(
    vendor_api: APIClient, rival_vendor: Vendor, body: dict[str, Any]
) -> None:
    answer = vendor_api.post("/api/products", {**body, "vendor": rival_vendor.code})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["vendor"]
    assert not Product.objects.exists()


def test_a_retailer_and_a_stranger_cannot_list(
    retailer_api: APIClient, anonymous_api: APIClient, body: dict[str, Any]
) -> None:
    assert retailer_api.post("/api/products", body).status_code == 403
    assert anonymous_api.post("/api/products", body).status_code == 401
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 161),
        ("price", "0"),
        ("price", "0.00"),
        ("price", "-1"),
        ("price", "1.001"),
        ("price", "NaN"),
        ("price", True),
        ("price", None),
        ("quantity", -1),
        ("quantity", 1.5),
        ("quantity", "many"),
        ("quantity", 2**62),
        ("category", "no-such-shelf"),
        ("brand", "no-such-brand"),
        ("barcode", "6291003000004"),
        ("barcode", "12345"),
        ("unit_code", "KGM"),
        ("vat_category", "X"),
        ("min_order_quantity", 0),
        ("order_multiple", 0),
        ("lead_time_days", -1),
        ("status", "hidden"),
        ("status", "archived"),
        ("images", ["not a file"]),
        ("colour", "blue"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_stored(
    field: str, value: Any, vendor_api: APIClient, body: dict[str, Any], tmp_path: Path
) -> None:
    answer = vendor_api.post("/api/products", {**body, field: value})
    assert answer.status_code == 400, answer.content
    assert answer.json()["code"] == "validation_error"
    assert any(name.split(".")[0] == field for name in answer.json()["errors"])
    assert nothing_is_left(tmp_path)


@pytest.mark.parametrize("field", ["name", "price", "quantity", "category", "brand"])
def test_a_missing_field_is_named(field: str, vendor_api: APIClient, body: dict[str, Any]) -> None:
    del body[field]
    answer = vendor_api.post("/api/products", body)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_unknown_category_and_brand_are_both_told(vendor_api: APIClient, body: dict[str, Any]) -> None:
    answer = vendor_api.post("/api/products", {**body, "category": "nope", "brand": "nope"})
    assert set(answer.json()["errors"]) == {"category", "brand"}


@pytest.mark.parametrize(
    ("tiers", "at"),
    [
        ([{"min_quantity": 1, "price": "44.00"}], "price_tiers.0.min_quantity"),
        ([{"min_quantity": 10, "price": "45.00"}], "price_tiers.0.price"),
        ([{"min_quantity": 10, "price": "0"}], "price_tiers.0.price"),
        (
            [{"min_quantity": 10, "price": "44.00"}, {"min_quantity": 10, "price": "43.00"}],
            "price_tiers.1.min_quantity",
        ),
        (
            [{"min_quantity": 20, "price": "44.00"}, {"min_quantity": 10, "price": "43.00"}],
            "price_tiers.0.price",
        ),
        ([{"min_quantity": 10}], "price_tiers.0.price"),
        ([{"min_quantity": n, "price": "1.00"} for n in range(2, 30)], "price_tiers"),
    ],
)
def test_tiers_must_begin_higher_and_cost_less(
    tiers: list[Any], at: str, vendor_api: APIClient, body: dict[str, Any], tmp_path: Path
) -> None:
    answer = vendor_api.post("/api/products", {**body, "price_tiers": tiers})
    assert answer.status_code == 400
    assert at in answer.json()["errors"]
    assert nothing_is_left(tmp_path)


def test_the_smallest_order_must_fit_the_step(vendor_api: APIClient, body: dict[str, Any]) -> None:
    answer = vendor_api.post("/api/products", {**body, "min_order_quantity": 10, "order_multiple": 4})
    assert list(answer.json()["errors"]) == ["min_order_quantity"]
    answer = vendor_api.post("/api/products", {**body, "order_multiple": 4})
    assert answer.json()["min_order_quantity"] == 4


def test_a_sku_is_one_vendors_once(
    vendor_api: APIClient, rival_vendor_api: APIClient, body: dict[str, Any], tmp_path: Path
) -> None:
    assert vendor_api.post("/api/products", {**body, "sku": "A-1"}).status_code == 201
    form = {**body, "sku": "A-1", "images": [picture()]}
    refused = vendor_api.post("/api/products", form, format="multipart")
    assert refused.status_code == 409
    assert refused.json()["code"] == "already_exists"
    assert list(refused.json()["errors"]) == ["sku"]
    assert Product.objects.count() == 1
    assert not [path for path in (tmp_path / "public").rglob("*") if path.is_file()]
    assert rival_vendor_api.post("/api/products", {**body, "sku": "A-1"}).status_code == 201


def test_one_bad_image_among_good_ones_leaves_no_row_and_no_file(
    vendor_api: APIClient, body: dict[str, Any], tmp_path: Path
) -> None:
    bad = SimpleUploadedFile("back.png", b"<svg></svg>", "image/png")
    answer = vendor_api.post("/api/products", {**body, "images": [picture(), bad]}, format="multipart")
    assert answer.status_code == 400
    assert any(name.startswith("images") for name in answer.json()["errors"])
    assert nothing_is_left(tmp_path)


def test_more_than_ten_images_are_refused(
    vendor_api: APIClient, body: dict[str, Any], tmp_path: Path
) -> None:
    many = [picture(width=10 + number) for number in range(11)]
    answer = vendor_api.post("/api/products", {**body, "images": many}, format="multipart")
    assert answer.status_code == 400
    assert nothing_is_left(tmp_path)


def test_a_failure_in_the_database_takes_the_stored_files_along(
    vendor: Vendor, body: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: Any, **_named: Any) -> None:
        raise IntegrityError("the last statement fails")

    monkeypatch.setattr("catalog.services.products.audit.record", refuse)
    image = clean_image(BytesIO(factories.png_bytes()))
    with pytest.raises(IntegrityError):
        products.create_product(vendor, by=None, images=[image], **{**body, "price": Decimal(45)})
    assert nothing_is_left(tmp_path)


def test_a_storage_that_is_down_is_a_503_without_a_row(
    vendor_api: APIClient, body: dict[str, Any], tmp_path: Path, settings: Any
) -> None:
    (tmp_path / "blocked").write_text("a file where the folder should be")
    stores = dict(settings.STORAGES)
    stores["public"] = {
        **stores["public"],
        "OPTIONS": {"location": tmp_path / "blocked" / "public", "base_url": "/"},
    }
    with override_settings(STORAGES=stores):
        answer = vendor_api.post("/api/products", {**body, "images": [picture()]}, format="multipart")
    assert answer.status_code == 503
    assert not Product.objects.exists()
