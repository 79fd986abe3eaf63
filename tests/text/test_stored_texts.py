"""Rows from before texts were cleaned: the migrations mend them, and name what they cannot."""

from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from aqad.lib.text import stored
from aqad.lib.text.cleaning import clean_code, clean_name
from aqad.lib.text.stored import Left, clean_stored
from catalog.models import Brand, Product
from operations.texts import COLUMNS
from orders.models import Order
from retailers.models import Address
from tests import factories, goods
from vendors.models import Vendor

MIGRATIONS = {
    "accounts": "0013_clean_texts",
    "vendors": "0004_clean_texts",
    "retailers": "0003_clean_texts",
    "catalog": "0019_clean_texts",
    "delivery": "0005_clean_texts",
    "notifications": "0005_clean_texts",
}


def clean(app: str) -> list[str]:
    columns: dict[str, Any] = import_module(f"{app}.migrations.{MIGRATIONS[app]}").COLUMNS
    return [
        str(left)
        for name, kinds in columns.items()
        for left in clean_stored(apps.get_model(app, name), kinds)
    ]


def named() -> str:
    out = StringIO()
    call_command("unclean_texts", stdout=out)
    return out.getvalue()


def test_names_codes_and_descriptions_are_cleaned(vendor: Vendor) -> None:
    product = goods.list_product(vendor)
    kept = goods.list_product(vendor, name="حليب طازج", description="می\u200cخواهم\nثانيًا")
    odd = {
        "name": "Fresh\u202e  Milk\u00a0\n1 l",
        "name_ar": "\u200fحليب",
        "description": "a\r\nb\u2066c\x07",
        "sku": "MILK\u200b-1",
    }
    Product.objects.filter(pk=product.pk).update(**odd)
    assert "sku" in named()
    assert clean("catalog") == []
    product.refresh_from_db()
    assert (product.name, product.name_ar) == ("Fresh Milk 1 l", "حليب")
    assert (product.description, product.sku) == ("a\nbc", "MILK-1")
    before = kept.updated_at, kept.name, kept.description
    kept.refresh_from_db()
    assert (kept.updated_at, kept.name, kept.description) == before
    assert "✓" in named()
    assert clean("catalog") == []


def test_two_skus_of_a_vendor_that_would_be_one_stay_and_are_named(
    vendor: Vendor, rival_vendor: Vendor
) -> None:
    first, second = goods.list_product(vendor, sku="A-1"), goods.list_product(vendor, sku="A-2")
    third, fourth = goods.list_product(vendor, sku="B-1"), goods.list_product(vendor, sku="B-2")
    elsewhere = goods.list_product(rival_vendor, sku="A-3")
    skus = {second: "A-1\u200b", third: "B\u200e-9", fourth: "B\u200f-9", elsewhere: "A-1\u200e"}
    for product, sku in skus.items():
        Product.objects.filter(pk=product.pk).update(sku=sku)
    left = clean("catalog")
    assert [line.partition(":")[0] for line in left] == [
        f"catalog_product {second.pk} sku 'A-1\\u200b'",
        f"catalog_product {third.pk} sku 'B\\u200e-9'",
        f"catalog_product {fourth.pk} sku 'B\\u200f-9'",
    ]
    for product, sku in {first: "A-1", second: "A-1\u200b", third: "B\u200e-9", elsewhere: "A-1"}.items():
        product.refresh_from_db()
        assert product.sku == sku
    assert f"catalog_product {second.pk} sku" in named()


def test_accounts_are_cleaned_and_two_of_one_mailbox_stay_and_are_named() -> None:
    people = [factories.make_admin(email=f"p{number}@mart.example") for number in range(6)]
    emails = [
        *("p@bücher.example", "p@xn--bcher-kva.example", "Q@Mart.Example\u200e", "r@x\u00fc.example"),
        *('"s"@mart.example', "no mailbox"),
    ]
    for person, email in zip(people, emails, strict=True):
        User.objects.filter(pk=person.pk).update(email=email, name="Sara\u202e\tAli")
    left = clean("accounts")
    assert [line.split(":")[0] for line in left] == [
        f"accounts_user {people[0].pk} email 'p@b\\xfccher.example'",
        f"accounts_user {people[5].pk} email 'no mailbox'",
    ]
    now = dict(User.objects.filter(pk__in=[each.pk for each in people]).values_list("pk", "email"))
    assert [now[each.pk] for each in people] == [
        *("p@bücher.example", "p@xn--bcher-kva.example", "q@mart.example", "r@xn--x-eha.example"),
        *("s@mart.example", "no mailbox"),
    ]
    assert set(User.objects.filter(pk__in=now).values_list("name", flat=True)) == {"Sara Ali"}
    assert f"accounts_user {people[0].pk} email" in named()


