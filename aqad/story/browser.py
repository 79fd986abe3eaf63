"""A buyer's browser: follows redirects one by one, reads the form in the page, fills it in and sends it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

from aqad.story import telling
from aqad.story.errors import StoryError
from aqad.story.http import TIMEOUT, new_session

MOST_REDIRECTS = 10


@dataclass
class Form:
    action: str = ""
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)


@dataclass
class Page:
    url: str
    heading: str
    text: str
    form: Form | None


class Browser:
    """One browser with its cookies. Every hop is told."""

    def __init__(self, who: str) -> None:
        self.who = who
        self.session = new_session()

    def open(self, url: str) -> Page:
        return self._follow("GET", url, {})

    def send(self, page: Page, **typed: str) -> Page:
        """Fill in the page's form and press its first button."""
        if page.form is None:
            raise StoryError(f"There is no form on {page.url}.")
        if missing := set(typed) - set(page.form.fields):
            raise StoryError(f"The form on {page.url} has no field {', '.join(sorted(missing))}.")
        target = urljoin(page.url, page.form.action)
        return self._follow(page.form.method.upper(), target, {**page.form.fields, **typed})

    def _follow(self, method: str, url: str, values: dict[str, str]) -> Page:
        for _hop in range(MOST_REDIRECTS):
            telling.request(self.who, method, url, telling.body(values))
            response = self.session.request(
                method, url, data=values or None, allow_redirects=False, timeout=TIMEOUT
            )
            if not response.is_redirect:
                return _page(response)
            telling.answer(response.status_code, [("to", response.headers["Location"])])
            url = urljoin(url, response.headers["Location"])
            method, values = "GET", {}
        raise StoryError(f"More than {MOST_REDIRECTS} redirects, the last to {url}.")


class _Reader(HTMLParser):
    """Finds the heading, the visible text and the first form; of its buttons only the first."""

    def __init__(self) -> None:
        super().__init__()
        self.form: Form | None = None
        self.heading = ""
        self.words: list[str] = []
        self._in_heading = self._in_form = self._has_button = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "h1":
            self._in_heading = True
        elif tag == "form" and self.form is None:
            self._in_form = True
            self.form = Form(found.get("action", ""), found.get("method", "get"))
        elif self._in_form and self.form is not None:
            is_button = tag == "button" or found.get("type") == "submit"
            if found.get("name") and not (is_button and self._has_button):
                self.form.fields[found["name"]] = found.get("value", "")
            self._has_button = self._has_button or is_button

    def handle_endtag(self, tag: str) -> None:
        self._in_heading = self._in_heading and tag != "h1"
        self._in_form = self._in_form and tag != "form"

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self._in_heading:
            self.heading += data


def _page(response: requests.Response) -> Page:
    reader = _Reader()
    reader.feed(response.text)
    telling.answer(response.status_code, [("page", " ".join(reader.heading.split()))])
    if response.status_code != 200:
        raise StoryError(f"{response.url} answered {response.status_code}.")
    return Page(response.url, reader.heading.strip(), " ".join(" ".join(reader.words).split()), reader.form)
