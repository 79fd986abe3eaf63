"""Staff see how the operation goes, follow a figure to its list, and an order to all that happened to it."""

import re

import pytest
from django.utils import translation
from playwright.sync_api import expect

from aqad.demo.sign_ins import PASSWORD
from aqad.demo.staff import STAFF
from tests.browser.conftest import NewShop, Visit


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_figure_leads_to_its_list_and_an_order_to_its_history(visit: Visit, language: str) -> None:
    staff = visit("admin", language=language)
    page = staff.open("/admin/")
    orders = page.locator("section", has=page.locator("#orders-title"))
    expect(orders.locator("canvas")).to_be_visible()
    orders.get_by_text(staff.said("The figures as a table")).click()
    expect(orders.get_by_role("table")).to_be_visible()

    orders.get_by_role("link").click()
    page.locator("#result_list").get_by_role("link", name="ORD").first.click()

    staff.sees("What happened")
    staff.sees("Belongs together")
    page.get_by_role("link", name="CHK").first.click()
    expect(page).to_have_url(re.compile("/admin/orders/checkout/"))


def test_a_list_is_taken_away(visit: Visit) -> None:
    staff = visit("admin")
    page = staff.open("/admin/orders/order/")
    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("export")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Go").click()
    assert taken.value.suggested_filename.startswith("order-")
    assert "ORD1" in taken.value.path().read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_money_goes_back_from_a_payments_page_after_the_password(visit: Visit, language: str) -> None:
    staff = visit("admin", language=language)
    page = staff.open("/admin/payments/payment/?status__exact=paid")
    page.locator("#result_list").get_by_role("link", name="PAY").first.click()
    staff.link("Refund…").click()
    page.get_by_label(staff.said("Password"), exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    amount = staff.field("Amount in AED")
    expect(amount).to_be_focused()
    amount.fill("999999.00")
    staff.field("Reason").fill("Two cartons were crushed.")
    staff.button("Refund").click()
    staff.sees("This is more than what was paid and not yet refunded.")
    expect(staff.field("Reason")).to_have_value("Two cartons were crushed.")
    expect(amount).to_be_focused()

    amount.fill("1.50")
    staff.button("Refund").click()

    staff.sees("The refund of %(amount)s is noted.")
    expect(page.locator(".history")).to_contain_text("Two cartons were crushed.")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_somebody_deactivated_by_mistake_comes_back(visit: Visit, new_shop: NewShop, language: str) -> None:
    _app, email = new_shop()
    _name, operator = STAFF["Operations"]
    staff = visit(operator, language=language)
    for action, becomes in (("deactivate", "Deactivated"), ("reactivate", "Active")):
        page = staff.open(f"/admin/accounts/user/?q={email}")
        page.locator("#result_list .action-select").focus()
        page.keyboard.press("Space")
        page.locator("select[name=action]").select_option(action)
        page.get_by_role("textbox", name=staff.said("Reason")).fill("Mistaken for somebody else.")
        page.keyboard.press("Enter")
        if action == "deactivate":
            page.locator("#password_again").fill(PASSWORD)
            page.keyboard.press("Enter")
        expect(page.locator(".messagelist")).to_be_visible()
        with translation.override(language):
            word = translation.pgettext("choice", becomes)
        expect(page.locator("#result_list .field-access")).to_have_text(word)
    page.locator("#result_list").get_by_role("link", name=email).click()
    expect(page.locator(".history")).to_contain_text("Mistaken for somebody else.")
