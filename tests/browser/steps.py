"""What people do on AQAD's pages, click by click, finding things by the words they read."""

import re

from playwright.sync_api import expect

from payments.gateways.sandbox.words import WORDS
from tests.browser.visitor import Visitor

PASSWORD = "nine-falcons-at-noon"
PAYS, DECLINED = "4242424242424242", "4000000000000002"


def register_retailer(visitor: Visitor, *, email: str, company: str) -> None:
    """From the start page to the list of products, as a shop in Dubai."""
    visitor.open("/")
    visitor.link("Register to buy").click()
    visitor.field("Your name").fill("Mona Saleh")
    visitor.field("E-mail").fill(email)
    visitor.field("Mobile number").fill("050 123 4567")
    visitor.field("Password").fill(PASSWORD)
    visitor.field("Name of the shop or company").fill(company)
    visitor.field("Street, building, shop number").fill("Al Wasl Road 7")
    visitor.field("Area").fill("Jumeirah 1")
    visitor.field("Emirate").select_option("DXB")
    visitor.button("Open my account").click()
    visitor.page.wait_for_url("**/products")


def put_into_cart(visitor: Visitor, name: str, quantity: int) -> None:
    """On a product's page."""
    expect(visitor.page.get_by_role("heading", level=1)).to_contain_text(name)
    visitor.page.get_by_role("spinbutton", name=visitor.said("Quantity of %(name)s", name=name)).first.fill(
        str(quantity)
    )
    visitor.sees("Total for %(number)s", number=quantity)
    visitor.button("Add to cart").click()
    expect(
        visitor.page.get_by_role("link", name=visitor.count("Cart, %(number)s product", 1))
    ).to_be_visible()


def go_to_checkout(visitor: Visitor) -> None:
    """From a cart that can be ordered."""
    visitor.open("/cart")
    visitor.link("Go to checkout").filter(visible=True).first.click()
    visitor.page.wait_for_url("**/checkout")


def place_order(visitor: Visitor) -> None:
    visitor.button("Place order · %(total)s").click()


def pay(visitor: Visitor, card: str) -> None:
    """On the payment company's page, in the same language."""
    words = WORDS[visitor.language]
    visitor.page.get_by_label(words["card_number"]).fill(card)
    visitor.page.get_by_label(words["expiry"]).fill("12/30")
    visitor.page.get_by_label(words["cvc"]).fill("123")
    visitor.page.get_by_role("button", name=re.compile(rf"^{words['pay']}")).click()


def own_order(visitor: Visitor) -> str:
    """Open the order that the result page leads to. Returns its code."""
    visitor.page.get_by_role("link", name=re.compile(r"^ORD\d+$")).first.click()
    visitor.page.wait_for_url(re.compile(r"/orders/ORD\d+$"))
    return visitor.page.url.rsplit("/", 1)[-1]


def accept_and_prepare(vendor: Visitor, order: str) -> None:
    """Accept on the board of open orders, look the order up, and say that it is packed."""
    vendor.open("/sell/orders")
    accept = re.compile(rf"{vendor.said('Accept')}\s+{order}")
    vendor.page.get_by_role("button", name=accept).click()
    expect(vendor.page.get_by_role("button", name=accept)).to_be_hidden()
    search = vendor.page.get_by_role("searchbox", name=vendor.said("Search your orders"))
    search.fill(order)
    search.press("Enter")
    vendor.page.get_by_role("link", name=order).first.click()
    vendor.button("It is ready for pick-up").click()
    expect(vendor.text("Ready for pick-up").first).to_be_visible()


def drive_to_the_door(driver: Visitor, company: str) -> None:
    """From the list of the day to the door."""
    driver.open("/drive")
    driver.page.get_by_role("listitem").get_by_role("link", name=company).click()
    driver.button("I have picked it up").click()
    driver.button("I am on my way").click()
    expect(driver.heading("Hand over")).to_be_visible()


def hand_over(driver: Visitor, pin: str) -> None:
    """With the shop's PIN, on the pad."""
    for digit in pin:
        driver.page.get_by_role("button", name=digit, exact=True).click()
    driver.page.get_by_role("button", name=driver.said("Delivered"), exact=True).click()
    driver.sees("Well done. On to the next one.")
