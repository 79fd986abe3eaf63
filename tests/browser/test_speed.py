"""Lists and products come light and stand still."""

import gzip
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response

from tests.browser.conftest import Visit
from tests.browser.visitor import PHONE, WINDOW

MOST_BYTES = 150 * 1024
# A busy machine may paint a page of which it has read a part; its bars then settle by some thousandths.
# A picture or a font without its place costs more than this, and 0.1 is what is called good.
NOTICEABLE = 0.01
TEXT = (".css", ".js", ".svg")
_WATCH = """
globalThis.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) {
    shifts.push([value, sources.map((each) => each.node?.outerHTML?.slice(0, 120)).join(" | ")]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
PAGES = ["/products", "/products/P1001"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_weighs_little_without_its_product_pictures(visit: Visit, path: str) -> None:
    visitor = visit(viewport=PHONE)
    answered: dict[str, Response] = {}
    visitor.context.on("response", lambda answer: answered.update({answer.url: answer}))
    visitor.page.goto(path, wait_until="networkidle")
    weights = {url: _weight(answer) for url, answer in answered.items() if "/media/" not in url}

    heaviest = "\n".join(
        f"{weight:7} {url}" for url, weight in sorted(weights.items(), key=lambda each: -each[1])
    )
    assert sum(weights.values()) <= MOST_BYTES, f"{sum(weights.values())} bytes:\n{heaviest}"


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("path", PAGES)
def test_nothing_on_a_page_jumps_while_it_loads(visit: Visit, path: str, language: str) -> None:
    for viewport in (PHONE, WINDOW):
        visitor = visit(language=language, viewport=viewport)
        visitor.context.add_init_script(_WATCH)
        visitor.page.goto(path, wait_until="networkidle")
        _scroll_through(visitor.page)

        shifts = visitor.page.evaluate("shifts")
        assert sum(value for value, _moved in shifts) < NOTICEABLE, shifts


def _weight(answer: Response) -> int:
    """Bytes over the wire. Static text is sent compressed only in production, whose way is followed here."""
    if urlsplit(answer.url).path.endswith(TEXT):
        return len(gzip.compress(answer.body()))
    return answer.request.sizes()["responseBodySize"]


def _scroll_through(page: Page) -> None:
    """Let pictures that load late load."""
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    page.evaluate("scrollTo(0, 0)")
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
