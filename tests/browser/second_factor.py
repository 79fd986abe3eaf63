"""A person switches the own second factor on and off again, at /account/second-factor."""

import re

from playwright.sync_api import Page

from aqad.demo.sign_ins import PASSWORD
from tests.authenticator_app import code_of_secret


def switch_on(page: Page) -> None:
    """On the page that sets it up; goes on to the recovery codes."""
    page.locator("main [name=otp]").fill(code_of_secret(page.locator(".factor-secret").inner_text()))
    page.locator("main [name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator(".factor-codes").wait_for()


def switch_off(page: Page) -> None:
    """With a recovery code made for it: one of the app opens once only."""
    renewal = page.locator("form:has([name=renew])")
    renewal.locator("[name=password]").fill(PASSWORD)
    renewal.locator("[name=renew]").click()
    [code, *_others] = re.findall(r"[a-z2-7]{4}-[a-z2-7]{4}", page.locator(".factor-codes").inner_text())
    page.goto("/account/second-factor")
    removal = page.locator("form:has([name=remove])")
    removal.locator("[name=password]").fill(PASSWORD)
    removal.locator("[name=otp]").fill(code)
    removal.locator("[name=remove]").click()
    removal.wait_for(state="detached")
