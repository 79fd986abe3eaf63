"""The admin site: all our models, for staff with the right alone, and no state that a form can change."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from aqad import settings as project
from tests.sweep.asking import ask_page, watch
from tests.sweep.world import World

OURS = [model for model in apps.get_models() if (project.BASE_DIR / model._meta.app_label).is_dir()]
STATES = re.compile(r'<(?:input|select|textarea)[^>]* name="(?:[\w-]+-)?(?:status|access|reservation|code)"')


@pytest.fixture
def staff(world: World) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(world.people["admin"])
    return client


def test_every_model_is_registered() -> None:
    assert [model._meta.label for model in OURS if not admin.site.is_registered(model)] == []


def test_every_list_opens_and_finds(staff: Client) -> None:
    for model in admin.site._registry:
        assert _status(staff, _url(model, "changelist")) == 200, model
        assert _status(staff, _url(model, "changelist") + "?q=V1001") == 200, model


def test_every_row_opens_and_offers_no_field_for_its_state(staff: Client) -> None:
    for model in OURS:
        row = model._default_manager.first()
        assert row is not None, f"the world of the sweep has no {model._meta.label}: add one"
        answer = ask_page(staff, "GET", _url(model, "change", row.pk))
        assert answer.status_code == 200, model
        assert not STATES.search(answer.content.decode()), f"a state of {model._meta.label} can be edited"


def test_new_rows_are_made_only_where_a_service_makes_them(staff: Client) -> None:
    open_forms = {model._meta.label for model in OURS if _status(staff, _url(model, "add")) == 200}
    assert open_forms == {
        "accounts.User",
        "catalog.Brand",
        "catalog.Category",
        "delivery.DeliveryPartner",
        "delivery.Driver",
    }


@pytest.mark.parametrize("actor", ["anonymous", "vendor", "retailer", "driver"])
def test_nobody_else_gets_in(world: World, actor: str) -> None:
    client = Client(raise_request_exception=False)
    if actor in world.people:
        client.force_login(world.people[actor])
    for url in _every_url():
        for method in ("GET", "POST"):
            answer, written = watch(client, method, url)
            assert answer.status_code in (302, 403), f"{method} {url}: {answer.status_code}"
            assert not written, f"{method} {url}: {written} written"
            assert answer.status_code == 403 or "/login/" in answer["Location"]


def test_staff_without_a_permission_see_no_rows(world: World) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(world.people["clerk"])
    for model in OURS:
        for url in _urls(model):
            for method in ("GET", "POST"):
                answer, written = watch(client, method, url)
                assert (answer.status_code, written) == (403, 0), f"{method} {url}"


def _every_url() -> Iterator[str]:
    yield reverse("admin:index")
    for model in admin.site._registry:
        yield from _urls(model)


def _urls(model: type[Model]) -> Iterator[str]:
    yield _url(model, "changelist")
    yield _url(model, "add")
    if row := model._default_manager.first():
        yield _url(model, "change", row.pk)
        yield _url(model, "delete", row.pk)


def _url(model: type[Model], page: str, *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def _status(client: Client, url: str) -> int:
    return int(ask_page(client, "GET", url).status_code)
