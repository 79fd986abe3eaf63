from typing import Any

from aqad.story import telling
from aqad.story.stage import Stage, check, expect_audit, expect_stock, expect_told


def play(stage: Stage) -> None:
    imran, fatima = stage.driver, stage.retailer
    telling.scene(f"{imran.name} signs in on his phone and sees the delivery, but not its PIN.")
    imran.sign_in()
    expect_told(stage, imran, "delivery_assigned", stage.delivery)
    seen = imran.get(
        f"/api/deliveries/{stage.delivery}", show=("id", "status", "pickup.address", "address.line1")
    )
    check("no PIN for the driver", "pin" not in seen, expected=True)
    own = fatima.get(f"/api/deliveries/{stage.delivery}", show=("id", "status", "eta", "pin"))
    pin = own["pin"]

    telling.scene("He picks the cartons up: they leave the warehouse.")
    _step(stage, "picked_up", note="100 cartons on four pallets")
    expect_told(stage, fatima, "order_shipped", stage.order)
    expect_stock(stage, on_hand=400, reserved=0)
    telling.scene("He is on his way.")
    _step(stage, "out_for_delivery", latitude="25.2048", longitude="55.2708")
    expect_told(stage, fatima, "order_out_for_delivery", stage.order)

    telling.scene("At the door somebody guesses the PIN. Then Fatima tells it.")
    wrong = "0000" if pin != "0000" else "1111"
    refusal = imran.post(
        f"/api/deliveries/{stage.delivery}/status", {"status": "delivered", "pin": wrong}, expect=400
    )
    check("the reason", refusal["code"], "invalid_pin")
    _step(stage, "delivered", pin=pin)
    expect_told(stage, fatima, "order_delivered", stage.order)
    expect_told(stage, stage.vendor, "delivery_completed_vendor", stage.order)

    telling.scene("What remains: the order's whole life, and four hundred cartons.")
    _look_back(stage)


def _step(stage: Stage, status: str, **details: Any) -> None:
    delivery = stage.driver.post(
        f"/api/deliveries/{stage.delivery}/status", {"status": status, **details}, show=("id", "status")
    )
    check("the delivery", delivery["status"], status)


def _look_back(stage: Stage) -> None:
    order = stage.retailer.get(
        f"/api/orders/{stage.order}", show=("id", "status", "payment.status", "delivery.status")
    )
    for entry in order["timeline"]:
        telling.behind("timeline", f"{entry['at'][11:19]}  {entry['status']:<16}{entry['by']}")
    lived = [entry["status"] for entry in order["timeline"]]
    expected = ["pending_payment", "pending", "processing", "ready", "shipped", "completed"]
    check("the order's life", lived[-len(expected) + 1 :], expected[1:])
    check("the payment", order["payment"]["status"], "paid")
    expect_audit(stage, stage.order, f"Driver {stage.partner} completed Order {stage.order}")
    expect_stock(stage, on_hand=400, reserved=0)
    product = stage.retailer.get(f"/api/products/{stage.product}", show=("name", "available"))
    check("cartons on sale", product["available"], 400)
