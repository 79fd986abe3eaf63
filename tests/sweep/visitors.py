"""Browsers for everybody, by turns in English and in Arabic, that note each crash."""

import re
import time
from http.cookies import SimpleCookie
from itertools import cycle
from typing import Any

from django.test import Client

from accounts.models import User
from accounts.sessions import PASSWORD_AGAIN
from tests.sweep import odd
from tests.sweep.asking import ask_page

LANGUAGES = ("en", "ar")
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "odd"


class Visitors:
    """`of` are browsers by actor; who is signed in has given the password a moment ago."""

    def __init__(self, people: dict[str, User]) -> None:
        self.of = {actor: _browser(people.get(actor)) for actor in [*people, "anonymous"]}
        self._languages = cycle(LANGUAGES)
        self._wrong: list[str] = []

    def ask(self, client: Client, method: str, path: str, **sent: Any) -> Any:
        signed_in = SimpleCookie({name: cookie.value for name, cookie in client.cookies.items()})
        client.cookies["django_language"] = next(self._languages)
        with odd.crashes() as crashed:
            answer = ask_page(client, method, path, **sent)
        client.cookies = signed_in  # what the answer changed is rolled back, too
        if answer.status_code >= 500 or crashed:
            told = re.sub(r"(.)\1{20,}", r"\1…", f"{path} {sent.get('data', b'')!r}")[:300]
            self._wrong.append(f"{method} {told}: {answer.status_code} {' '.join(crashed)}")
        return answer

    def send(self, client: Client, form: odd.Form, body: dict[str, Any], turn: int) -> Any:
        """A form as a browser sends it: with files, and now and then without, in parts."""
        if form.files or turn % 5 == 4:
            kind, data = f"multipart/form-data; boundary={BOUNDARY}", odd.multipart(body, BOUNDARY)
        else:
            kind, data = FORM, odd.urlencoded(body)
        return self.ask(client, "POST", form.action, data=data, content_type=kind)

    def see_that_nothing_crashed(self) -> None:
        assert not self._wrong, "\n".join(["", f"{len(self._wrong)} crashes", *self._wrong[:40]])


def text_of(answer: Any) -> str:
    """Of a file that comes in pieces none."""
    return "" if answer.streaming else answer.content.decode("utf-8", "replace")


def _browser(user: User | None) -> Client:
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
        session = client.session
        session[PASSWORD_AGAIN] = time.time()
        session.save()
    return client
