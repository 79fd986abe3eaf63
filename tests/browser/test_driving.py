"""The driver's phone, where the line is bad."""

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.browser.places import Api
from tests.browser.visitor import PHONE
from tests.runner.installation import Installation, eventually

# Its script must not be on the way when the line breaks.
_WORKER_IS_THERE = "async () => { await navigator.serviceWorker.ready }"


def test_a_step_made_offline_is_kept_and_sent_when_the_line_is_back(
    visit: Visit, known: dict[str, str], aqad: Installation
) -> None:
    code = known["assigned_delivery"]
    api = Api(f"http://127.0.0.1:{aqad.port}", "driver")
    driver = visit("driver", viewport=PHONE)
    driver.expects_loss = True
    driver.open(f"/drive/{code}")
    driver.page.evaluate(_WORKER_IS_THERE)
    driver.context.set_offline(True)
    driver.button("I have picked it up").click()
    expect(driver.page.get_by_text(f"{code} · Picked up · Waiting to be sent")).to_be_visible()
    expect(driver.button("I have picked it up")).to_be_hidden()
    assert api.get(f"/api/deliveries/{code}")["status"] == "assigned"

    driver.context.set_offline(False)

    eventually(lambda: api.get(f"/api/deliveries/{code}")["status"] == "picked_up", "the step to be sent")
    expect(driver.button("I am on my way")).to_be_visible()
    expect(driver.page.get_by_text("Waiting to be sent")).to_be_hidden()


def test_a_page_that_cannot_be_had_is_a_page_that_says_what_to_do(visit: Visit) -> None:
    driver = visit("driver", viewport=PHONE)
    driver.expects_loss = True
    driver.open("/drive")
    driver.page.evaluate(_WORKER_IS_THERE)
    driver.context.set_offline(True)

    driver.page.goto(f"{driver.page.url}/history")

    expect(driver.page.get_by_role("heading", level=1)).to_contain_text("offline")
