"""Every page, every parameter and every form of it, tried with what nobody means: never a crash."""

import re
from collections.abc import Iterator
from itertools import chain, cycle

import pytest
from django.test import Client

from tests.sweep import odd
from tests.sweep.table import PAGES, RIVALS, Page
from tests.sweep.visitors import FORM, Visitors, text_of
from tests.sweep.world import World

LEAST = 6  # requests of a page whose names had all odd values on others


@pytest.fixture
def visitors(world: World) -> Visitors:
    return Visitors(world.people)


def test_no_parameter_of_any_page_breaks_it(world: World, visitors: Visitors) -> None:
    rotation = odd.Rotation()
    for page in PAGES:
        path, clients = world.fill(page.path), cycle(_who_may(page, visitors))
        if page.answers == 405:
            continue
        with odd.names_asked() as asked:
            text = text_of(visitors.ask(next(clients), "GET", path))
        names = asked | odd.read_page(path, text)[1]
        together = rotation.together(names, odd.USUAL, least=LEAST)
        for turn, query in enumerate(chain(together, rotation.alone(names), rotation.repeated(names))):
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
        for at, body in enumerate(odd.bodies(form, range(number % 8, len(odd.ODD), 8))):
            visitors.send(client, form, body, at)
    visitors.see_that_nothing_crashed()


def _every_form(world: World, visitors: Visitors) -> Iterator[tuple[Client, odd.Form]]:
    """Each kind of form once, as somebody who is offered it; and what views look for beside it."""
    seen = set()
    for page in PAGES:
        path = world.fill(page.path)
        for _role, client in _by_role(page, visitors)[:2]:
            answer = visitors.ask(client, "GET", path)
            forms = odd.read_page(path, text_of(answer))[0]
            with odd.names_asked() as asked:
                visitors.ask(client, "POST", path, data=b"odd=1", content_type=FORM)
            asked_for = tuple((name, "") for name in sorted(asked | {"next"}))
            for form in [*forms, odd.Form(path, asked_for, frozenset())]:
                if form.kind not in seen:
                    seen.add(form.kind)
                    yield client, form


def _by_role(page: Page, visitors: Visitors) -> list[tuple[str, Client]]:
    """One of each role for whom there is something to see; first of all those who are nobody's rivals."""
    owners = [actor for actor in visitors.of if actor in page.who.may & page.who.sees - RIVALS]
    return [(actor, visitors.of[actor]) for actor in owners if actor != "clerk" or len(owners) == 1]


def _who_may(page: Page, visitors: Visitors) -> list[Client]:
    return [client for _role, client in _by_role(page, visitors)]
