from aqad.story import telling
from aqad.story.stage import (
    Stage,
    check,
    expect_audit,
    expect_status,
    expect_stock,
    expect_told,
)


def play(stage: Stage) -> None:
    ahmed = stage.vendor
    telling.scene("Two orders wait for Ahmed's answer.")
    waiting = ahmed.get("/api/orders?status=pending", show=("count", "results.0.id", "results.0.total"))
    check(
        "waiting",
        sorted(order["id"] for order in waiting["results"]),
        sorted([stage.order, stage.declined_order]),
    )

    telling.scene("He accepts the large one. From now on Fatima cannot cancel it by herself.")
    accepted = ahmed.post(f"/api/orders/{stage.order}/accept", show=("id", "status"))
    check("the order", accepted["status"], "processing")
    expect_audit(stage, stage.order, f"Vendor {stage.vendor_code} accepted Order {stage.order}")
    expect_told(stage, stage.retailer, "order_accepted", stage.order)
    refusal = stage.retailer.post(
        f"/api/orders/{stage.order}/cancel", {"reason": "Too much after all"}, expect=409
    )
    check("the reason", refusal["code"], "invalid_transition")

    telling.scene("He rejects the small one: its cartons are free again and the money goes back.")
    reason = "Only one lorry goes to Jumeirah this week."
    ahmed.post(
        f"/api/orders/{stage.declined_order}/reject", {"reason": reason}, show=("id", "status", "reason")
    )
    expect_stock(stage, on_hand=500, reserved=100)
    expect_told(stage, stage.retailer, "order_rejected", stage.declined_order)
    payment = expect_status(stage.retailer, f"/api/payments/{stage.declined_payment}", "refunded")
    check("refunded", payment["amount_refunded"], "945.00")

    telling.scene("AQAD's operations see to it that a partner drives in Dubai.")
    _engage_partner(stage)
    telling.scene("The cartons are packed.")
    _make_ready(stage)


def _engage_partner(stage: Stage) -> None:
    """A partner and driver of this run's own, under a name that nobody has yet."""
    admin, imran = stage.admin, stage.driver
    known = {partner["name"] for partner in admin.peek("/api/delivery-partners?page_size=100")["results"]}
    name = "FastTrack Logistics"
    partner = admin.post(
        "/api/delivery-partners",
        {
            "name": f"{name} {stage.tag}" if name in known else name,
            "phone": "+971 4 455 6677",
            "emirates": ["DXB", "SHJ"],
        },
        expect=201,
        show=("id", "name", "emirates"),
    )
    stage.partner = partner["id"]
    admin.post(
        f"/api/delivery-partners/{stage.partner}/drivers",
        {"name": imran.name, "email": imran.email, "phone": "+971 50 123 4567", "password": imran.password},
        expect=201,
        show=("name", "email", "is_active"),
    )


def _make_ready(stage: Stage) -> None:
    ready = stage.vendor.post(
        f"/api/orders/{stage.order}/ready", show=("id", "status", "delivery.id", "delivery.status")
    )
    check("the order", ready["status"], "ready")
    stage.delivery = ready["delivery"]["id"]
    expect_told(stage, stage.retailer, "order_ready", stage.order)
    delivery = stage.admin.get(f"/api/deliveries/{stage.delivery}", show=("id", "status", "partner.name"))
    if delivery["partner"]["id"] != stage.partner:
        telling.scene("Another partner has as little to do and was chosen; the admin gives it to FastTrack.")
        delivery = stage.admin.post(
            "/api/deliveries",
            {"order": stage.order, "partner": stage.partner},
            expect=200,
            show=("id", "status", "partner.name"),
        )
    check("the partner", delivery["partner"]["id"], stage.partner)
    check("the delivery", delivery["status"], "assigned")
