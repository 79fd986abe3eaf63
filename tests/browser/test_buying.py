"""What may go wrong between a full cart and a paid order, and does not."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import NewShop, Visit
from tests.browser.places import Api
from tests.browser.visitor import Visitor


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_double_click_places_one_order(visit: Visit, new_shop: NewShop, scripts: bool) -> None:
    api, email = new_shop()
    shop = visit(email, java_script_enabled=scripts)
    _fill_cart(api)
    steps.go_to_checkout(shop)
    shop.button("Place order · %(total)s").dblclick()
    steps.pay(shop, steps.PAYS)

    expect(shop.heading("Your order is placed")).to_be_visible()
    assert api.get("/api/orders")["count"] == 1


def test_the_back_button_after_paying_orders_and_pays_nothing_again(visit: Visit, new_shop: NewShop) -> None:
    api, email = new_shop()
    shop = visit(email)
    _fill_cart(api)
    steps.go_to_checkout(shop)
    steps.place_order(shop)
    steps.pay(shop, steps.PAYS)
    expect(shop.heading("Your order is placed")).to_be_visible()

    _back_to(shop.page, "/checkout")

    expect(shop.heading("Everything is ordered")).to_be_visible()
    shop.link("See your order").click()
    expect(shop.heading("Your order is placed")).to_be_visible()
    assert api.get("/api/orders")["count"] == 1


def test_a_session_that_ends_in_the_middle_of_the_checkout_loses_nothing(
    visit: Visit, new_shop: NewShop
) -> None:
    api, email = new_shop()
    shop = visit(email)
    _fill_cart(api)
    steps.go_to_checkout(shop)
    shop.field("Note for the vendors").fill("Ring twice")
    shop.field("Cash on delivery").check()
    shop.context.clear_cookies(name="sessionid")
    steps.place_order(shop)

    shop.sees("You were signed out meanwhile. Sign in, and what you typed is still here.")
    _sign_in(shop, email)
    expect(shop.field("Note for the vendors")).to_have_value("Ring twice")
    expect(shop.field("Cash on delivery")).to_be_checked()
    steps.place_order(shop)
    expect(shop.heading("Your order is placed")).to_be_visible()
    [order] = api.get("/api/orders")["results"]
    assert api.get(f"/api/orders/{order['id']}")["note"] == "Ring twice"


def test_without_scripts_a_guest_fills_a_cart_signs_in_and_orders(visit: Visit, new_shop: NewShop) -> None:
    api, email = new_shop()
    shop = visit(java_script_enabled=False)
    shop.open("/products?search=pepsi")
    shop.page.get_by_role("link", name="Pepsi 330ml", exact=True).first.click()
    shop.page.get_by_role("spinbutton", name="Quantity of Pepsi 330ml").first.fill("20")
    shop.button("Add to cart").click()
    shop.open("/cart")
    expect(shop.page.get_by_role("spinbutton", name="Quantity of Pepsi 330ml")).to_have_value("20")
    shop.link("Sign in and check out").click()
    _sign_in(shop, email)
    shop.field("Cash on delivery").check()
    steps.place_order(shop)

    expect(shop.heading("Your order is placed")).to_be_visible()
    [order] = api.get("/api/orders")["results"]
    [line] = api.get(f"/api/orders/{order['id']}")["lines"]
    assert (line["product"], line["quantity"]) == ("P1001", 20)


def _fill_cart(api: Api) -> None:
    api.put("/api/cart/items/P1001", quantity=10)


def _sign_in(shop: Visitor, email: str) -> None:
    shop.page.get_by_role("main").get_by_label(shop.said("E-mail")).fill(email)
    shop.page.get_by_role("main").get_by_label(shop.said("Password")).fill(steps.PASSWORD)
    shop.page.get_by_role("main").get_by_role("button", name=shop.said("Sign in")).click()


def _back_to(page: Page, path: str) -> None:
    """Press the back button until the browser is there again."""
    for _press in range(5):
        page.go_back()
        if re.search(rf"{path}$", page.url):
            return
    pytest.fail(f"{path} is nowhere behind {page.url}")
