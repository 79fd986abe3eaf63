"""What anyone sees: lists, filters, order, facets, the tree, one product."""

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from catalog import cache
from catalog.models import Product
from catalog.services import products
from catalog.services.starting_set import load_categories_and_brands
from catalog.services.stock import StockLine, reserve_stock
from catalog.tests.conftest import MakeProduct
from vendors import services as vendors
from vendors.models import Vendor


def found(api: APIClient, **query: Any) -> list[str]:
    answer = api.get("/api/products", query)
    assert answer.status_code == 200, answer.content
    return [product["id"] for product in answer.json()["results"]]


def test_newest_come_first_by_the_page(anonymous_api: APIClient, make_product: MakeProduct) -> None:
    codes = [make_product(name=f"Pepsi {number}").code for number in range(5)]
    answer = anonymous_api.get("/api/products", {"page_size": 2}).json()
    assert (answer["count"], answer["previous"]) == (5, None)
    assert [product["id"] for product in answer["results"]] == codes[:2:-1]
    rest = anonymous_api.get(answer["next"]).json()
    assert [product["id"] for product in rest["results"]] == codes[2:0:-1]
    assert anonymous_api.get("/api/products", {"page": 9}).status_code == 404


def test_a_product_in_a_list_is_the_product_itself(anonymous_api: APIClient, product: Product) -> None:
    listed = anonymous_api.get("/api/products").json()["results"]
    assert listed == [anonymous_api.get(f"/api/products/{product.code}").json()]


def test_only_what_is_sold_is_known_to_the_public(
    anonymous_api: APIClient,
    retailer_api: APIClient,
    rival_vendor_api: APIClient,
    make_product: MakeProduct,
    rival_vendor: Vendor,
) -> None:
    draft = make_product(status="draft")
    hidden, archived = make_product(name="Hidden"), make_product(name="Archived")
    products.move_product(hidden, "hidden", by=None, reason="counterfeit")
    products.archive_product(archived, by=None)
    for product in (draft, hidden, archived):
        for api in (anonymous_api, retailer_api, rival_vendor_api):
            assert found(api) == []
            assert api.get(f"/api/products/{product.code}").status_code == 404


def test_its_vendor_and_admins_see_a_product_in_every_status(
    vendor_api: APIClient, admin_api: APIClient, make_product: MakeProduct
) -> None:
    draft = make_product(status="draft")
    for api in (vendor_api, admin_api):
        answer = api.get(f"/api/products/{draft.code}")
        assert answer.json()["status"] == "draft"
        assert answer["Cache-Control"] == "no-store"


def test_a_vendor_lists_its_own_in_every_status(
    vendor_api: APIClient,
    retailer_api: APIClient,
    anonymous_api: APIClient,
    make_product: MakeProduct,
    rival_vendor: Vendor,
) -> None:
    draft, active = make_product(status="draft"), make_product()
    make_product(rival_vendor)
    answer = vendor_api.get("/api/vendor/products")
    assert [product["id"] for product in answer.json()["results"]] == [active.code, draft.code]
    only = vendor_api.get("/api/vendor/products", {"status": "draft"}).json()
    assert [product["id"] for product in only["results"]] == [draft.code]
    assert vendor_api.get("/api/vendor/products", {"status": "gone"}).status_code == 400
    assert retailer_api.get("/api/vendor/products").status_code == 403
    assert anonymous_api.get("/api/vendor/products").status_code == 401


@pytest.mark.parametrize("code", ["P999999", "V1001", "1001", "P0", "P99999999999999999999", "x"])
def test_a_code_that_names_no_product_is_404(code: str, anonymous_api: APIClient, shelves: None) -> None:
    assert anonymous_api.get(f"/api/products/{code}").status_code == 404


def test_a_category_holds_what_is_below_it(anonymous_api: APIClient, make_product: MakeProduct) -> None:
    cola, water = make_product(), make_product(category="water")
    milk = make_product(category="milk")
    assert found(anonymous_api, category="beverages") == [water.code, cola.code]
    assert found(anonymous_api, category="water") == [water.code]
    assert found(anonymous_api, category="dairy") == [milk.code]
    assert found(anonymous_api, category="no-such-shelf") == []


