"""Staff with a second factor: set up with a real authenticator's arithmetic, used, and the password again."""

import re

from playwright.sync_api import expect

from aqad.demo.sign_ins import PASSWORD
from aqad.demo.staff import STAFF
from tests.authenticator_app import code_of_secret
from tests.browser import axe
from tests.browser.conftest import Visit
from tests.browser.visitor import Visitor


def test_a_second_factor_is_set_up_and_opens_the_admin_in_two_steps(visit: Visit) -> None:
    _name, email = STAFF["Finance"]
    first = visit(email)
    first.open("/admin/")
    first.link("Set up a second factor").click()
    first.page.get_by_label(first.said("Password"), exact=True).fill(PASSWORD)
    first.button("Go on").click()
    secret = first.page.locator(".factor-secret").inner_text()
    first.page.get_by_role("textbox", name=first.said("Code")).fill(code_of_secret(secret))
    first.button("Switch the second factor on").click()
    expect(first.heading("Your recovery codes")).to_be_visible()
    codes = re.findall(r"[a-z2-7]{4}-[a-z2-7]{4}", first.page.locator(".factor-codes").inner_text())
    assert len(codes) == 10
    assert not axe.violations(first.page)
    with first.page.expect_download() as download:
        first.link("Download").click()
    assert codes[0] in download.value.path().read_text()
    first.link("I have kept them").click()
    expect(first.link("Set up a second factor")).to_be_hidden()

    again = visit(language="ar")
    _give_password(again, email)
    expect(again.page.get_by_role("textbox", name=again.said("Code"))).to_be_focused()
    assert not axe.violations(again.page)
    again.page.get_by_role("textbox", name=again.said("Code")).fill("000000")
    again.button("Sign in").click()
    again.sees("This code is wrong or was used already. Wait for the next one and enter that.")
    again.page.get_by_role("textbox", name=again.said("Code")).fill(codes[0])
    again.button("Sign in").click()
    expect(again.page.locator("#user-tools")).to_be_visible()


def _give_password(visitor: Visitor, email: str) -> None:
    visitor.open("/admin/")
    visitor.field("E-mail").fill(email)
    visitor.page.get_by_label(visitor.said("Password"), exact=True).fill(PASSWORD)
    visitor.button("Sign in").click()
