"""Every page, every parameter and every form of it, tried with what nobody means: never a crash."""

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from itertools import cycle
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from tests.sweep import odd
from tests.sweep.asking import ask_page
from tests.sweep.table import PAGES, RIVALS, Page
from tests.sweep.world import World

LANGUAGES = ("en", "ar")
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "odd"


class Visitors:
    """A browser for everybody of the world, by turns in English and in Arabic."""

    def __init__(self, world: World) -> None:
        self.of = {actor: self._browser(world.people.get(actor)) for actor in [*world.people, "anonymous"]}
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

    def see_that_nothing_crashed(self) -> None:
        assert not self._wrong, "\n".join(["", f"{len(self._wrong)} crashes", *self._wrong[:40]])

    def _browser(self, user: User | None) -> Client:
        client = Client(raise_request_exception=False)
        if user:
            client.force_login(user)
        return client


@pytest.fixture
def visitors(world: World) -> Visitors:
    return Visitors(world)


def test_no_parameter_of_any_page_breaks_it(world: World, visitors: Visitors) -> None:
    for number, page in enumerate(PAGES):
        path, clients = world.fill(page.path), cycle(_who_may(page, visitors))
        if page.answers == 405:
            continue
        with odd.names_asked() as asked:
            text = _text(visitors.ask(next(clients), "GET", path))
        names = asked | odd.read_page(path, text)[1]
        for turn, query in enumerate(odd.queries(names, odd.USUAL, _turns(number))):
            partial = {"hx-request": "true", "hx-target": "listing"} if turn % 3 == 0 else {}
            visitors.ask(next(clients), "GET", f"{path}?{query}", headers=partial)
    visitors.see_that_nothing_crashed()


def test_no_odd_code_in_an_address_breaks_a_page(world: World, visitors: Visitors) -> None:
    for page in PAGES:
        clients, methods = cycle(_who_may(page, visitors)), cycle(("GET", "POST", "POST"))
        for name in re.findall(r"\{\w+\}", page.path):
            for part in odd.ODD_PARTS:
                path = world.fill(page.path.replace(name, part.replace("{}", "{{}}")))
                visitors.ask(next(clients), next(methods), path)
    visitors.see_that_nothing_crashed()


def test_no_form_of_any_page_breaks_by_what_is_typed(world: World, visitors: Visitors) -> None:
    for number, (client, form) in enumerate(_every_form(world, visitors)):
        for at, body in enumerate(odd.bodies(form, range(number % 12, len(odd.ODD), 12))):
            _send(visitors, client, form, body, at)
    visitors.see_that_nothing_crashed()


def _send(visitors: Visitors, client: Client, form: odd.Form, body: dict[str, Any], turn: int) -> None:
    if form.files or turn % 5 == 4:
        sent = {
            "data": odd.multipart(body, BOUNDARY),
            "content_type": f"multipart/form-data; boundary={BOUNDARY}",
        }
    else:
        sent = {"data": odd.urlencoded(body), "content_type": FORM}
    visitors.ask(client, "POST", form.action, **sent)


def _every_form(world: World, visitors: Visitors) -> Iterator[tuple[Client, odd.Form]]:
    """Each kind of form once, as somebody who is offered it; and what views look for beside it."""
    seen = set()
    for page in PAGES:
        path = world.fill(page.path)
        for _role, client in _by_role(page, visitors)[:2]:
            answer = visitors.ask(client, "GET", path)
            forms = odd.read_page(path, _text(answer))[0]
            with odd.names_asked() as asked:
                visitors.ask(client, "POST", path, data=b"odd=1", content_type=FORM)
            asked_for = tuple((name, "") for name in sorted(asked | {"next"}))
            for form in [*forms, odd.Form(path, asked_for, frozenset())]:
                if form.kind not in seen:
                    seen.add(form.kind)
                    yield client, form


def _turns(number: int) -> range:
    """A third of all odd values, another one for each of three pages in a row."""
    return range(number % 3, len(odd.ODD), 3)


def _text(answer: Any) -> str:
    """Of a file that comes in pieces none."""
    return "" if answer.streaming else answer.content.decode("utf-8", "replace")


def _by_role(page: Page, visitors: Visitors) -> list[tuple[str, Client]]:
    """One of each role for whom there is something to see; first of all those who are nobody's rivals."""
    owners = [actor for actor in visitors.of if actor in page.who.may & page.who.sees - RIVALS]
    return [(actor, visitors.of[actor]) for actor in owners if actor != "clerk" or len(owners) == 1]


def _who_may(page: Page, visitors: Visitors) -> list[Client]:
    return [client for _role, client in _by_role(page, visitors)]
