"""How pages write things: money, codes, states, addresses, fields."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from accounts.models import User
from catalog.models import Product
from delivery.models import Delivery
from orders.models import Checkout, Order
from payments.models import Payment, Refund
from retailers.models import Retailer
from storefront import states
from tests.goods import list_product
from vendors.models import Vendor, VendorDocument


def write(text: str, **context: Any) -> str:
    return Template("{% load aqad %}" + text).render(Context(context)).strip()


class PhoneForm(forms.Form):
    phone = forms.CharField(label="Phone", help_text="With the country code.")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_money_is_written_alike_in_both_languages(language: str) -> None:
    with translation.override(language):
        assert write("{{ n|aed }}", n=Decimal("1234.5")) == '<bdi dir="ltr">1,234.50 AED</bdi>'


@pytest.mark.parametrize(
    ("minutes", "english", "arabic"),
    [
        (-5, "0 minutes", "أقل من دقيقة"),
        (1.5, "1 minute", "دقيقة واحدة"),
        (59.5, "59 minutes", "59 دقيقة"),
        (60.5, "1 hour", "ساعة واحدة"),
        (121, "2 hours", "ساعتين"),
        (41 * 60 + 1, "41 hours", "41 ساعة"),
    ],
)
def test_what_is_left_is_said_in_hours_or_minutes(minutes: float, english: str, arabic: str) -> None:
    until = timezone.now() + timedelta(minutes=minutes)
    for language, said in (("en", english), ("ar", arabic)):
        with translation.override(language):
            assert write("{{ at|time_left }}", at=until) == said


def test_no_money_is_written_as_nothing() -> None:
    assert write("{{ n|aed }}{{ n|number }}", n=None) == ""


@pytest.mark.parametrize(
    ("language", "style", "written"),
    [
        ("en", "moment", "4 Nov, 14:05"),
        ("ar", "moment", "4 نوفمبر، 14:05"),
        ("en", "full", "4 Nov 2026, 14:05"),
        ("ar", "full", "4 نوفمبر 2026، 14:05"),
        ("en", "weekday_moment", "Wednesday 4 November, 14:05"),
        ("ar", "weekday_moment", "الأربعاء 4 نوفمبر، 14:05"),
        ("ar", "day", "4 نوفمبر 2026"),
        ("ar", "time", "14:05"),
    ],
)
def test_dates_are_those_of_dubai_with_the_readers_comma(language: str, style: str, written: str) -> None:
    at = datetime(2026, 11, 4, 10, 5, tzinfo=UTC)
    with translation.override(language):
        assert write("{{ at|when:style }}", at=at, style=style) == written
        assert f">{written}</time>" in write("{% stamp at style %}", at=at, style=style)


def test_every_template_leaves_the_writing_of_dates_and_lists_to_the_tags() -> None:
    for path in Path(settings.BASE_DIR, "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.findall(r"""\|(?:time|join):|\|date:(?!"l"|"Y-m-d")""", text), path


@pytest.mark.parametrize(("language", "comma"), [("en", ", "), ("ar", "، ")])
def test_an_address_has_each_part_once_and_the_readers_comma(language: str, comma: str) -> None:
    written = f"<bdi>Deira &lt;2&gt;</bdi>{comma}<bdi>Dubai</bdi>"
    parts = ["Deira <2>", "", "Dubai", "Dubai", None]
    with translation.override(language):
        assert write("{% joined parts %}", parts=parts) == written
        assert write("{% joined a b c %}", a=parts[0], b=None, c="Dubai") == written


def test_a_code_is_escaped_and_read_left_to_right() -> None:
    assert write("{{ code|ltr }}", code="<b>") == '<bdi dir="ltr">&lt;b&gt;</bdi>'


def test_names_are_in_the_readers_language_where_given() -> None:
    both, one = {"name": "Pepsi", "name_ar": "بيبسي"}, {"name": "Vimto", "name_ar": ""}
    with translation.override("ar"):
        assert write('{{ a|in_language:"name" }} {{ b|in_language:"name" }}', a=both, b=one) == "بيبسي Vimto"
    assert write('{{ a|in_language:"name" }}', a=both) == "Pepsi"


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        ("order", Order),
        ("checkout", Checkout),
        ("payment", Payment),
        ("refund", Refund),
        ("delivery", Delivery),
        ("product", Product),
        ("vendor", Vendor),
        ("retailer", Retailer),
        ("document", VendorDocument),
    ],
)
def test_every_state_has_colour_icon_and_word(kind: str, model: Any) -> None:
    for state in model.Status.values:
        look = states.look(kind, state)
        badge = write("{% status state kind %}", state=state, kind=kind)
        assert f"badge-{look.colour}" in badge
        assert f"#{look.icon}" in badge
        assert str(look.word) in badge


def test_an_address_changes_one_parameter_and_goes_back_to_the_first_page() -> None:
    request = RequestFactory().get("/products", {"search": "cola", "brand": "pepsi", "page": "3"})
    assert write("{% query_with request brand='7up' %}", request=request) == "?search=cola&amp;brand=7up"
    assert write("{% query_with request brand=None %}", request=request) == "?search=cola"
    assert "page=4" in write("{% query_with request page=4 %}", request=request)


def test_a_page_that_does_not_exist_has_no_address() -> None:
    assert write('{% nav_url "nowhere" as path %}[{{ path }}]') == "[]"


def test_a_field_is_tied_to_its_help_and_error() -> None:
    form = PhoneForm({"phone": ""})
    html = write('{% field form.phone inputmode="tel" %}', form=form)
    assert 'aria-describedby="id_phone_help id_phone_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'inputmode="tel"' in html
    assert 'id="id_phone_error"' in html
    assert 'href="#id_phone"' in write("{% error_summary form %}", form=form)


def test_the_language_switch_keeps_the_language_in_the_cookie_and_the_account(
    client: Client, retailer_user: User
) -> None:
    client.force_login(retailer_user)
    answer = client.post("/language", {"language": "ar", "next": "/"})
    assert answer.status_code == 302
    assert answer.cookies["django_language"].value == "ar"
    retailer_user.refresh_from_db()
    assert retailer_user.language == "ar"
    assert 'dir="rtl"' in client.get("/").text


def test_an_unknown_language_changes_nothing(client: Client, retailer_user: User) -> None:
    client.force_login(retailer_user)
    client.post("/language", {"language": "xx", "next": "https://elsewhere.example/"})
    retailer_user.refresh_from_db()
    assert retailer_user.language == "en"


def test_the_start_page_shows_what_is_sold(client: Client, vendor: Vendor) -> None:
    product = list_product(vendor)
    page = client.get("/").text
    assert product.name in page
    assert "45.00 AED" in page
