"""How a query asks the index: word by word, and by words rather than by beginnings."""

import pytest
from django.db import connection
from rest_framework.test import APIClient

from catalog.models import Product
from catalog.search.matching import matching, parts
from catalog.tests.conftest import MakeProduct

TEXTS = (
    "pepsi",
    "pepsi cola 330ml",
    "cola pepsi",
    "coca cola",
    "cocacola zero",
    "PEP-330",
    "06291003800115",
    "al ain water 1.5l",
    "orange or",
    "بيبسي ٣٣٠ مل",
    "pep 24 x 330 ml cola",
)


def read(function: str, text: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)::text", [text])
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize("function", ["catalog_narrow", "catalog_query"])
def test_word_by_word_finds_what_the_whole_query_finds(function: str, make_product: MakeProduct) -> None:
    make_product(name="Pepsi Cola 330ml", name_ar="بيبسي كولا 330 مل", sku="PEP-330", pack_size="24 × 330 ml")
    make_product(name="Coca Cola Zero 330ml", brand="almarai", barcode="6291003800115")
    make_product(name="Al Ain Water 1.5L", brand="almarai")
    make_product(name="Oranges in Orange Juice", brand="almarai", description="With Pepsi or without.")
    some = 0
    for text in TEXTS:
        query = read(function, text)
        whole = Product.objects.extra(where=["search_vector @@ %s::tsquery"], params=[query])
        assert set(matching(Product.objects.all(), query)) == set(whole), text
        assert len(parts(query)) == len(parts(read("catalog_query", text)))
        some += whole.exists()
    assert some >= 8


def test_a_short_word_and_few_beginnings_are_asked_for_as_words(make_product: MakeProduct) -> None:
    make_product(name="Chocolate Al Ain")
    make_product(name="Chocos")
    assert ":*" not in read("catalog_narrow", "al choc")
    assert "'chocolate'" in read("catalog_narrow", "choc")
    assert "'chocos'" in read("catalog_narrow", "choc")
    assert "'choc':*" in read("catalog_query", "choc")


def test_many_beginnings_stay_a_beginning(make_product: MakeProduct) -> None:
    make_product(
        name=" ".join(f"choc{letters}" for letters in ("a", "e", "i", "o", "u", "aa", "ee", "ii", "oo"))
    )
    assert "'choc':*" in read("catalog_narrow", "choc")


def test_a_slip_beside_a_unit_is_understood(anonymous_api: APIClient, product: Product) -> None:
    answer = anonymous_api.get("/api/products", {"search": "pespi 330ml"}).json()
    assert [row["id"] for row in answer["results"]] == [product.code]
    assert answer["did_you_mean"] == "pepsi 330 ml"