def test_brand_vendor_price_and_barcode_narrow_the_list(
    anonymous_api: APIClient, make_product: MakeProduct, rival_vendor: Vendor
) -> None:
    cheap = make_product(price=Decimal("10.00"), barcode="012345678905")
    dear = make_product(rival_vendor, price=Decimal("99.50"), brand="almarai")
    assert found(anonymous_api, brand="almarai") == [dear.code]
    assert found(anonymous_api, brand="no-such-brand") == []
    assert found(anonymous_api, vendor=rival_vendor.code) == [dear.code]
    assert found(anonymous_api, vendor="V999999") == []
    assert found(anonymous_api, brand=["almarai", "pepsi", ""]) == [dear.code, cheap.code]
    assert found(anonymous_api, vendor=[rival_vendor.code, cheap.vendor.code]) == [dear.code, cheap.code]
    assert found(anonymous_api, price_band=["0", "50.00"]) == [dear.code, cheap.code]
    assert found(anonymous_api, price_band="0.00", brand=["almarai", "pepsi"]) == [cheap.code]
    assert found(anonymous_api, max_price="99.49") == [cheap.code]
    assert found(anonymous_api, min_price="10", max_price="10.00") == [cheap.code]
    assert found(anonymous_api, barcode="012345678905") == [cheap.code]
    assert found(anonymous_api, barcode="0012345678905") == [cheap.code]
    assert found(anonymous_api, barcode="6291003000003") == []


def test_in_stock_knows_what_orders_hold(anonymous_api: APIClient, make_product: MakeProduct) -> None:
    product, empty = make_product(quantity=5), make_product(quantity=0)
    assert found(anonymous_api, in_stock="true") == [product.code]
    assert found(anonymous_api, in_stock="false") == [empty.code]
    reserve_stock([StockLine(product.pk, 5, "ORD1")], by=None)
    assert found(anonymous_api, in_stock="true") == []
    shown = anonymous_api.get(f"/api/products/{product.code}").json()
    assert (shown["available"], shown["in_stock"]) == (0, False)


def test_lists_are_ordered_as_asked(anonymous_api: APIClient, make_product: MakeProduct) -> None:
    b, a, c = (
        make_product(name=name, price=Decimal(price))
        for name, price in (("banana", "3.00"), ("Apple", "2.00"), ("Cherry", "1.00"))
    )
    assert found(anonymous_api, ordering="price") == [c.code, a.code, b.code]
    assert found(anonymous_api, ordering="-price") == [b.code, a.code, c.code]
    assert found(anonymous_api, ordering="name") == [a.code, b.code, c.code]
    assert found(anonymous_api, ordering="newest") == [c.code, a.code, b.code]
    assert found(anonymous_api, ordering="relevance") == [c.code, a.code, b.code]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ordering", "vendor__email"),
        ("ordering", "-name"),
        ("min_price", "cheap"),
        ("max_price", "-1"),
        ("in_stock", "perhaps"),
        ("vendor", "Ahmed"),
        ("vendor", ["V1001", "Ahmed"]),
        ("price_band", "30"),
        ("brand", [f"brand-{number}" for number in range(51)]),
        ("barcode", "123"),
        ("category", "soft drinks"),
        ("search", "x" * 201),
        ("page", "0"),
        ("page_size", "all"),
        ("colour", "blue"),
    ],
)
def test_a_parameter_that_makes_no_sense_is_named(
    name: str, value: str | list[str], anonymous_api: APIClient, shelves: None
) -> None:
    answer = anonymous_api.get("/api/products", {name: value})
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [name]


def test_prices_the_wrong_way_round_are_named(anonymous_api: APIClient, shelves: None) -> None:
    answer = anonymous_api.get("/api/products", {"min_price": "9", "max_price": "8"})
    assert list(answer.json()["errors"]) == ["max_price"]


def test_facets_count_by_category_brand_vendor_and_price(
    anonymous_api: APIClient, make_product: MakeProduct, vendor: Vendor, rival_vendor: Vendor
) -> None:
    make_product(price=Decimal("24.99"))
    make_product(price=Decimal("25.00"), category="water")
    make_product(rival_vendor, price=Decimal("1500.00"), category="milk", brand="almarai")
    make_product(status="draft")
    facets = anonymous_api.get("/api/products/facets").json()
    assert {one["slug"]: (one["parent"], one["count"]) for one in facets["categories"]} == {
        "beverages": (None, 2),
        "soft-drinks": ("beverages", 1),
        "water": ("beverages", 1),
        "dairy": (None, 1),
        "milk": ("dairy", 1),
    }
    assert {one["slug"]: one["count"] for one in facets["brands"]} == {"pepsi": 2, "almarai": 1}
    assert {one["id"]: one["count"] for one in facets["vendors"]} == {vendor.code: 2, rival_vendor.code: 1}
    assert facets["prices"] == [
        {"min_price": "0.00", "max_price": "24.99", "count": 1},
        {"min_price": "25.00", "max_price": "49.99", "count": 1},
        {"min_price": "1000.00", "max_price": None, "count": 1},
    ]


