"""Each role of staff × each page of the admin site × each action × each call of the API: one table."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern

from aqad import roles
from tests import factories
from tests.sweep import asking
from tests.sweep.asking import ask_page, watch
from tests.sweep.staff_pages import model_url, other_pages, row_of
from tests.sweep.staff_table import CALLS, MODELS, PAGES, ROLES, Rows
from tests.sweep.table import CALLS as EVERY_CALL
from tests.sweep.world import World

USUAL = ("changelist", "add", "history", "delete", "change")


@pytest.fixture
def browsers(world: World) -> dict[str, Client]:
    """One for each role, by its letter."""
    clients = {}
    for letter, role in ROLES.items():
        clients[letter] = Client(raise_request_exception=False)
        clients[letter].force_login(factories.make_staff(role))
    return clients


def test_the_table_names_every_role_model_and_page_of_the_admin_site_and_no_other() -> None:
    assert set(ROLES.values()) == set(roles.ROLES)
    registered = {model._meta.label for model in admin.site._registry}
    assert registered == set(MODELS), "say in tests/sweep/staff_table.py who may do what with it"
    usual = {f"{_name(model)}_{page}" for model in admin.site._registry for page in USUAL}
    names = set(_names()) - usual
    assert names == set(PAGES), "say in tests/sweep/staff_table.py who may open it"


@pytest.mark.django_db
def test_every_right_of_a_role_exists_and_the_groups_have_them_however_often_they_are_written() -> None:
    for _ in range(2):
        roles.write_roles()
        for name, rights in roles.ROLES.items():
            group = Group.objects.get(name=name).permissions.select_related("content_type")
            assert {f"{each.content_type.app_label}.{each.codename}" for each in group} == set(rights)


@pytest.mark.django_db
def test_a_role_loses_by_the_next_migration_what_the_table_does_not_give_it() -> None:
    support = Group.objects.get(name="Support")
    support.permissions.set(Group.objects.get(name="Finance").permissions.all())
    roles.write_roles()
    assert not support.permissions.filter(codename="add_refund").exists()


def test_each_role_opens_the_pages_of_its_rows_and_no_others(
    world: World, browsers: dict[str, Client]
) -> None:
    wrong = []
    for model in admin.site._registry:
        rows, row = MODELS[model._meta.label], row_of(model, world)
        for letter, browser in browsers.items():
            answers = _wrong(browser, letter, model, rows, row)
            wrong += [f"{model._meta.label} {letter}: {answer}" for answer in answers]
    assert not wrong, "\n".join(["", *wrong])


def test_each_role_is_offered_its_actions_and_no_others(world: World, browsers: dict[str, Client]) -> None:
    wrong = []
    for model in admin.site._registry:
        rows = MODELS[model._meta.label]
        known = {name for _, name, _ in admin.site.get_model_admin(model)._get_base_actions()}
        known.discard("delete_selected")  # offered to nobody, as the pages show
        if known != set(rows.actions):
            wrong.append(f"{model._meta.label} has the actions {sorted(known)}")
        for letter in rows.see:
            page = ask_page(browsers[letter], "GET", model_url(model, "changelist"))
            form = page.context["action_form"]
            offered = {name for name, _ in form.fields["action"].choices if name} if form else set()
            meant = {name for name, who in rows.actions.items() if letter in who}
            if offered != meant:
                wrong.append(f"{model._meta.label} {letter}: is offered {sorted(offered)}")
    assert not wrong, "\n".join(["", *wrong])


def test_an_action_that_a_role_has_not_does_nothing(world: World, browsers: dict[str, Client]) -> None:
    wrong = []
    for model in admin.site._registry:
        rows, row = MODELS[model._meta.label], row_of(model, world)
        for letter, browser in browsers.items():
            for action in {*rows.actions, "delete_selected"}:
                if row is None or letter in rows.actions.get(action, ""):
                    continue
                body = {"action": action, "_selected_action": row.pk, "reason": "Because.", "post": "yes"}
                answer, written = watch(browser, "POST", model_url(model, "changelist"), **_form(body))
                if answer.status_code not in (200, 302, 403) or answer.streaming or written:
                    told = f"{answer.status_code}, {written} written"
                    wrong.append(f"{model._meta.label} {action} {letter}: {told}")
    assert not wrong, "\n".join(["", *wrong])


def test_each_role_opens_the_other_pages_that_are_its(world: World, browsers: dict[str, Client]) -> None:
    wrong = []
    for name, (page, url, _args) in other_pages(world).items():
        for letter, browser in browsers.items():
            answer, written = watch(browser, page.method, url)
            if (answer.status_code != 403) != (letter in page.who):
                wrong.append(f"{name} {letter}: {answer.status_code}")
            if letter not in page.who:
                sent, more = watch(browser, "POST", url, **_form({"reason": "Because.", "send": "1"}))
                if sent.status_code not in (403, 405) or written or more:
                    wrong.append(f"{name} {letter}: {sent.status_code}, {written} and {more} written")
    assert not wrong, "\n".join(["", *wrong])


def test_the_api_lets_each_role_do_what_the_admin_site_does(world: World) -> None:
    clients = {letter: factories.api_client(factories.make_staff(role)) for letter, role in ROLES.items()}
    wrong = []
    of_staff = [call for call in EVERY_CALL if "admin" in call.who.may and "clerk" not in call.who.may]
    assert {f"{call.method} {call.path}" for call in of_staff} == set(CALLS)
    for call in of_staff:
        for letter, client in clients.items():
            world.clients["somebody"] = client
            answer, written = asking.call(world, "somebody", call)
            may, meant = answer.status_code != 403, letter in CALLS[f"{call.method} {call.path}"]
            if may != meant or (written and not may):
                wrong.append(f"{call.method} {call.path} {letter}: {answer.status_code}, {written} rows")
    assert not wrong, "\n".join(["", *wrong])


def _wrong(browser: Client, letter: str, model: type[Model], rows: Rows, row: Any) -> Iterator[str]:
    asked = {
        ("GET", "changelist", ()): rows.see,
        ("GET", "add", ()): rows.add,
        ("POST", "add", ()): rows.add,
    }
    if row is not None:
        asked |= {
            ("GET", "change", (row.pk,)): rows.see,
            ("GET", "history", (row.pk,)): rows.see,
            ("POST", "change", (row.pk,)): rows.change,
            ("GET", "delete", (row.pk,)): rows.delete,
            ("POST", "delete", (row.pk,)): rows.delete,
        }
    for (method, page, args), who in asked.items():
        sent = _form({"post": "yes", "name": "Other"}) if method == "POST" else {}
        answer, written = watch(browser, method, model_url(model, page, *args), **sent)
        may = answer.status_code != 403
        if may != (letter in who):
            yield f"{method} {page} {'is answered' if may else 'is refused'}"
        if written and not may:
            yield f"{method} {page} is refused, but {written} rows, files and mails were written"


def _form(body: dict[str, Any]) -> dict[str, Any]:
    return {"data": urlencode(body).encode(), "content_type": "application/x-www-form-urlencoded"}


def _names() -> list[str]:
    def walk(patterns: Any) -> Iterator[str]:
        for each in patterns:
            if isinstance(each, URLPattern):
                if each.name:
                    yield each.name
            else:
                yield from walk(each.url_patterns)

    return list(walk(admin.site.get_urls()))


def _name(model: type[Model]) -> str:
    return f"{model._meta.app_label}_{model._meta.model_name}"
