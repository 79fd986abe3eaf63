"""The admin site tried with what nobody means: no list, row, action, form or other page of it crashes."""

from collections.abc import Iterator
from itertools import cycle, islice
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client

from aqad.lib.staff_admin import StaffAdmin
from tests import factories
from tests.sweep import odd
from tests.sweep.staff_pages import model_url, other_pages, row_of
from tests.sweep.staff_table import MODELS, ROLES
from tests.sweep.visitors import FORM, Visitors, text_of
from tests.sweep.world import World

ROWS = ("change", "history", "delete")


@pytest.fixture
def visitors(world: World) -> Visitors:
    roles = {letter: factories.make_staff(role) for letter, role in ROLES.items()}
    return Visitors({"admin": world.people["admin"], **roles})


def test_every_list_and_form_reads_requests_as_ours_do() -> None:
    others = [model for model, page in admin.site._registry.items() if not isinstance(page, StaffAdmin)]
    assert not others, "let their pages inherit from StaffAdmin"


def test_no_parameter_of_any_list_breaks_it(visitors: Visitors) -> None:
    for number, model in enumerate(admin.site._registry):
        path, clients = model_url(model, "changelist"), cycle(_who_sees(model, visitors))
        names = odd.read_page(path, text_of(visitors.ask(next(clients), "GET", path)))[1]
        for query in odd.queries(names, odd.OF_ADMIN, range(number % 7, len(odd.ODD), 7)):
            visitors.ask(next(clients), "GET", f"{path}?{query}")
        for query in odd.alone(odd.OF_ADMIN, number):
            visitors.ask(next(clients), "GET", f"{path}?{query}")
    visitors.see_that_nothing_crashed()


def test_no_lookup_of_any_field_breaks_a_list(visitors: Visitors) -> None:
    turns = iter(range(10**6))
    for model in admin.site._registry:
        path, clients = model_url(model, "changelist"), cycle(_who_sees(model, visitors))
        for field in ["pk", *(each.name for each in model._meta.get_fields())]:
            for query in odd.lookups(field, next(turns)):
                visitors.ask(next(clients), "GET", f"{path}?{query}")
    visitors.see_that_nothing_crashed()


def test_no_odd_key_in_an_address_breaks_a_page_of_a_row(visitors: Visitors) -> None:
    parts = cycle((*odd.ODD_PARTS, "_37", "_", "9" * 5000, "1_0", "+1", "1/2"))
    for model in admin.site._registry:
        clients = cycle(_who_sees(model, visitors))
        pages, methods = cycle(ROWS), cycle(("GET", "GET", "POST"))
        for part in islice(parts, 9):
            path = f"{model_url(model, 'changelist')}{part}/{next(pages)}/"
            visitors.ask(next(clients), next(methods), path)
    visitors.see_that_nothing_crashed()


def test_nothing_beside_the_address_of_a_row_breaks_its_pages(world: World, visitors: Visitors) -> None:
    for number, model in enumerate(admin.site._registry):
        row, clients = row_of(model, world), cycle(_who_sees(model, visitors))
        for query in odd.queries((), odd.OF_ADMIN, range(number % 20, len(odd.ODD), 20)):
            for page in ROWS if row is not None else ("add",):
                path = model_url(model, page, *([row.pk] if row is not None else []))
                visitors.ask(next(clients), "GET", f"{path}?{query}")
    visitors.see_that_nothing_crashed()


def test_no_action_breaks_by_what_is_chosen_and_typed(world: World, visitors: Visitors) -> None:
    turns = iter(range(10**6))
    for model in admin.site._registry:
        row = row_of(model, world)
        path = model_url(model, "changelist")
        for action, who in MODELS[model._meta.label].actions.items():
            clients = cycle(visitors.of[actor] for actor in ("admin", *who))
            for body in _actions(action, row, next(turns)):
                form = odd.Form(path, (), frozenset())
                visitors.send(next(clients), form, body, next(turns))  # asking reads the file that comes
    visitors.see_that_nothing_crashed()


def test_no_form_of_a_row_breaks_by_what_is_typed(world: World, visitors: Visitors) -> None:
    for number, (client, form) in enumerate(_every_form(world, visitors)):
        for at, body in enumerate(odd.bodies(form, range(number % 12, len(odd.ODD), 12))):
            visitors.send(client, form, body, at)
    visitors.see_that_nothing_crashed()


def test_no_parameter_of_the_other_pages_breaks_them(world: World, visitors: Visitors) -> None:
    for number, (_page, path, _args) in enumerate(other_pages(world).values()):
        client = visitors.of["admin"]
        with odd.names_asked() as asked:
            text = text_of(visitors.ask(client, "GET", path))
        names = asked | odd.read_page(path, text)[1]
        for query in odd.queries(names, odd.OF_ADMIN, range(number % 9, len(odd.ODD), 9)):
            visitors.ask(client, "GET", f"{path}?{query}")
    visitors.see_that_nothing_crashed()


def test_no_odd_code_in_an_address_breaks_another_page(world: World, visitors: Visitors) -> None:
    for _page, path, args in other_pages(world).values():
        methods = cycle(("GET", "POST"))
        for arg, part in ((arg, part) for arg in args for part in odd.ODD_PARTS):
            visitors.ask(visitors.of["admin"], next(methods), path.replace(f"/{arg}", f"/{part}", 1))
    visitors.see_that_nothing_crashed()


def _every_form(world: World, visitors: Visitors) -> Iterator[tuple[Client, odd.Form]]:
    """Each kind of form once, as the superuser, who is offered them all, and as one of its role."""
    paths = [path for _page, path, _args in other_pages(world).values()]
    for model in admin.site._registry:
        row, rows = row_of(model, world), MODELS[model._meta.label]
        paths += [model_url(model, "add")] if rows.add or model._meta.label == "accounts.User" else []
        paths += [model_url(model, "change", row.pk)] if row is not None and rows.change else []
        paths += [model_url(model, "delete", row.pk)] if row is not None and rows.delete else []
    client, seen = visitors.of["admin"], set()
    for path in paths:
        forms = odd.read_page(path, text_of(visitors.ask(client, "GET", path)))[0]
        with odd.names_asked() as asked:
            visitors.ask(client, "POST", path, data=b"odd=1", content_type=FORM)
        looked_for = odd.Form(path, tuple((name, "") for name in sorted(asked)), frozenset())
        for form in [*forms, looked_for]:
            if form.kind not in seen:
                seen.add(form.kind)
                yield client, form


def _actions(action: str, row: Any, turn: int) -> Iterator[dict[str, Any]]:
    """An odd row with a sound reason; then a sound row, or all of them, with what is odd beside."""
    key = "" if row is None else str(row.pk)
    value = [odd.ODD[(turn + 7 * at) % len(odd.ODD)] for at in range(5)]
    sound = {"action": action, "index": "0", "_selected_action": key, "reason": "Said."}
    yield {**sound, "_selected_action": value[0]}
    yield {**sound, "_selected_action": "abc"}
    yield {**sound, "reason": value[1], "partner": value[2]}
    yield {**sound, "reason": value[2], "select_across": "1", "_selected_action": value[3]}
    yield {**sound, "index": value[3], "select_across": value[4], "partner": "9" * 40}
    yield {"action": action, "_selected_action": key, "post": value[4]}


def _who_sees(model: type[Model], visitors: Visitors) -> list[Client]:
    return [visitors.of[actor] for actor in ("admin", *MODELS[model._meta.label].see)]
