"""Staff see how the operation goes, follow a figure to its list, and an order to all that happened to it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit


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
