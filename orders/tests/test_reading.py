"""GET /api/orders: each side sees its own, filtered and searched, in a constant number of statements."""

from datetime import date, timedelta

import pytest

from tests.goods import carry, list_product, place, place_order


@pytest.fixture
def pepsi(vendor):
    return list_product(vendor, name="Pepsi 330ml", sku="PEP-330")


def codes(answer):
    assert answer.status_code == 200, answer.json()
    return [order["id"] for order in answer.json()["results"]]


def test_each_side_sees_its_own_newest_first(
    retailer, rival_retailer, pepsi, retailer_api, rival_retailer_api, vendor_api, rival_vendor_api, admin_api
):
    mine, second, theirs = (
        place_order(retailer, (pepsi, 1)),
        place_order(retailer, (pepsi, 1)),
        place_order(rival_retailer, (pepsi, 1)),
    )

    assert codes(retailer_api.get("/api/orders")) == [second.code, mine.code]
    assert codes(rival_retailer_api.get("/api/orders")) == [theirs.code]
    assert codes(vendor_api.get("/api/orders")) == [theirs.code, second.code, mine.code]
    assert codes(rival_vendor_api.get("/api/orders")) == []
    assert len(codes(admin_api.get("/api/orders"))) == 3


def test_a_vendor_does_not_see_what_is_not_paid(retailer, pepsi, vendor_api, retailer_api):
    order = place(retailer, (pepsi, 1)).orders.get()

    assert codes(vendor_api.get("/api/orders")) == []
    assert vendor_api.get(f"/api/orders/{order.code}").status_code == 404
    assert retailer_api.get(f"/api/orders/{order.code}").status_code == 200


def test_by_status(retailer, pepsi, retailer_api):
    waiting, unpaid = place_order(retailer, (pepsi, 1)), place(retailer, (pepsi, 1)).orders.get()

    assert codes(retailer_api.get("/api/orders", {"status": "pending"})) == [waiting.code]
    assert codes(retailer_api.get("/api/orders", {"status": "pending_payment"})) == [unpaid.code]
    assert retailer_api.get("/api/orders", {"status": "lost"}).status_code == 400


def test_by_day_both_ends_included(retailer, pepsi, retailer_api):
    order = place_order(retailer, (pepsi, 1))
    order.refresh_from_db()
    today = order.created_at.astimezone().date()

    assert codes(retailer_api.get("/api/orders", {"from": today, "to": today})) == [order.code]
    assert codes(retailer_api.get("/api/orders", {"to": today - timedelta(days=1)})) == []
    assert retailer_api.get("/api/orders", {"from": "yesterday"}).status_code == 400
    assert codes(retailer_api.get("/api/orders", {"to": date.max})) == [order.code]


@pytest.mark.parametrize("text", ["pepsi", "PEP-330", "ahmed foods", "code", "checkout"])
def test_by_words_and_codes(retailer, pepsi, vendor, rival_vendor, retailer_api, text):
    order = place_order(retailer, (pepsi, 1))
    place_order(retailer, (list_product(rival_vendor, name="Cola"), 1))
    text = {"code": order.code.lower(), "checkout": f"CHK{order.checkout_id}"}.get(text, text)

    assert codes(retailer_api.get("/api/orders", {"search": text})) == [order.code]


def test_one_order_says_how_payment_and_delivery_stand(retailer, pepsi, retailer_api):
    order = carry(place_order(retailer, (pepsi, 1)), "picked_up")

    body = retailer_api.get(f"/api/orders/{order.code}").json()

    assert body["status"] == "shipped"
    assert body["payment"]["method"] == "cash_on_delivery"
    assert body["delivery"]["status"] == "picked_up"
    assert body["invoice"] is None
    assert [step["status"] for step in body["timeline"]] == ["pending", "processing", "ready", "shipped"]


def test_a_checkout_is_read_back_by_its_retailer_and_admins(
    retailer, pepsi, retailer_api, admin_api, rival_retailer_api, vendor_api
):
    checkout = place(retailer, (pepsi, 1))
    path = f"/api/checkouts/{checkout.code}"

    body = retailer_api.get(path).json()

    assert body["checkout"]["id"] == checkout.code
    assert len(body["orders"]) == 1
    assert body["payment"]["status"] == "pending"
    assert admin_api.get(path).status_code == 200
    assert rival_retailer_api.get(path).status_code == 404
    assert vendor_api.get(path).status_code == 403


@pytest.mark.parametrize("count", [2, 12])
def test_a_list_takes_the_same_statements_whatever_its_length(
    retailer, pepsi, retailer_api, count, django_assert_num_queries
):
    for _ in range(count):
        place_order(retailer, (pepsi, 1))

    with django_assert_num_queries(4):
        retailer_api.get("/api/orders")


@pytest.mark.parametrize("code", ["ORD1", "P1001", "1001", "ORD99999999999999999999", "ORD٣"])
def test_a_code_of_no_order_is_not_found(retailer_api, code):
    assert retailer_api.get(f"/api/orders/{code}").status_code == 404
