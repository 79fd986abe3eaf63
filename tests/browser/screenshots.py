"""`make screenshots`: every page as a picture, for looking at.

`make screenshots ARGS=http://127.0.0.1:8000` takes those of a running AQAD with its demo. Pictures go to
var/screenshots/<language>-<width>/<page>.png, and var/screenshots/index.html shows them all.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from itertools import product
from pathlib import Path
from signal import SIGTERM

from playwright.sync_api import Page, sync_playwright

from aqad.demo.sign_ins import PASSWORD
from aqad.runner.program import PROJECT
from tests.browser import chromium
from tests.browser.places import PEOPLE, PLACES, mailed_things, prepare, reachable, things
from tests.browser.visitor import Visitor
from tests.runner.installation import Installation

# A function: a bare expression would be evaluated in the page, where the content policy forbids that.
# What is not shown, or at the far end of a shelf, loads when one gets there.
_ALL_THERE = """() => [...document.images].every(
  (image) => image.complete || !image.getClientRects().length || image.closest(".strip, .gallery-stage")
)"""
FOLDER = PROJECT / "var" / "screenshots"
LANGUAGES = ("en", "ar")
WIDTHS = {390: 844, 1440: 900}


def main() -> int:
    """Take all pictures; the exit code is 1 where pages met a problem, which is told."""
    if not chromium.find():
        print("There is no Chromium here, which takes the pictures (on Debian: apt install chromium).")
        return 2
    problems = []
    with _aqad(sys.argv[1:]) as (url, known), sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for language, (width, height), role in product(LANGUAGES, WIDTHS.items(), PLACES):
            viewport = {"width": width, "height": height}
            visitor = Visitor.arrive(browser, (url,), language, viewport=viewport)
            problems += _take(visitor, role, known, FOLDER / f"{language}-{width}")
        browser.close()
    _show_all()
    print(f"All pictures: {FOLDER / 'index.html'}")
    print("".join(f"Problem: {problem}\n" for problem in problems), end="")
    return 1 if problems else 0


@contextmanager
def _aqad(arguments: list[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """An AQAD's address, and what is to be seen in it."""
    if arguments:
        url = arguments[0].rstrip("/")
        prepare(url)
        yield url, things(url)
        return
    with tempfile.TemporaryDirectory() as folder:
        print("Starting an AQAD with demo data …", flush=True)
        installation = Installation(Path(folder), AQAD_DEMO="1", AQAD_RATE_DEFAULT="100000/m")
        installation.start()
        try:
            url = f"http://127.0.0.1:{installation.port}"
            prepare(url)
            yield url, {**things(url), **mailed_things(url, installation.data / "mail")}
        finally:
            installation.end(SIGTERM)
            installation.remove()


def _take(visitor: Visitor, role: str, known: Mapping[str, str], folder: Path) -> list[str]:
    """Everything that a role sees. Returns the problems met."""
    folder.mkdir(parents=True, exist_ok=True)
    if role:
        visitor.sign_in(PEOPLE[role], PASSWORD)
    for place, path in reachable(PLACES[role], known):
        if not path:
            visitor.problems.append(f"{place.name}: nothing to show at {place.path}")
            continue
        answer = place.open(visitor.page, path, wait_until="networkidle")
        if answer is None or answer.status != place.status:
            visitor.problems.append(f"{place.name}: {path} answered {answer and answer.status}")
        target = folder / f"{place.name}.png"
        _picture(visitor.page, target)
        print(f"{target.relative_to(PROJECT)}  {path}", flush=True)
    visitor.context.close()
    return visitor.problems


def _picture(page: Page, target: Path) -> None:
    """The whole page, in a window as high as the page: what sticks to the window's edge stays at the edge."""
    window = page.viewport_size
    assert window is not None
    high = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": window["width"], "height": max(high, window["height"])})
    page.wait_for_function(_ALL_THERE)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=target, full_page=True, animations="disabled")
    page.set_viewport_size(window)


def _show_all() -> None:
    """Write a contact sheet: a row a page, a column a language and width."""
    folders = [f"{language}-{width}" for width in WIDTHS for language in LANGUAGES]
    names = [place.name for places in PLACES.values() for place in places]
    rows = "".join(f"<tr><th>{escape(name)}</th>{_cells(name, folders)}</tr>" for name in names)
    head = "".join(f"<th>{folder}</th>" for folder in folders)
    (FOLDER / "index.html").write_text(
        "<!doctype html><meta charset=utf-8><title>AQAD, every page</title>"
        "<style>body{font:14px sans-serif}td{vertical-align:top;padding:8px}"
        "img{width:100%;max-width:420px;border:1px solid #ccc}th{text-align:start}</style>"
        f"<table><tr><th></th>{head}</tr>{rows}</table>"
    )


def _cells(name: str, folders: list[str]) -> str:
    taken = (f"{folder}/{name}.png" for folder in folders)
    return "".join(
        f'<td><a href="{path}"><img src="{path}" alt="{escape(name)}" loading="lazy"></a></td>'
        if (FOLDER / path).exists()
        else "<td></td>"
        for path in taken
    )


if __name__ == "__main__":
    sys.exit(main())