def test_each_facet_leaves_its_own_filter_aside(anonymous_api: APIClient, make_product: MakeProduct) -> None:
    make_product()
    make_product(brand="almarai", category="milk")
    facets = anonymous_api.get("/api/products/facets", {"brand": "pepsi"}).json()
    assert {one["slug"]: one["count"] for one in facets["brands"]} == {"pepsi": 1, "almarai": 1}
    assert {one["slug"] for one in facets["categories"]} == {"beverages", "soft-drinks"}
    both = anonymous_api.get(
        "/api/products/facets", {"brand": ["pepsi", "almarai"], "price_band": "0"}
    ).json()
    assert {one["slug"]: one["count"] for one in both["brands"]} == {}
    assert [one["count"] for one in both["prices"]] == [2]
    assert anonymous_api.get("/api/products/facets", {"brand": "a b"}).status_code == 400


def test_price_bands_count_within_the_prices_that_were_typed(
    anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    for price in ("26.00", "40.00", "60.00", "90.00"):
        make_product(price=Decimal(price))
    typed = {"min_price": "30", "max_price": "80"}

    for chosen in ({}, {"price_band": "25"}):
        facets = anonymous_api.get("/api/products/facets", {**typed, **chosen}).json()
        assert [(band["min_price"], band["count"]) for band in facets["prices"]] == [
            ("25.00", 1),
            ("50.00", 1),
        ]
    assert len(found(anonymous_api, **typed, price_band="25")) == 1


def test_categories_are_a_tree_with_counts(anonymous_api: APIClient, make_product: MakeProduct) -> None:
    make_product()
    make_product(category="water")
    make_product(category="beverages")
    make_product(status="draft")
    trunks = anonymous_api.get("/api/categories").json()["results"]
    assert [(trunk["slug"], trunk["product_count"]) for trunk in trunks] == [("beverages", 3), ("dairy", 0)]
    assert [(twig["slug"], twig["product_count"]) for twig in trunks[0]["children"]] == [
        ("soft-drinks", 1),
        ("water", 1),
    ]


def test_brands_come_by_name_with_counts(anonymous_api: APIClient, make_product: MakeProduct) -> None:
    make_product()
    make_product(status="draft", brand="almarai")
    brands = anonymous_api.get("/api/brands").json()["results"]
    assert [(brand["slug"], brand["product_count"]) for brand in brands] == [
        ("almarai", 0),
        ("coca-cola", 0),
        ("pepsi", 1),
    ]


def test_a_suspended_vendors_products_vanish_and_come_back(
    anonymous_api: APIClient, product: Product, vendor: Vendor
) -> None:
    assert found(anonymous_api) == [product.code]
    vendors.suspend_vendor(vendor, by=None, reason="expired licence")
    assert found(anonymous_api) == []
    assert anonymous_api.get(f"/api/products/{product.code}").status_code == 404
    vendors.reinstate_vendor(vendor, by=None)
    assert found(anonymous_api) == [product.code]


def test_a_client_that_has_the_answer_is_told_so(anonymous_api: APIClient, product: Product) -> None:
    for path in ("/api/products", f"/api/products/{product.code}", "/api/categories", "/api/products/facets"):
        first = anonymous_api.get(path)
        assert first["Cache-Control"] == "public, max-age=0, must-revalidate"
        again = anonymous_api.get(path, HTTP_IF_NONE_MATCH=first["ETag"])
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    products.update_product(product, by=None, price=Decimal("1.00"))
    assert anonymous_api.get("/api/products", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


@pytest.mark.parametrize("path", ["/api/products", "/api/vendor/products"])
def test_a_list_costs_the_same_statements_however_long(
    path: str, vendor_api: APIClient, make_product: MakeProduct
) -> None:
    def statements(size: int) -> int:
        cache.forget_all()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            answer = vendor_api.get(path, {"page_size": size})
        assert len(answer.json()["results"]) == size
        return len(captured)

    for number in range(30):
        make_product(price_tiers=[{"min_quantity": 10, "price": "1.00"}], name=f"Number {number}")
    assert statements(2) == statements(25) <= 9


def test_the_starting_set_loads_once_however_often(anonymous_api: APIClient, db: None) -> None:
    load_categories_and_brands()
    before = anonymous_api.get("/api/categories?page_size=100").json()
    load_categories_and_brands()
    assert anonymous_api.get("/api/categories?page_size=100").json() == before
    assert before["count"] >= 10
    assert all(trunk["children"] and trunk["name_ar"] for trunk in before["results"])
    brands = anonymous_api.get("/api/brands?page_size=100").json()
    assert brands["count"] >= 25
    assert "pepsi" in {brand["slug"] for brand in brands["results"]}
