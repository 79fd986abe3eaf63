"""Somebody wrote to the table of stock by hand; an operator finds it and sets it right."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.runner.installation import Installation

BREAK = """
ALTER TABLE catalog_stock DISABLE TRIGGER USER;
UPDATE catalog_stock SET on_hand = on_hand - 20 WHERE product_id = 1002;
ALTER TABLE catalog_stock ENABLE TRIGGER USER;
"""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_counter_changed_by_hand_is_found_and_corrected(
    visit: Visit, aqad: Installation, language: str
) -> None:
    aqad.execute(BREAK)
    operator = visit("admin", language=language)
    operator.open("/admin/doctor/")
    operator.page.locator("#content-main").get_by_role(
        "link", name=operator.said("Inventory is wrong")
    ).click()
    expect(operator.page.locator(".doctor-verdict.is-wrong")).to_contain_text("P1002")
    operator.field("Code of one product").fill("p1002")
    operator.button("Ask").click()
    operator.sees("The counter of %(code)s says %(counter)s on hand, its ledger %(ledger)s.", code="P1002")
    operator.link("Correct…").click()
    operator.field("Reason").fill("Written past the ledger.")
    operator.button("Correct the stock").click()
    operator.sees("The stock of %(code)s is corrected.", code="P1002")
    expect(operator.page.get_by_role("status").first).to_contain_text(operator.said("Nothing is wrong."))
