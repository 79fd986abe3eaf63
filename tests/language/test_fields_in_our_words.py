"""No field of any form, formset or serializer says what Django or REST framework would say by default."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import django
import pytest
import rest_framework
from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.validators import BaseValidator
from django.forms.formsets import BaseFormSet
from django.urls import get_resolver
from django.utils import translation
from rest_framework import serializers

from aqad.lib.field_words import REQUIRED

OURS = (
    "accounts", "aqad", "audit", "catalog", "delivery", "notifications", "operations", "orders", "payments",
    "retailers", "storefront", "vendors",
)  # fmt: skip
_HOLDS_SOME = re.compile(r"(forms?|serializers|views?|admin|join|shapes|profile)(\.|$)|_forms$")
_TEXT = re.compile(r'^(?:msgid|msgid_plural) ((?:"(?:[^"\\]|\\.)*"\n)+)', re.MULTILINE)


def default_texts() -> set[str]:
    """Every English text of Django, by its own catalogue, and of REST framework, by its code."""
    catalogue = Path(django.__file__).parent / "conf/locale/en/LC_MESSAGES/django.po"
    texts = {
        "".join(line.strip()[1:-1] for line in found[1].splitlines()).replace('\\"', '"')
        for found in _TEXT.finditer(catalogue.read_text(encoding="utf-8"))
    }
    for name in ("fields", "relations", "serializers", "validators", "exceptions"):
        code = ast.parse((Path(rest_framework.__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        for call in ast.walk(code):
            match call:
                case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(text))]):
                    texts.add(text)
    return {text for text in texts if text} - {str(REQUIRED)}


DEFAULTS = default_texts()


def every_form_and_serializer() -> list[type]:
    for app in OURS:
        package = importlib.import_module(app)
        for module in pkgutil.walk_packages(package.__path__, f"{app}."):
            if _HOLDS_SOME.search(module.name) and ".tests" not in module.name:
                importlib.import_module(module.name)
    get_resolver().url_patterns  # noqa: B018 - imports every view
    found: list[type] = []
    for base in (forms.BaseForm, serializers.BaseSerializer, BaseFormSet):
        found += [kind for kind in _below(base) if kind.__module__.split(".")[0] in OURS]
    return sorted(set(found), key=lambda kind: f"{kind.__module__}.{kind.__qualname__}")


def _below(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def forms_of_staff() -> Iterator[type]:
    """What Django makes of models for the admin site."""
    request: Any = SimpleNamespace(user=SimpleNamespace(has_perm=lambda *_right: True, is_superuser=True))
    for page in admin.site._registry.values():
        yield page.get_form(request)


def sentences_of(kind: Any) -> Iterator[tuple[str, Any]]:
    """Each thing that a field of this form may say is wrong, with where it stands."""
    if issubclass(kind, BaseFormSet):
        yield from kind.default_error_messages.items()
        return
    if issubclass(kind, serializers.BaseSerializer):
        made = kind()
        fields = dict(made.fields) if isinstance(made, serializers.Serializer) else {}
    else:
        fields = kind.base_fields
    for name, field in fields.items():
        yield from _of_field(name, field)


def _of_field(name: str, field: Any) -> Iterator[tuple[str, Any]]:
    for code, sentence in field.error_messages.items():
        yield f"{name}.{code}", sentence
    for validator in field.validators:
        sentence = getattr(validator, "message", None)
        if sentence is not None:
            yield f"{name} {type(validator).__name__}", sentence
        for code, each in (getattr(validator, "messages", None) or {}).items():
            yield f"{name} {type(validator).__name__}.{code}", each
    for inner in ("child", "each"):
        if hasattr(field, inner):
            yield from _of_field(f"{name}[]", getattr(field, inner))


def text_of(sentence: Any, language: str) -> str:
    with translation.override(language):
        return str(sentence)


@pytest.mark.django_db
def test_no_field_says_what_a_framework_says_and_each_speaks_arabic() -> None:
    kinds = [*every_form_and_serializer(), *forms_of_staff()]
    assert len(kinds) > 80, "most forms and serializers were not found"
    wrong = set()
    for kind in kinds:
        for where, sentence in sentences_of(kind):
            english, arabic = text_of(sentence, "en"), text_of(sentence, "ar")
            if english in DEFAULTS:
                wrong.add(f"{kind.__module__}.{kind.__qualname__} {where}: {english}")
            elif english and english == arabic:
                wrong.add(f"{kind.__module__}.{kind.__qualname__} {where} in Arabic: {english}")
    assert not wrong, "\n".join(["", *sorted(wrong)])


def test_what_a_model_says_is_in_our_words() -> None:
    wrong = set()
    for model in apps.get_models():
        if model.__module__.split(".")[0] not in OURS:
            continue
        for field in model._meta.get_fields():
            for code, sentence in getattr(field, "error_messages", {}).items():
                if text_of(sentence, "en") in DEFAULTS:
                    wrong.add(f"{model.__name__}.{field.name} {code}: {sentence}")
        for constraint in model._meta.constraints:
            if text_of(constraint.violation_error_message, "en") in DEFAULTS:
                wrong.add(f"{model.__name__} {constraint.name}: {constraint.violation_error_message}")
    assert not wrong, "\n".join(["", *sorted(wrong)])


def test_the_defaults_were_read() -> None:
    assert "Select a valid choice. %(value)s is not one of the available choices." in DEFAULTS
    assert "This field may not be blank." in DEFAULTS


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_sentence_says_what_to_do_and_shows_no_key(language: str) -> None:
    class Form(forms.Form):
        choice = forms.ChoiceField(choices=[("1", "One")])
        name = forms.CharField(max_length=3)
        number = forms.IntegerField(max_value=5)

    with translation.override(language):
        errors = Form({"choice": "74", "name": "abcd", "number": "9"}).errors
        said = " ".join(str(text) for texts in errors.values() for text in texts)
    assert "74" not in said
    if language == "en":
        assert said == (
            "Choose one from the list. This is too long: it has 4 characters, and at most 3 are allowed. "
            "This must be at most 5."
        )
    else:
        assert not re.search("[a-zA-Z]", said)


def test_a_validator_of_bounds_has_a_sentence_of_its_own() -> None:
    """A new kind of Django's would otherwise come in unnoticed."""
    own = {kind for kind in _below(BaseValidator) if kind.__module__ == "django.core.validators"}
    assert own
    assert not {kind.__name__ for kind in own if text_of(kind.message, "en") in DEFAULTS}


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_too_many_and_too_few_lines_are_told_with_their_number(language: str) -> None:
    lines = forms.formset_factory(forms.Form, min_num=2, max_num=3, validate_min=True, validate_max=True)
    for number, allowed in ((1, "2"), (4, "3")):
        with translation.override(language):
            sent = lines({"form-TOTAL_FORMS": number, "form-INITIAL_FORMS": number})
            assert allowed in str(sent.non_form_errors())
