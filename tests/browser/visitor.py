"""One person at a browser of their own. What a person should never meet is written down as a problem."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.utils import translation
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    ViewportSize,
    WebError,
    expect,
)

WINDOW = ViewportSize(width=1280, height=900)
PHONE = ViewportSize(width=390, height=844)

# Each breach of the content security policy becomes an error on the console.
_TELL_BREACHES = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} forbids ${event.blockedURI} ${event.sample}`));
"""
# The browser's own word for every 4xx and 5xx; statuses are judged where the answers come in.
_ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of ")
_OFFLINE = re.compile(r"net::ERR_INTERNET_DISCONNECTED")
_PLACEHOLDER = re.compile(r"%\\?\((\w+)\\?\)s")


@dataclass
class Visitor:
    """A fresh context in one language, watched from its first request to its last."""

    context: BrowserContext
    page: Page
    url: str
    language: str
    hosts: frozenset[str]
    problems: list[str] = field(default_factory=list)
    expects_loss: bool = False  # this person's line breaks on purpose

    @classmethod
    def arrive(cls, browser: Browser, urls: Iterable[str], language: str = "en", **options: Any) -> "Visitor":
        """Open a browser. `urls` are the sites that pages may talk to, AQAD's own first."""
        own, *others = urls
        context = browser.new_context(
            base_url=own, locale=f"{language}-AE", reduced_motion="reduce", **{"viewport": WINDOW, **options}
        )
        context.add_init_script(_TELL_BREACHES)
        hosts = frozenset(urlsplit(each).netloc for each in (own, *others))
        visitor = cls(context, context.new_page(), own, language, hosts)
        context.on("console", visitor._hear)
        context.on("weberror", visitor._hear_error)
        context.on("request", visitor._see_request)
        context.on("response", visitor._see_answer)
        context.on("requestfailed", visitor._see_loss)
        return visitor

    # What a person does ----------------------------------------------------------------------

    def open(self, path: str) -> Page:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path} answered {answer.status}"
        return self.page

    def sign_in(self, email: str, password: str) -> None:
        """Through the form's address, without showing it."""
        self.context.request.get("/sign-in")
        token = next(each["value"] for each in self.context.cookies() if each["name"] == "csrftoken")
        form = {"email": email, "password": password, "csrfmiddlewaretoken": token}
        answer = self.context.request.post("/sign-in", form=form, max_redirects=0)
        assert answer.status == 302, f"{email} is answered {answer.status} at /sign-in"
        self.read_in(self.language)

    def read_in(self, language: str) -> None:
        """Choose a language, whatever the account says."""
        self.language = language
        self.context.add_cookies([{"name": "django_language", "value": language, "url": self.url}])

    # What a person sees ----------------------------------------------------------------------

    def said(self, text: str, **values: object) -> "str | re.Pattern[str]":
        """AQAD's words for a text in this person's language; what is not given may be anything."""
        with translation.override(self.language):
            words = translation.gettext(text)
        if not _PLACEHOLDER.search(words):
            return words
        parts = _PLACEHOLDER.sub(
            lambda found: re.escape(str(values[found[1]])) if found[1] in values else ".*", re.escape(words)
        )
        return re.compile(parts)

    def count(self, text: str, number: int) -> str:
        """AQAD's words for a number of things."""
        with translation.override(self.language):
            return translation.ngettext(text, f"{text}s", number) % {"number": number}

    def button(self, text: str, **values: object) -> Locator:
        return self.page.get_by_role("button", name=self.said(text, **values))

    def link(self, text: str, **values: object) -> Locator:
        return self.page.get_by_role("link", name=self.said(text, **values))

    def field(self, label: str, **values: object) -> Locator:
        return self.page.get_by_label(self.said(label, **values))

    def heading(self, text: str, **values: object) -> Locator:
        return self.page.get_by_role("heading", name=self.said(text, **values))

    def text(self, text: str, **values: object) -> Locator:
        return self.page.get_by_text(self.said(text, **values))

    def sees(self, text: str, **values: object) -> None:
        expect(self.text(text, **values).first).to_be_visible()

    # What should never be --------------------------------------------------------------------

    def _hear(self, message: ConsoleMessage) -> None:
        lost = self.expects_loss and _OFFLINE.search(message.text)
        if message.type == "error" and not _ANSWERED.match(message.text) and not lost:
            self.problems.append(f"{self.page.url}: console: {message.text}")

    def _hear_error(self, error: WebError) -> None:
        self.problems.append(f"{self.page.url}: script: {error.error}")

    def _see_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and address.netloc not in self.hosts:
            self.problems.append(f"{self.page.url}: asks another host: {request.url}")

    def _see_answer(self, answer: Response) -> None:
        part = answer.request.resource_type not in {"document", "xhr", "fetch"}
        if answer.status >= 500 or (part and answer.status >= 400):
            self.problems.append(f"{answer.request.method} {answer.url}: {answer.status}")

    def _see_loss(self, request: Request) -> None:
        """A request without an answer; one that the next page cut short is nothing."""
        if request.failure != "net::ERR_ABORTED" and not self.expects_loss:
            self.problems.append(f"{self.page.url}: {request.url}: {request.failure}")
