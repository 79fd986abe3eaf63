from aqad.story import telling
from aqad.story.browser import Browser, Page
from aqad.story.stage import Stage, check, expect_audit, expect_status, expect_stock, expect_told

PAYS, DECLINED, ASKS_THE_BANK = "4242424242424242", "4000000000000002", "4000000000003220"


def play(stage: Stage) -> None:
    telling.scene("Fatima's browser goes where the answer told it, and lands at the payment company.")
    _pay_first_order(stage)
    telling.scene("She orders twenty more, and this time the card is declined.")
    _decline(stage)
    telling.scene("She pays again within the day: the cartons are held anew, and her bank asks her first.")
    _pay_again(stage)


def _pay_first_order(stage: Stage) -> None:
    browser = Browser("browser")
    result = _type_card(browser, stage.redirect_url, PAYS, amount="4,515.00")
    check("the result page names the payment", stage.payment in result.text, expected=True)
    expect_status(stage.retailer, f"/api/payments/{stage.payment}", "paid")
    expect_status(stage.retailer, f"/api/orders/{stage.order}", "pending")
    browser.open(result.url)
    expect_audit(stage, stage.payment, f"System paid Payment {stage.payment}")
    expect_told(stage, stage.retailer, "payment_received", stage.order)
    expect_told(stage, stage.vendor, "order_received", stage.order)


def _decline(stage: Stage) -> None:
    fatima = stage.retailer
    placed = fatima.post(
        "/api/orders",
        {
            "items": [{"product": stage.product, "quantity": 20}],
            "address": stage.address,
            "payment_method": "card",
        },
        expect=201,
        show=("checkout.id", "orders.0.id", "orders.0.total", "payment.id"),
    )
    stage.declined_order, payment = placed["orders"][0]["id"], placed["payment"]
    expect_stock(stage, on_hand=500, reserved=120)
    _type_card(Browser("browser"), payment["redirect_url"], DECLINED, amount="945.00")
    expect_status(fatima, f"/api/payments/{payment['id']}", "failed")
    expect_status(fatima, f"/api/orders/{stage.declined_order}", "failed")
    expect_stock(stage, on_hand=500, reserved=100)
    expect_told(stage, fatima, "payment_failed", stage.declined_order)
    expect_told(stage, stage.vendor, "order_payment_failed", stage.declined_order)
    stage.declined_checkout = placed["checkout"]["id"]


def _pay_again(stage: Stage) -> None:
    fatima = stage.retailer
    payment = fatima.post(
        "/api/payments",
        {"checkout": stage.declined_checkout, "method": "card"},
        expect=201,
        show=("id", "status", "amount"),
    )
    stage.declined_payment = payment["id"]
    expect_stock(stage, on_hand=500, reserved=120)
    browser = Browser("browser")
    bank = _type_card(browser, payment["redirect_url"], ASKS_THE_BANK, amount="945.00")
    browser.send(bank)
    expect_status(fatima, f"/api/payments/{stage.declined_payment}", "paid")
    expect_status(fatima, f"/api/orders/{stage.declined_order}", "pending")


def _type_card(browser: Browser, redirect_url: str, card: str, *, amount: str) -> Page:
    """Open the hosted page, see that it asks for the right amount, type the card and press the button."""
    page = browser.open(redirect_url)
    check(f"the page asks for {amount}", amount in page.text, expected=True)
    return browser.send(page, card_number=card, expiry="12/30", cvc="123")
