"""Changing, hiding and archiving: by its vendor and admins, seen by the very next read."""

from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from audit.models import Entry
from catalog.models import Product
from catalog.services import products
from catalog.tests.conftest import MakeProduct


def test_its_vendor_changes_a_product_and_the_next_read_shows_it(
    vendor_api: APIClient, anonymous_api: APIClient, product: Product
) -> None:
    assert anonymous_api.get(f"/api/products/{product.code}").json()["price"] == "45.00"
    changes = {
        "price": "39.90",
        "name": "Pepsi Max",
        "category": "water",
        "price_tiers": [{"min_quantity": 5, "price": "38.00"}],
    }
    answer = vendor_api.patch(f"/api/products/{product.code}", changes)
    assert answer.status_code == 200, answer.content
    shown = anonymous_api.get(f"/api/products/{product.code}").json()
    assert (shown["price"], shown["name"], shown["category"]["slug"]) == ("39.90", "Pepsi Max", "water")
    assert shown["price_tiers"] == [{"min_quantity": 5, "price": "38.00"}]
    assert anonymous_api.get("/api/products").json()["results"] == [shown]


def test_a_change_tells_the_log_what_was_and_what_is(
    vendor_api: APIClient, vendor: Any, product: Product
) -> None:
    vendor_api.patch(f"/api/products/{product.code}", {"price": "39.90", "name": product.name})
    entry = Entry.objects.filter(object_code=product.code, verb="changed").get()
    assert (entry.actor_label, entry.data) == (f"Vendor {vendor.code}", {"price": ["45.00", "39.90"]})


def test_an_admin_may_change_it_too(admin_api: APIClient, product: Product) -> None:
    assert admin_api.patch(f"/api/products/{product.code}", {"price": "1.00"}).status_code == 200


def test_nobody_else_can_change_or_archive_it(
    rival_vendor_api: APIClient, retailer_api: APIClient, anonymous_api: APIClient, product: Product
) -> None:
    path = f"/api/products/{product.code}"
    for api, status in ((rival_vendor_api, 404), (retailer_api, 403), (anonymous_api, 401)):
        assert api.patch(path, {"price": "1.00"}).status_code == status
        assert api.delete(path).status_code == status
    product.refresh_from_db()
    assert (product.price, product.status) == (Decimal("45.00"), "active")


def test_quantity_is_refused_with_the_way_to_change_stock(vendor_api: APIClient, product: Product) -> None:
    answer = vendor_api.patch(f"/api/products/{product.code}", {"quantity": 10, "price": "1.00"})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["quantity"]
    assert "/stock" in answer.json()["message"]
    product.refresh_from_db()
    assert (product.price, product.stock.on_hand) == (Decimal("45.00"), 500)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"price": "0"}, "price"),
        ({"name": ""}, "name"),
        ({"brand": "no-such-brand"}, "brand"),
        ({"barcode": "123"}, "barcode"),
        ({"order_multiple": 7}, "min_order_quantity"),
        ({"price": "40.00"}, "price_tiers.0.price"),
        ({"status": "archived"}, "status"),
        ({"status": "hidden"}, "status"),
        ({"vendor": "V1002"}, "vendor"),
        ({"images": []}, "images"),
    ],
)
def test_a_bad_change_is_named_and_changes_nothing(
    changes: dict[str, Any], field: str, vendor_api: APIClient, make_product: MakeProduct
) -> None:
    product = make_product(price_tiers=[{"min_quantity": 10, "price": "42.00"}])
    before = vendor_api.get(f"/api/products/{product.code}").json()
    answer = vendor_api.patch(f"/api/products/{product.code}", {"pack_size": "new", **changes})
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["errors"]) == [field]
    assert vendor_api.get(f"/api/products/{product.code}").json() == before


def test_a_sku_in_use_is_refused_until_its_product_is_archived(
    vendor_api: APIClient, make_product: MakeProduct
) -> None:
    first, second = make_product(sku="A-1"), make_product(sku="A-2")
    refused = vendor_api.patch(f"/api/products/{second.code}", {"sku": "A-1"})
    assert (refused.status_code, refused.json()["code"]) == (409, "already_exists")
    assert vendor_api.delete(f"/api/products/{first.code}").status_code == 204
    assert vendor_api.patch(f"/api/products/{second.code}", {"sku": "A-1"}).status_code == 200


def test_a_vendor_moves_between_draft_and_active(
    vendor_api: APIClient, anonymous_api: APIClient, product: Product
) -> None:
    path = f"/api/products/{product.code}"
    assert vendor_api.patch(path, {"status": "draft"}).json()["status"] == "draft"
    assert anonymous_api.get(path).status_code == 404
    assert vendor_api.patch(path, {"status": "active"}).json()["status"] == "active"
    assert anonymous_api.get(path).status_code == 200
    moves = Entry.objects.filter(object_code=product.code).exclude(to_status="").order_by("id")
    assert [(move.from_status, move.to_status) for move in moves] == [
        ("active", "draft"),
        ("draft", "active"),
    ]


def test_what_an_admin_hid_only_an_admin_shows_again(
    vendor_api: APIClient, admin_api: APIClient, anonymous_api: APIClient, product: Product
) -> None:
    path = f"/api/products/{product.code}"
    assert admin_api.patch(path, {"status": "hidden"}).status_code == 200
    for wanted in ("active", "draft"):
        refused = vendor_api.patch(path, {"status": wanted, "price": "1.00"})
        assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")
    product.refresh_from_db()
    assert (product.status, product.price) == ("hidden", Decimal("45.00"))
    assert vendor_api.patch(path, {"price": "44.00"}).status_code == 200
    assert anonymous_api.get(path).status_code == 404
    assert admin_api.patch(path, {"status": "active"}).status_code == 200
    assert anonymous_api.get(path).json()["price"] == "44.00"


def test_archiving_ends_a_product_and_may_be_repeated(
    vendor_api: APIClient, anonymous_api: APIClient, product: Product
) -> None:
    path = f"/api/products/{product.code}"
    assert vendor_api.delete(path).status_code == 204
    assert vendor_api.delete(path).status_code == 204
    assert anonymous_api.get(path).status_code == 404
    assert vendor_api.get(path).json()["status"] == "archived"
    assert Entry.objects.filter(object_code=product.code, to_status="archived").count() == 1
    for change in ({"price": "1.00"}, {"status": "active"}):
        refused = vendor_api.patch(path, change)
        assert (refused.status_code, refused.json()["code"]) == (409, "invalid_transition")
    product.refresh_from_db()
    assert product.status == "archived"


def test_a_change_in_hand_does_not_undo_somebody_elses(product: Product) -> None:
    mine, theirs = Product.objects.get(), Product.objects.get()
    products.update_product(theirs, by=None, name="Pepsi Max")
    products.update_product(mine, by=None, price=Decimal("1.00"))
    product.refresh_from_db()
    assert (product.name, product.price) == ("Pepsi Max", Decimal("1.00"))
