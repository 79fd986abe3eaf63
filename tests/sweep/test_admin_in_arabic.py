"""Staff who read Arabic find the admin site's lists and forms in Arabic: headings, columns, labels."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import translation

from audit import words
from audit.models import Entry
from tests.language.english import english_words
from tests.sweep.test_admin_site import OURS
from tests.sweep.world import World

# What names things; the cells beside hold what people and programs wrote.
_NAMES = re.compile(
    r"<(th|label|caption|legend|summary|h1|h3)\b[^>]*>.*?</\1>|<div class=\"help\".*?</div>", re.DOTALL
)
_OPTIONS = re.compile(r'<select name="action".*?</select>', re.DOTALL)
_WRITTEN = re.compile(r"<th[^>]*class=\"field-.*?</th>|<li[^>]*>.*?</li>", re.DOTALL)
OUT_OF_THE_CODE = {
    "control",
    "command",
    "ip",
    "json",
    "id",
    "sha",
    "uuid",
    "url",
    "http",
    "ar",
    "csv",
    "gtin",
    "vat",
    "tin",
    "po",
}


@pytest.fixture
def staff(world: World) -> Client:
    client = Client()
    client.force_login(world.people["admin"])
    client.cookies["django_language"] = "ar"
    return client


def names_in_english(page: str) -> set[str]:
    content = page.partition('id="content')[2]
    named = [found[0] for found in _NAMES.finditer(_WRITTEN.sub("", content))]
    return english_words(" ".join([*named, *_OPTIONS.findall(content)])) - OUT_OF_THE_CODE


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_lists_and_forms_are_named_in_arabic(staff: Client, world: World, model: type) -> None:
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    row = model._default_manager.first()
    pages = [reverse(f"{name}_changelist")]
    pages += [reverse(f"{name}_change", args=[row.pk])] if row else []
    request = type("", (), {"user": world.people["admin"]})()
    pages += [reverse(f"{name}_add")] if admin.site.get_model_admin(model).has_add_permission(request) else []
    for path in pages:
        assert not names_in_english(staff.get(path).text), path


def test_the_first_page_names_every_list_in_arabic(staff: Client) -> None:
    lists = staff.get("/admin/").text.partition('class="apps-title"')[2]
    assert not english_words(lists) - {"ar"}


def test_every_deed_of_the_log_has_words_and_a_history_is_in_arabic(staff: Client, world: World) -> None:
    verbs = set(Entry.objects.values_list("verb", flat=True))
    with translation.override("ar"):
        assert [verb for verb in verbs if words.deed_word(verb) == verb] == []
    order = reverse("admin:orders_order_change", args=[world.names["accepted_order"][3:]])
    history = staff.get(order).text.partition('id="history-title">')[2].partition("</section>")[0]
    assert not english_words(re.sub(r'<p class="reason">.*?</p>', "", history))
