"""The whole story by clicking: a shop on a phone, a vendor at a desk, a driver on the road."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser import steps
from tests.browser.conftest import Visit
from tests.browser.places import Api
from tests.browser.visitor import PHONE, Visitor
from tests.runner.installation import Installation, eventually


@pytest.mark.parametrize(
    ("language", "typo", "pepsi"), [("en", "pepsy", "Pepsi 330ml"), ("ar", "بيبسى", "بيبسي 330 مل")]
)
def test_a_shop_orders_is_declined_pays_and_gets_the_goods(
    visit: Visit, aqad: Installation, language: str, typo: str, pepsi: str
) -> None:
    company = f"Wasl Corner {uuid.uuid4().hex[:6]}"
    shop = visit(language=language, viewport=PHONE, has_touch=True)
    steps.register_retailer(shop, email=f"{company[-6:]}@waslcorner.example", company=company)
    _find(shop, typo, pepsi)
    steps.put_into_cart(shop, pepsi, 100)
    steps.go_to_checkout(shop)
    steps.place_order(shop)
    steps.pay(shop, steps.DECLINED)
    shop.button("Pay again · %(total)s").click()
    steps.pay(shop, steps.PAYS)
    expect(shop.heading("Your order is placed")).to_be_visible()
    order = steps.own_order(shop)
    expect(shop.page.get_by_text("4,515.00 AED").first).to_be_visible()

    steps.accept_and_prepare(visit("vendor", language=language), order)
    pin = _pin(shop)
    driver = visit(_driver_of(aqad, order), language=language, viewport=PHONE, has_touch=True)
    steps.drive_to_the_door(driver, company)
    steps.hand_over(driver, pin)

    # Nobody touches the shop's page: it follows by itself.
    live = shop.page.get_by_role("region", name=shop.said("Where your order is"))
    expect(live.get_by_text(shop.said("Delivered")).first).to_be_visible()
    assert Api(f"http://127.0.0.1:{aqad.port}", "vendor").get(f"/api/orders/{order}")["status"] == "completed"


def _find(shop: Visitor, typo: str, product: str) -> None:
    search = shop.page.get_by_role("searchbox", name=shop.said("Search products, brands and barcodes"))
    search.fill(typo)
    search.press("Enter")
    shop.page.get_by_role("link", name=product, exact=True).first.click()
    shop.page.wait_for_url(re.compile(r"/products/P\d+$"))


def _pin(shop: Visitor) -> str:
    """The PIN appears on the order's page by itself as soon as a delivery is assigned."""
    shop.sees("Your delivery PIN")
    found = shop.page.get_by_text(re.compile(r"^\d{4}$")).inner_text()
    assert len(found) == 4
    return found


def _driver_of(aqad: Installation, order: str) -> str:
    """Who drives for the partner that carries the order; it is assigned by a worker."""
    statement = f"""
        SELECT email FROM accounts_user JOIN delivery_driver ON accounts_user.id = delivery_driver.user_id
        JOIN delivery_delivery ON delivery_delivery.partner_id = delivery_driver.partner_id
        WHERE delivery_delivery.order_id = {order.removeprefix("ORD")} ORDER BY delivery_driver.id
    """
    eventually(lambda: bool(aqad.execute(statement)), f"a driver for {order}")
    return aqad.execute(statement)[0][0]
