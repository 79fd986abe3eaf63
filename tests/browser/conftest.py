"""AQAD as `make run` starts it, with its demo; and browsers whose owners must meet no problem."""

import os
import signal
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from aqad.demo.sign_ins import PASSWORD
from tests.browser import chromium, steps
from tests.browser.places import PEOPLE, Api, mailed_things, prepare, register_shop, things
from tests.browser.visitor import Visitor
from tests.runner.installation import Installation

UNLIMITED = {
    f"AQAD_RATE_{name}": "100000/m"
    for name in ("REGISTER", "LOGIN", "LOGIN_EMAIL", "RESET", "ORDER", "DEFAULT")
}
PATIENCE = 60_000  # milliseconds until something must be seen: workers on a busy machine need some

Visit = Callable[..., Visitor]
NewShop = Callable[[], tuple[Api, str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def aqad(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One for all tests in the browser, in whatever worker they run."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        (tmp_path_factory.getbasetemp().parent / "aqad-for-browsers").touch(exist_ok=False)
    if not chromium.find():
        missing = "There is no Chromium, which tests in the browser need (on Debian: apt install chromium)."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    installation = Installation(tmp_path_factory.mktemp("browser"), AQAD_DEMO="1", **UNLIMITED)
    installation.start()
    yield installation
    if installation.is_running():
        installation.end(signal.SIGTERM)
    installation.remove()


@pytest.fixture(scope="session")
def known(aqad: Installation) -> dict[str, str]:
    """The demo's things that places show, before any test changes them."""
    url = f"http://127.0.0.1:{aqad.port}"
    prepare(url)
    return {**things(url), **mailed_things(url, aqad.data / "mail")}


@pytest.fixture(scope="module")
def browser(aqad: Installation) -> Iterator[Browser]:
    """One a module: while Playwright runs, Django takes its loop for ours and refuses the database."""
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        started = chromium.launch(playwright)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, aqad: Installation) -> Iterator[Visit]:
    """Bring a person: `visit("retailer", language="ar", viewport=PHONE)`; nobody's name stays outside.

    Fails the test on anything that Visitor holds for a problem.
    """
    visitors: list[Visitor] = []
    urls = (f"http://127.0.0.1:{aqad.port}", f"http://127.0.0.1:{aqad.gateway_port}")

    def arrive(who: str = "", *, language: str = "en", **options: Any) -> Visitor:
        visitor = Visitor.arrive(browser, urls, language, **options)
        visitors.append(visitor)
        visitor.context.set_default_timeout(PATIENCE)
        visitor.context.set_default_navigation_timeout(2 * PATIENCE)
        if who:
            ours = "@shops.example" in who
            visitor.sign_in(PEOPLE.get(who, who), steps.PASSWORD if ours else PASSWORD)
        return visitor

    yield arrive
    for visitor in visitors:
        visitor.context.close()
    problems = [problem for visitor in visitors for problem in visitor.problems]
    assert not problems, "\n".join(problems)


@pytest.fixture
def new_shop(aqad: Installation) -> NewShop:
    """Open the account of another shop in Dubai: its app, and the e-mail to sign in with."""

    def register() -> tuple[Api, str]:
        url, email = f"http://127.0.0.1:{aqad.port}", f"shop.{uuid.uuid4().hex[:8]}@shops.example"
        register_shop(url, email, steps.PASSWORD)
        return Api(url, email, steps.PASSWORD), email

    return register
