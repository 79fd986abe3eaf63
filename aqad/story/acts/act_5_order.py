import uuid

from aqad.story import telling
from aqad.story.stage import Stage, check, expect_audit, expect_status, expect_stock, expect_told


def play(stage: Stage) -> None:
    telling.scene("A hundred cartons, at the price from a hundred on.")
    _order(stage)
    telling.scene("All four hundred and one that are not there: refused, and nothing is held.")
    fatima = stage.retailer
    too_much = {
        "items": [{"product": stage.product, "quantity": 401}],
        "address": stage.address,
        "payment_method": "card",
    }
    refusal = fatima.post("/api/orders", too_much, expect=409)
    check("the reason", refusal["code"], "out_of_stock")
    check("what is short", refusal["items"], [{"product": stage.product, "requested": 401, "available": 400}])
    expect_stock(stage, on_hand=500, reserved=100)


def _order(stage: Stage) -> None:
    fatima = stage.retailer
    addresses = fatima.get("/api/retailer/addresses", show=("results.0.id", "results.0.line1"))
    stage.address = addresses["results"][0]["id"]
    wanted = {
        "items": [{"product": stage.product, "quantity": 100}],
        "address": stage.address,
        "payment_method": "card",
        "purchase_order_number": "FM-2041",
    }
    key = uuid.uuid4().hex
    placed = fatima.post(
        "/api/orders",
        wanted,
        key=key,
        expect=201,
        show=("checkout.id", "orders.0.id", "orders.0.status", "orders.0.total", "payment.id"),
    )
    [order], payment = placed["orders"], placed["payment"]
    stage.order, stage.payment, stage.redirect_url = order["id"], payment["id"], payment["redirect_url"]
    line = order["lines"][0]
    check("the price of a carton", line["unit_price"], "43.00")
    sums = f"{order['subtotal']} + {order['vat']} VAT = {order['total']}"
    check("the order", sums, "4300.00 + 215.00 VAT = 4515.00")
    check("asked of the gateway", payment["amount"], placed["checkout"]["total"])
    created = f"Retailer {stage.retailer_code} created Order {stage.order}"
    expect_audit(stage, stage.order, created)
    expect_stock(stage, on_hand=500, reserved=100)
    expect_told(stage, fatima, "order_created", stage.order)
    seen = fatima.get(f"/api/products/{stage.product}", show=("available",))
    check("cartons left for others", seen["available"], 400)
    expect_status(fatima, f"/api/orders/{stage.order}", "pending_payment")

    telling.scene("The line was bad and her app sends the same order again: it is the same order.")
    again = fatima.post("/api/orders", wanted, key=key, expect=201, show=("orders.0.id",))
    check("replayed", fatima.headers.get("Idempotent-Replayed"), "true")
    check("the order", again["orders"][0]["id"], stage.order)
    expect_stock(stage, on_hand=500, reserved=100)
