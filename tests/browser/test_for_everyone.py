"""What holds for every page: nobody is shut out, nothing runs off the side of a narrow window."""

import pytest
from playwright.sync_api import Page

from tests.browser import axe
from tests.browser.conftest import Visit
from tests.browser.places import PLACES, reachable

NARROW = {"width": 320, "height": 700}
WIDE = {"width": 1280, "height": 900}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("role", PLACES, ids=lambda role: role or "visitor")
def test_every_page_is_for_everyone_in_light_and_dark_wide_and_narrow(
    visit: Visit, known: dict[str, str], role: str, language: str
) -> None:
    visitor = visit(role, language=language, viewport=WIDE)
    page, wrong = visitor.page, []
    for place, path in reachable(PLACES[role], known):
        if not path:
            wrong.append(f"{place.name}: the demo has nothing to show at {place.path}")
            continue
        answer = page.goto(path)
        if answer is None or answer.status != place.status:
            wrong.append(f"{place.name}: {path} answered {answer and answer.status}")
            continue
        wrong += [f"{place.name}: {each}" for each in _faults(page, language)]

    assert not wrong, "\n".join(wrong)


def _faults(page: Page, language: str) -> list[str]:
    """In dark at a desk and in light on a small phone: axe's findings depend on colours and layout."""
    found = []
    if page.locator("html").get_attribute("lang") != language:
        found.append(f"is not in {language}")
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {each}" for each in axe.violations(page)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(NARROW)
    found += [f"light, narrow: {each}" for each in axe.violations(page)]
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if beyond > 0:
        found.append(f"runs {beyond} px off the side at {NARROW['width']} px")
    page.set_viewport_size(WIDE)
    return found