def test_what_would_show_nothing_stays_and_is_named(vendor: Vendor) -> None:
    Vendor.objects.filter(pk=vendor.pk).update(
        company_name="\u3164", address="\u2800", decision_reason="\u200b"
    )
    assert clean("vendors") == [
        f"vendors_vendor {vendor.pk} company_name '\\u3164': nothing that can be read would be left"
    ]
    vendor.refresh_from_db()
    assert (vendor.company_name, vendor.address, vendor.decision_reason) == ("\u3164", "", "")


def test_a_text_that_grows_too_long_stays(vendor: Vendor) -> None:
    long = "\u0958" * 90 + "\u200b"  # composed by no rule: two characters each
    brand = Brand.objects.create(slug="long", name=long)
    assert [
        str(left).rpartition(": ")[2]
        for left in clean_stored(Brand, {"name": COLUMNS["catalog.Brand"]["name"]})
    ] == ["it would be too long"]
    brand.refresh_from_db()
    assert brand.name == long


def test_orders_keep_what_was_true_when_they_were_placed() -> None:
    assert not any(name.startswith(("orders.", "payments.", "audit.")) for name in COLUMNS)
    assert Order._meta.get_field("buyer")


def test_the_command_knows_every_column_that_a_migration_cleaned() -> None:
    for app, name in MIGRATIONS.items():
        columns: dict[str, Any] = import_module(f"{app}.migrations.{name}").COLUMNS
        for model, kinds in columns.items():
            if model != "Mail":
                assert COLUMNS[f"{app}.{model}"] == kinds


def test_many_rows_are_read_and_written_in_batches(retailer: Any) -> None:
    rows = [Address(retailer=retailer, line1=f"Shop\u200b {n}", emirate="DXB") for n in range(1203)]
    Address.objects.bulk_create(rows)
    with CaptureQueriesContext(connection) as asked:
        assert list(clean_stored(Address, {"line1": clean_name})) == []
    assert not Address.objects.filter(line1__contains="\u200b").exists()
    assert Address.objects.filter(line1="Shop 1202").exists()
    assert sum(each["sql"].startswith("UPDATE") for each in asked) == 3


def test_clean_rows_are_not_written(retailer: Any) -> None:
    Address.objects.bulk_create([Address(retailer=retailer, line1=f"Shop {n}") for n in range(1203)])
    with CaptureQueriesContext(connection) as asked:
        assert list(clean_stored(Address, {"line1": clean_name})) == []
    assert {each["sql"].partition(" ")[0] for each in asked} == {"SELECT"}
    assert len(asked) == 6


def test_twins_in_different_batches_both_stay_and_others_of_a_refused_batch_are_cleaned(
    vendor: Vendor, monkeypatch: Any
) -> None:
    monkeypatch.setattr(stored, "BATCH", 2)
    made = [goods.list_product(vendor, sku=f"A-{n}") for n in range(6)]
    odd = ["B\u200e-9", "C\u200b-1", "A-5\u200b", "D\u200b-1", "B\u200f-9", None]
    for product, sku in zip(made, odd, strict=True):
        if sku:
            Product.objects.filter(pk=product.pk).update(sku=sku)
    left = list(clean_stored(Product, {"sku": clean_code}))
    assert [(each.text, each.why) for each in left] == [
        ("B\u200e-9", "another row would read the same"),
        ("A-5\u200b", "another row reads the same"),
        ("B\u200f-9", "another row would read the same"),
    ]
    kept = list(Product.objects.order_by("pk").values_list("sku", flat=True))
    assert kept == ["B\u200e-9", "C-1", "A-5\u200b", "D-1", "B\u200f-9", "A-5"]


def test_a_text_that_changed_meanwhile_is_not_written_over(vendor: Vendor, monkeypatch: Any) -> None:
    Vendor.objects.filter(pk=vendor.pk).update(address="old\u200b")
    real = stored._write

    def slow(*given: Any) -> Any:
        Vendor.objects.filter(pk=vendor.pk).update(address="new")
        return real(*given)

    monkeypatch.setattr(stored, "_write", slow)
    left: list[Left] = list(clean_stored(Vendor, {"address": clean_name}))
    vendor.refresh_from_db()
    assert (left, vendor.address) == ([], "new")


pytestmark = pytest.mark.django_db
