"""The cart: grouped by vendor, priced, and honest about what stops each line."""

import pytest

from orders.models import CartItem
from tests.goods import list_product
from vendors.models import Vendor


@pytest.fixture
def pepsi(vendor):
    return list_product(vendor, name="Pepsi 330ml", quantity=40)


def put(api, product, quantity):
    return api.put(f"/api/cart/items/{product.code}", {"quantity": quantity})


def test_lines_stand_under_their_vendor_with_totals(retailer_api, pepsi, rival_vendor):
    cola = list_product(rival_vendor, price="10.00")
    put(retailer_api, pepsi, 2)

    cart = put(retailer_api, cola, 3).json()

    assert {group["vendor"]["id"]: group["total"] for group in cart["vendors"]} == {
        pepsi.vendor.code: "94.50",
        rival_vendor.code: "31.50",
    }
    assert (cart["count"], cart["subtotal"], cart["vat"], cart["total"]) == (2, "120.00", "6.00", "126.00")
    assert cart["can_be_ordered"] is True


def test_putting_again_replaces_and_zero_removes(retailer_api, pepsi):
    put(retailer_api, pepsi, 2)
    assert put(retailer_api, pepsi, 7).json()["vendors"][0]["lines"][0]["quantity"] == 7

    assert put(retailer_api, pepsi, 0).json()["vendors"] == []


def test_the_reached_tier_is_the_price(retailer_api, vendor):
    product = list_product(vendor, price_tiers=[{"min_quantity": 10, "price": "40.00"}])

    (group,) = put(retailer_api, product, 10).json()["vendors"]

    assert group["lines"][0]["unit_price"] == "40.00"


def test_too_little_stock_is_said_with_what_to_do(retailer_api, pepsi):
    (group,) = put(retailer_api, pepsi, 41).json()["vendors"]

    assert group["lines"][0]["problem"] == {
        "code": "out_of_stock",
        "message": "Only 40 of Pepsi 330ml are left. Change the quantity to 40 or less.",
    }


def test_a_quantity_that_does_not_fit_is_said(retailer_api, vendor):
    water = list_product(vendor, name="Water", min_order_quantity=10, order_multiple=5)

    cart = put(retailer_api, water, 7).json()

    assert cart["vendors"][0]["lines"][0]["problem"]["code"] == "quantity"
    assert cart["can_be_ordered"] is False


def test_a_product_no_longer_sold_keeps_its_line_and_says_so(retailer_api, vendor_api, pepsi):
    put(retailer_api, pepsi, 1)
    vendor_api.delete(f"/api/products/{pepsi.code}")

    cart = retailer_api.get("/api/cart").json()

    assert cart["vendors"][0]["lines"][0]["problem"]["code"] == "not_sold"
    assert cart["can_be_ordered"] is False
    assert put(retailer_api, pepsi, 0).status_code == 200


def test_what_is_short_of_the_vendors_minimum_is_said(retailer_api, vendor, pepsi):
    Vendor.objects.filter(pk=vendor.pk).update(min_order_value=100)

    cart = put(retailer_api, pepsi, 2).json()

    assert cart["vendors"][0]["min_order_value"] == "100.00"
    assert cart["vendors"][0]["short_of_minimum"] == "10.00"
    assert cart["can_be_ordered"] is False


def test_it_can_be_emptied(retailer_api, pepsi):
    put(retailer_api, pepsi, 1)

    assert retailer_api.delete("/api/cart").status_code == 204
    assert retailer_api.get("/api/cart").json()["vendors"] == []


@pytest.mark.parametrize("quantity", [-1, 1.5, "x", None, 10**9])
def test_a_malformed_quantity_is_refused_and_nothing_is_kept(retailer_api, pepsi, quantity):
    answer = put(retailer_api, pepsi, quantity)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["quantity"]
    assert not CartItem.objects.exists()


def test_what_is_not_sold_cannot_be_put_in(retailer_api, vendor):
    assert put(retailer_api, list_product(vendor, status="draft"), 1).status_code == 404
    assert retailer_api.put("/api/cart/items/nonsense", {"quantity": 1}).status_code == 404


def test_everybody_has_a_cart_of_their_own(
    retailer_api, rival_retailer_api, vendor_api, anonymous_api, pepsi
):
    put(retailer_api, pepsi, 1)

    assert rival_retailer_api.get("/api/cart").json()["count"] == 0
    assert vendor_api.get("/api/cart").status_code == 403
    assert anonymous_api.get("/api/cart").status_code == 401


@pytest.mark.parametrize("lines", [2, 12])
def test_reading_it_takes_the_same_statements_whatever_its_size(
    retailer_api, vendor, lines, django_assert_num_queries
):
    for _ in range(lines):
        put(retailer_api, list_product(vendor), 1)

    with django_assert_num_queries(3):  # who asks, for whom, the lines with all they show
        retailer_api.get("/api/cart")
