"""POST /api/orders: all lines or none, one order per vendor, totals that add up to the fils."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from notifications.models import OutboxEvent
from orders.models import CartItem, Checkout, Order, OrderLine
from payments.models import Payment
from retailers import services as retailers
from tests.factories import ADDRESS
from tests.goods import list_product, place, stock_of
from vendors.models import Vendor


@pytest.fixture
def pepsi(vendor):
    return list_product(vendor, name="Pepsi 330ml")


def ask(api, *items, **changes):
    body = {
        "items": [{"product": product.code, "quantity": quantity} for product, quantity in items],
        "address": ADDRESS,
        "payment_method": "card",
        **changes,
    }
    return api.post("/api/orders", body)


def nothing_happened(*products):
    assert not Checkout.objects.exists()
    assert not Order.objects.exists()
    assert not Payment.objects.exists()
    assert all(stock_of(product)[1] == 0 for product in products)


def test_an_order_holds_its_stock_and_says_how_to_pay(retailer_api, pepsi):
    answer = ask(retailer_api, (pepsi, 100))

    assert answer.status_code == 201
    body = answer.json()
    assert body["checkout"]["status"] == "pending_payment"
    assert body["checkout"]["total"] == "4725.00"
    assert body["checkout"]["reserved_until"]
    (order,) = body["orders"]
    assert order["status"] == "pending_payment"
    assert (
        order["lines"][0]
        | {
            "product": pepsi.code,
            "quantity": 100,
            "unit_price": "45.00",
            "vat_rate": "5.00",
            "subtotal": "4500.00",
            "vat": "225.00",
            "total": "4725.00",
        }
        == order["lines"][0]
    )
    assert (order["subtotal"], order["vat"], order["delivery_fee"], order["total"]) == (
        "4500.00",
        "225.00",
        "0.00",
        "4725.00",
    )
    assert body["payment"]["status"] == "pending"
    assert body["payment"]["amount"] == "4725.00"
    assert body["payment"]["redirect_url"].startswith("http://127.0.0.1:8000/pay/")
    assert stock_of(pepsi) == (500, 100)
    call_command("reconcile", "--fail")


def test_each_vendor_gets_its_own_order_and_the_checkout_is_their_sum(
    retailer_api, pepsi, vendor, rival_vendor
):
    cola = list_product(rival_vendor, price="33.33")

    body = ask(retailer_api, (pepsi, 3), (cola, 7)).json()

    assert {order["vendor"]["id"] for order in body["orders"]} == {vendor.code, rival_vendor.code}
    total = sum(Decimal(order["total"]) for order in body["orders"])
    assert body["checkout"]["total"] == body["payment"]["amount"] == str(total)
    call_command("reconcile", "--fail")


def test_vat_is_computed_on_the_sum_and_spread_over_the_lines(retailer_api, vendor):
    goods = [list_product(vendor, price="0.33") for _ in range(3)]

    (order,) = ask(retailer_api, *((product, 1) for product in goods)).json()["orders"]

    assert order["vat"] == "0.05"  # 5 % of 0.99; line by line it would be 3 × 0.02
    assert sorted(line["vat"] for line in order["lines"]) == ["0.01", "0.02", "0.02"]


def test_zero_rated_goods_carry_no_vat(retailer_api, vendor):
    rice = list_product(vendor, vat_category="Z", price="80.00")

    (order,) = ask(retailer_api, (rice, 2)).json()["orders"]

    assert (order["vat"], order["total"]) == ("0.00", "160.00")
    assert order["lines"][0]["vat_rate"] == "0.00"


def test_the_price_is_that_of_the_tier_the_quantity_reaches(retailer_api, vendor):
    product = list_product(vendor, price_tiers=[{"min_quantity": 50, "price": Decimal("42.50")}])

    below, reached = (
        ask(retailer_api, (product, quantity)).json()["orders"][0]["lines"][0] for quantity in (49, 50)
    )

    assert (below["unit_price"], reached["unit_price"]) == ("45.00", "42.50")


def test_the_same_product_twice_is_one_line(retailer_api, pepsi):
    body = ask(retailer_api, (pepsi, 10), (pepsi, 15)).json()

    (line,) = body["orders"][0]["lines"]
    assert line["quantity"] == 25
    assert stock_of(pepsi) == (500, 25)


def test_the_same_product_twice_cannot_sell_more_than_there_is(retailer_api, vendor):
    scarce = list_product(vendor, quantity=10)

    answer = ask(retailer_api, (scarce, 6), (scarce, 6))

    assert answer.status_code == 409
    assert answer.json()["items"] == [{"product": scarce.code, "requested": 12, "available": 10}]
    nothing_happened(scarce)


def test_a_shortage_names_every_line_that_falls_short_and_holds_nothing(retailer_api, vendor, pepsi):
    few, none = list_product(vendor, quantity=3), list_product(vendor, quantity=0)

    answer = ask(retailer_api, (pepsi, 1), (few, 4), (none, 1))

    assert answer.status_code == 409
    body = answer.json()
    assert body["code"] == "out_of_stock"
    assert body["items"] == [
        {"product": few.code, "requested": 4, "available": 3},
        {"product": none.code, "requested": 1, "available": 0},
    ]
    nothing_happened(pepsi, few, none)


def test_cash_on_delivery_is_placed_at_once(retailer_api, pepsi):
    body = ask(retailer_api, (pepsi, 2), payment_method="cash_on_delivery").json()

    assert body["checkout"]["status"] == "placed"
    assert body["checkout"]["reserved_until"] is None
    assert body["orders"][0]["status"] == "pending"
    assert body["payment"]["status"] == "pending"
    assert body["payment"]["redirect_url"] is None
    call_command("reconcile", "--fail")


@pytest.mark.parametrize("method", ["bank_transfer", "credit", "barter"])
def test_methods_that_come_later_are_unavailable(retailer_api, pepsi, method):
    answer = ask(retailer_api, (pepsi, 1), payment_method=method)

    assert answer.status_code == 400
    assert answer.json()["code"] == "payment_method_unavailable"
    nothing_happened(pepsi)


@pytest.mark.parametrize("quantity", [0, -1, 1.5, "many", None, 2**40, True])
def test_a_quantity_that_is_no_whole_positive_number_is_refused_beside_its_field(
    retailer_api, pepsi, quantity
):
    answer = ask(retailer_api, (pepsi, quantity))

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["items.0.quantity"]
    nothing_happened(pepsi)


def test_a_quantity_between_the_steps_names_the_nearest_that_fit(retailer_api, vendor):
    product = list_product(vendor, name="Water", min_order_quantity=10, order_multiple=5)

    answer = ask(retailer_api, (product, 12))

    assert answer.json()["errors"] == {
        "items.0.quantity": ["Water is sold from 10 in steps of 5. Order 10 or 15."]
    }
    nothing_happened(product)


@pytest.mark.parametrize("why", ["draft", "suspended vendor", "unknown", "malformed"])
def test_what_is_not_sold_cannot_be_ordered(retailer_api, vendor, pepsi, why):
    code = pepsi.code
    if why == "draft":
        pepsi = list_product(vendor, status="draft")
        code = pepsi.code
    elif why == "suspended vendor":
        Vendor.objects.filter(pk=vendor.pk).update(status="suspended")
    else:
        code = {"unknown": "P999999", "malformed": "pepsi'--"}[why]

    answer = retailer_api.post(
        "/api/orders",
        {"items": [{"product": code, "quantity": 1}], "address": ADDRESS, "payment_method": "card"},
    )

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["items.0.product"]
    nothing_happened(pepsi)


def test_an_address_of_another_retailer_is_not_ones_own(retailer_api, rival_retailer, pepsi):
    answer = ask(retailer_api, (pepsi, 1), address=rival_retailer.addresses.get().pk)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["address"]
    nothing_happened(pepsi)


def test_an_own_address_is_copied_into_the_order(retailer_api, retailer, pepsi):
    address = retailer.addresses.get()

    (order,) = ask(retailer_api, (pepsi, 1), address=address.pk).json()["orders"]
    address.line1 = "Moved away"
    address.save()

    assert order["address"]["line1"] == ADDRESS["line1"]
    kept = retailer_api.get(f"/api/orders/{order['id']}").json()
    assert kept["address"]["line1"] == ADDRESS["line1"]


def test_an_incomplete_address_is_refused_beside_its_field(retailer_api, pepsi):
    answer = ask(retailer_api, (pepsi, 1), address={"line1": "Somewhere", "emirate": "XXX"})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["address.emirate"]
    nothing_happened(pepsi)


def test_an_order_keeps_what_was_true_when_it_was_placed(retailer_api, vendor_api, pepsi):
    code = ask(retailer_api, (pepsi, 1)).json()["orders"][0]["id"]

    vendor_api.patch(f"/api/products/{pepsi.code}", {"name": "New name", "price": "99.00"})

    (line,) = retailer_api.get(f"/api/orders/{code}").json()["lines"]
    assert (line["name"], line["unit_price"]) == ("Pepsi 330ml", "45.00")


def test_without_items_the_cart_is_ordered_and_emptied(retailer_api, retailer, pepsi):
    retailer_api.put(f"/api/cart/items/{pepsi.code}", {"quantity": 5})

    answer = retailer_api.post("/api/orders", {"address": ADDRESS, "payment_method": "card"})

    assert answer.status_code == 201
    assert answer.json()["orders"][0]["lines"][0]["quantity"] == 5
    assert not CartItem.objects.filter(retailer=retailer).exists()


def test_an_empty_cart_cannot_be_ordered(retailer_api, pepsi):
    answer = retailer_api.post("/api/orders", {"address": ADDRESS, "payment_method": "card"})

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["items"]
    nothing_happened(pepsi)


def test_a_refused_order_leaves_the_cart_as_it_was(retailer_api, retailer, vendor):
    scarce = list_product(vendor, quantity=1)
    retailer_api.put(f"/api/cart/items/{scarce.code}", {"quantity": 5})

    answer = retailer_api.post("/api/orders", {"address": ADDRESS, "payment_method": "card"})

    assert answer.status_code == 409
    assert CartItem.objects.get(retailer=retailer).quantity == 5
    nothing_happened(scarce)


def test_a_vendors_minimum_order_value_is_kept(retailer_api, vendor, pepsi):
    Vendor.objects.filter(pk=vendor.pk).update(min_order_value=100)

    answer = ask(retailer_api, (pepsi, 2))

    assert answer.status_code == 400
    assert answer.json()["errors"]["items"] == [
        "Ahmed Foods LLC takes orders from 100.00 AED. Add goods for 10.00 AED more."
    ]
    nothing_happened(pepsi)


def test_unpaid_holds_are_capped_because_hoarding_is_an_attack(retailer_api, pepsi, settings):
    settings.MAX_OPEN_CARD_HOLDS = 2
    for _ in range(2):
        assert ask(retailer_api, (pepsi, 1)).status_code == 201

    answer = ask(retailer_api, (pepsi, 1))

    assert answer.status_code == 409
    assert answer.json()["code"] == "too_many_open_orders"
    assert stock_of(pepsi) == (500, 2)


def test_open_cash_is_capped_by_value(retailer_api, pepsi, settings):
    settings.MAX_OPEN_CASH_VALUE = 100
    assert ask(retailer_api, (pepsi, 2), payment_method="cash_on_delivery").status_code == 201

    answer = ask(retailer_api, (pepsi, 1), payment_method="cash_on_delivery")

    assert answer.status_code == 409
    assert answer.json()["code"] == "too_many_open_orders"


def test_an_order_is_written_to_the_log_and_both_sides_are_told(retailer_api, retailer, vendor, pepsi):
    code = ask(retailer_api, (pepsi, 1), payment_method="cash_on_delivery").json()["orders"][0]["id"]

    assert str(Entry.objects.get(object_code=code)) == f"Retailer {retailer.code} created Order {code}"
    told = {(event.kind, *event.recipients) for event in OutboxEvent.objects.filter(about=code)}
    assert told == {("order_created", retailer.code), ("order_received", vendor.code)}


@pytest.mark.parametrize("lines", [1, 50])
@pytest.mark.parametrize(("key", "budget"), [({}, 5), ({"HTTP_IDEMPOTENCY_KEY": "budget-1"}, 7)])
@pytest.mark.parametrize("own_address", [True, False])
def test_placing_takes_few_statements_and_one_commit(
    retailer_api, retailer, vendor, lines, key, budget, own_address
):
    address = retailers.add_address(retailer, by=None, **ADDRESS).pk if own_address else ADDRESS
    items = [{"product": list_product(vendor).code, "quantity": 1} for _ in range(lines)]
    body = {"items": items, "address": address, "payment_method": "card"}

    work, transactions = statements_of(lambda: retailer_api.post("/api/orders", body, **key))

    assert len(work) <= budget, "\n".join(work)
    assert transactions == ["SAVEPOINT", "RELEASE"]  # within this test's own: BEGIN and COMMIT


def test_a_cart_is_ordered_with_one_statement_more(retailer_api, vendor):
    retailer_api.put(f"/api/cart/items/{list_product(vendor).code}", {"quantity": 1})

    body = {"address": ADDRESS, "payment_method": "card"}
    work, transactions = statements_of(lambda: retailer_api.post("/api/orders", body))

    assert len(work) <= 6, "\n".join(work)
    assert transactions == ["SAVEPOINT", "RELEASE"]
    assert retailer_api.get("/api/cart").json()["vendors"] == []


def statements_of(order: Callable[[], Any]) -> tuple[list[str], list[str]]:
    """The beginnings of the statements sent, and apart from them those that begin and end transactions."""
    with CaptureQueriesContext(connection) as sent:
        assert order().status_code == 201
    control = ("SAVEPOINT", "RELEASE", "ROLLBACK")
    texts = [query["sql"].strip() for query in sent]
    work = [text[:120] for text in texts if not text.startswith(control)]
    return work, [text.split()[0] for text in texts if text.startswith(control)]


def test_a_repeated_request_gets_the_first_answer_and_changes_nothing(retailer_api, pepsi):
    key = {"HTTP_IDEMPOTENCY_KEY": "order-of-monday"}
    body = {
        "items": [{"product": pepsi.code, "quantity": 5}],
        "address": ADDRESS,
        "payment_method": "card",
    }
    first = retailer_api.post("/api/orders", body, **key)

    again = retailer_api.post("/api/orders", body, **key)
    other = retailer_api.post("/api/orders", body | {"note": "please"}, **key)

    assert again.status_code == 201
    assert again.json() == first.json()
    assert again["Idempotent-Replayed"] == "true"
    assert other.status_code == 422
    assert other.json()["code"] == "idempotency_mismatch"
    assert Checkout.objects.count() == 1
    assert stock_of(pepsi) == (500, 5)


def test_a_key_of_somebody_else_is_another_key(retailer_api, rival_retailer_api, pepsi):
    key = {"HTTP_IDEMPOTENCY_KEY": "the-same-key"}
    body = {
        "items": [{"product": pepsi.code, "quantity": 5}],
        "address": ADDRESS,
        "payment_method": "card",
    }

    first, second = (
        api.post("/api/orders", body, **key).json() for api in (retailer_api, rival_retailer_api)
    )

    assert first["checkout"]["id"] != second["checkout"]["id"]


def test_a_refusal_is_not_kept_under_the_key(retailer_api, vendor_api, vendor):
    key = {"HTTP_IDEMPOTENCY_KEY": "try-again-later"}
    scarce = list_product(vendor, quantity=1)
    body = {"items": [{"product": scarce.code, "quantity": 2}], "address": ADDRESS, "payment_method": "card"}
    assert retailer_api.post("/api/orders", body, **key).status_code == 409
    vendor_api.post(f"/api/products/{scarce.code}/stock", {"change": 5, "reason": "received"})

    answer = retailer_api.post("/api/orders", body, **key)

    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer


def test_only_retailers_order(vendor_api, admin_api, anonymous_api, pepsi):
    assert ask(vendor_api, (pepsi, 1)).status_code == 403
    assert ask(admin_api, (pepsi, 1)).status_code == 403
    assert ask(anonymous_api, (pepsi, 1)).status_code == 401
    nothing_happened(pepsi)


def test_the_database_itself_refuses_an_order_that_does_not_add_up(retailer, pepsi):
    order = place(retailer, (pepsi, 1)).orders.get()

    with pytest.raises(Exception, match="order_total_adds_up"):
        Order.objects.filter(pk=order.pk).update(total=1)


def test_the_database_itself_refuses_a_second_end_of_a_reservation(retailer, pepsi):
    (line,) = place(retailer, (pepsi, 1)).orders.get().lines.all()
    OrderLine.objects.filter(pk=line.pk).update(reservation="consumed")

    with pytest.raises(Exception, match="may not move from consumed to released"):
        OrderLine.objects.filter(pk=line.pk).update(reservation="released")
