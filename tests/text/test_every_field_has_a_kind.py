"""No text enters AQAD by a field that does not say what kind of text it takes."""

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.test import RequestFactory
from rest_framework import serializers

from accounts.models import User
from aqad import settings as project
from aqad.lib.api import texts
from aqad.lib.api.serializers import Input
from aqad.lib.text import form_fields
from storefront.filters import AnyOf
from tests.sweep.routes import all_routes

CHOSEN = (forms.BooleanField, forms.ChoiceField, forms.MultipleChoiceField, forms.ModelChoiceField)
OF_A_KIND = (
    *(form_fields.TextField, form_fields.SecretField, forms.FileField),
    *(form_fields.DecimalField, form_fields.IntegerField, form_fields.DateField),
)


def of_aqad(kind: type) -> list[Any]:
    """The classes below `kind` that AQAD has: whatever answers requests is loaded with the addresses."""
    all_routes()
    found = {each for each in _below(kind) if _is_ours(each.__module__)}
    return sorted(found, key=lambda each: f"{each.__module__}.{each.__qualname__}")


def _is_ours(module: str) -> bool:
    app, *inner = module.split(".")
    return (project.BASE_DIR / app).is_dir() and app != "tests" and "tests" not in inner


def _below(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def inputs_without_kind(field: Any, path: str) -> Iterator[str]:
    if isinstance(field, serializers.ListSerializer | serializers.ListField):
        yield from inputs_without_kind(field.child, path)
    elif isinstance(field, serializers.Serializer):
        for name, each in field.fields.items():
            yield from inputs_without_kind(each, f"{path}.{name}")
    elif isinstance(field, serializers.CharField | serializers.DateField) and not isinstance(
        field, texts.TextField | texts.SecretField | texts.DateField
    ):
        yield f"{path}: {type(field).__name__}"


def test_every_text_of_a_request_body_has_a_kind() -> None:
    kinds = of_aqad(Input)
    assert len(kinds) > 40
    assert not [fault for kind in kinds for fault in inputs_without_kind(kind(), kind.__qualname__)]


def fields_without_kind(form: Any) -> list[str]:
    name = f"{form.__module__}.{form.__qualname__}"
    return [
        f"{name}.{field}: {type(each).__name__}"
        for field, each in form.base_fields.items()
        if not isinstance(
            each.each if isinstance(each, AnyOf) else each, (*OF_A_KIND, *CHOSEN, forms.FileField)
        )
    ]


def test_every_text_of_a_form_has_a_kind() -> None:
    kinds = of_aqad(forms.BaseForm)
    assert len(kinds) > 30
    assert not [fault for kind in kinds for fault in fields_without_kind(kind)]


@pytest.mark.django_db
def test_every_text_of_the_admin_site_has_a_kind(rf: RequestFactory) -> None:
    request = rf.get("/admin/")
    request.user = User(role=User.Role.ADMIN, is_staff=True, is_superuser=True)
    faults = []
    for model, page in admin.site._registry.items():
        if not (project.BASE_DIR / model._meta.app_label).is_dir():
            continue
        if page.has_add_permission(request):
            faults += fields_without_kind(page.get_form(request))
        if page.has_change_permission(request):
            faults += fields_without_kind(page.get_form(request, model(), change=True))
    assert not faults
