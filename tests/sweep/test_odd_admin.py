"""The admin site tried with what nobody means: no list, row, action, form or other page of it crashes."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, count, cycle, islice
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.options import TO_FIELD_VAR
from django.db.models import Model
from django.test import Client

from aqad.lib.staff_admin import StaffAdmin
from tests import factories
from tests.sweep import odd
from tests.sweep.staff_pages import model_url, other_pages, row_of
from tests.sweep.staff_table import MODELS, ROLES
from tests.sweep.visitors import FORM, Visitors, text_of
from tests.sweep.world import World

# Outside of tests, where no warning is an error, a moment without a time zone is one of Dubai.
pytestmark = pytest.mark.filterwarnings("ignore:DateTimeField .* received a naive datetime")
ROWS = ("change", "history", "delete")


@pytest.fixture
def visitors(world: World) -> Visitors:
    roles = {letter: factories.make_staff(role) for letter, role in ROLES.items()}
    return Visitors({"admin": world.people["admin"], **roles})


def test_every_list_and_form_reads_requests_as_ours_do() -> None:
    others = [model for model, page in admin.site._registry.items() if not isinstance(page, StaffAdmin)]
    assert not others, "let their pages inherit from StaffAdmin"


def test_no_parameter_of_any_list_breaks_it(visitors: Visitors) -> None:
    rotation, usual = odd.Rotation(), cycle(odd.OF_ADMIN)
    for model in admin.site._registry:
        path, clients = model_url(model, "changelist"), cycle(_who_sees(model, visitors))
        names = odd.read_page(path, text_of(visitors.ask(next(clients), "GET", path)))[1]
        together = rotation.together((), {*names, *odd.OF_ADMIN}, least=2)
        for query in chain(together, rotation.alone({*names, *islice(usual, 4)})):
            visitors.ask(next(clients), "GET", f"{path}?{query}")
    visitors.see_that_nothing_crashed()


def test_no_lookup_of_any_field_breaks_a_list(visitors: Visitors) -> None:
    turns = count()
    for model in admin.site._registry:
        path, clients = model_url(model, "changelist"), cycle(_who_sees(model, visitors))
        for field in ["pk", *(each.name for each in model._meta.get_fields())]:
            visitors.ask(next(clients), "GET", f"{path}?{odd.lookup(field, next(turns))}")
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
    rotation, pages = odd.Rotation(), cycle(ROWS)
    for model in admin.site._registry:
        row, clients = row_of(model, world), cycle(_who_sees(model, visitors))
        for query in chain(rotation.together((), odd.OF_ADMIN, least=2), ("_to_field=", "_to_field=nope")):
            path = model_url(model, "add") if row is None else model_url(model, next(pages), row.pk)
            visitors.ask(next(clients), "GET", f"{path}?{query}")
    visitors.see_that_nothing_crashed()


def test_no_action_breaks_by_what_is_chosen_and_typed(world: World, visitors: Visitors) -> None:
    turns = count()
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
        for at, body in enumerate(odd.bodies(form, range(number % 15, len(odd.ODD), 15))):
            visitors.send(client, form, body, at)
    visitors.see_that_nothing_crashed()


def test_no_parameter_of_the_other_pages_breaks_them(world: World, visitors: Visitors) -> None:
    rotation, client = odd.Rotation(), visitors.of["admin"]
    for _page, path, _args in other_pages(world).values():
        with odd.names_asked() as asked:
            text = text_of(visitors.ask(client, "GET", path))
        names = asked | odd.read_page(path, text)[1]
        for query in chain(rotation.together((), {*names, *odd.OF_ADMIN}, least=3), rotation.alone(names)):
            visitors.ask(client, "GET", f"{path}?{query}")
    visitors.see_that_nothing_crashed()


def test_no_odd_code_in_an_address_breaks_another_page(world: World, visitors: Visitors) -> None:
    parts, methods = cycle(odd.ODD_PARTS), cycle(("GET", "POST", "POST"))
    for _page, path, args in other_pages(world).values():
        for arg, part in ((arg, part) for arg in args for part in islice(parts, 10)):
            visitors.ask(visitors.of["admin"], next(methods), path.replace(f"/{arg}", f"/{part}", 1))
    visitors.see_that_nothing_crashed()


def _every_form(world: World, visitors: Visitors) -> Iterator[tuple[Client, odd.Form]]:
    """Each kind of form once, as the superuser, who is offered them all."""
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
        forms = [_with_more(form, asked) if form.action == path else form for form in forms]
        looked_for = odd.Form(path, tuple((name, "") for name in sorted(asked)), frozenset())
        has_own = any(form.action == path for form in forms)
        for form in [*forms, *([] if has_own else [looked_for])]:
            if form.kind not in seen:
                seen.add(form.kind)
                yield client, form


def _with_more(form: odd.Form, asked: set[str]) -> odd.Form:
    """Besides what the form offers, what its view looks for; an odd `_to_field` would hide all else."""
    more = sorted(asked - {name for name, _ in form.fields} - form.files - {TO_FIELD_VAR})
    return replace(form, fields=(*form.fields, *((name, "") for name in more)))


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
