"""What holds for every page: nobody is shut out, nothing runs off the side of a narrow window."""

import pytest
from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TookTooLong

from tests.browser import axe
from tests.browser.conftest import Visit
from tests.browser.places import PLACES, reachable

# What axe finds depends on words, colours and layout. Two looks at every page cover both of each.
LOOKS = {
    "en": {"color_scheme": "dark", "viewport": {"width": 1280, "height": 900}},
    "ar": {"color_scheme": "light", "viewport": {"width": 320, "height": 700}},
}
SETTLES = 10_000  # milliseconds in which plots have taken the window's new size
# A function: a bare expression would be evaluated in the page, where the content policy forbids that.
_FITS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
NARROW = {"width": 320, "height": 700}


@pytest.mark.parametrize("language", LOOKS)
@pytest.mark.parametrize("role", PLACES, ids=lambda role: role or "visitor")
def test_every_page_is_for_everyone(visit: Visit, known: dict[str, str], role: str, language: str) -> None:
    visitor = visit(role, language=language, **LOOKS[language])
    page, wrong = visitor.page, []
    for place, path in reachable(PLACES[role], known):
        if not path:
            wrong.append(f"{place.name}: the demo has nothing to show at {place.path}")
            continue
        page.set_viewport_size(LOOKS[language]["viewport"])
        answer = place.open(page, path)
        if answer is None or answer.status != place.status:
            wrong.append(f"{place.name}: {path} answered {answer and answer.status}")
            continue
        wrong += [f"{place.name}: {each}" for each in _faults(page, language)]

    assert not wrong, "\n".join(wrong)


def _faults(page: Page, language: str) -> list[str]:
    """What axe finds, another language than asked for, and what runs off the side of a small phone."""
    found = axe.violations(page)
    if page.locator("html").get_attribute("lang") != language:
        found.append(f"is not in {language}")
    page.set_viewport_size(NARROW)
    try:
        page.wait_for_function(_FITS, timeout=SETTLES)
    except TookTooLong:
        found.append(f"runs off the side at {NARROW['width']} px")
    return found
