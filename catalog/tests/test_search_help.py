"""A search says what it took for a slip, where the words stand, and offers more while one types."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from catalog.models import Brand, Category, Product
from catalog.search.marks import marks
from catalog.tests.conftest import MakeProduct


def answer(api: APIClient, path: str = "/api/products", **query: Any) -> dict[str, Any]:
    body: dict[str, Any] = api.get(path, query).json()
    return body


@pytest.mark.parametrize(
    ("words", "meant"), [("pepsy", "pepsi"), ("peppsi 330", "pepsi 330"), ("ببسي", "بيبسي")]
)
def test_what_was_meant_is_said(words: str, meant: str, anonymous_api: APIClient, product: Product) -> None:
    body = answer(anonymous_api, search=words)
    assert body["did_you_mean"] == meant
    assert [row["id"] for row in body["results"]] == [product.code]


@pytest.mark.parametrize("words", ["pepsi", "pep", "", "zzzzzz"])
def test_nothing_is_said_where_it_is_spelled_so_or_like_nothing(
    words: str, anonymous_api: APIClient, product: Product
) -> None:
    assert "did_you_mean" not in answer(anonymous_api, search=words)


def test_two_words_written_as_one_are_told_apart(anonymous_api: APIClient, make_product: MakeProduct) -> None:
    tea = make_product(name="Lipton Yellow Label Tea")
    body = answer(anonymous_api, search="liptontea")
    assert (body["did_you_mean"], body["results"][0]["id"]) == ("lipton tea", tea.code)


def test_a_word_of_what_is_not_sold_is_not_suggested(
    anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    make_product(name="Secretcola", status=Product.Status.DRAFT)
    body = answer(anonymous_api, search="sekretcola")
    assert (body["count"], body.get("did_you_mean")) == (0, None)


def test_the_places_of_the_words_are_told_when_asked_for(anonymous_api: APIClient, product: Product) -> None:
    body = answer(anonymous_api, search="pep 330", highlight="true")
    assert body["highlight"] == {product.code: {"name": [[0, 5], [6, 9]], "name_ar": []}}
    assert "highlight" not in answer(anonymous_api, search="pep 330")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Red Bull Energy", "redbull", ["Red", "Bull"]),
        ("شاي بالليمون", "الليمون", ["بالليمون"]),
        ("قَهْوَة عربية", "قهوه", ["قَهْوَة"]),
        ("White Egg", "eggs", ["Egg"]),
        ("<b>Pepsi</b> & Co", "pepsi b", ["b", "Pepsi", "b"]),
        ("Vitamin C", "c", ["C"]),
        ("", "pepsi", []),
    ],
)
def test_words_are_marked_as_they_are_found(text: str, query: str, marked: list[str]) -> None:
    (ranges,) = marks([text], query)
    assert [text[start:end] for start, end in ranges] == marked


def test_products_brands_and_categories_are_suggested(anonymous_api: APIClient, product: Product) -> None:
    body = answer(anonymous_api, "/api/products/suggest", q="pep")
    assert [row["id"] for row in body["products"]] == [product.code]
    assert body["products"][0]["highlight"]["name"] == [[0, 5]]
    assert [row["slug"] for row in body["brands"]] == ["pepsi"]
    body = answer(anonymous_api, "/api/products/suggest", q="wate")
    assert [row["slug"] for row in body["categories"]] == ["water"]
    assert answer(anonymous_api, "/api/products/suggest")["products"] == []


def test_suggestions_forgive_a_slip_and_show_nothing_that_is_not_sold(
    anonymous_api: APIClient, make_product: MakeProduct, product: Product
) -> None:
    make_product(name="Pepsi Draft", status=Product.Status.DRAFT)
    body = answer(anonymous_api, "/api/products/suggest", q="pepsy")
    assert (body["did_you_mean"], [row["id"] for row in body["products"]]) == ("pepsi", [product.code])


def test_a_brand_and_a_category_are_suggested_by_the_names_they_have_now(
    anonymous_api: APIClient, product: Product
) -> None:
    Brand.objects.filter(pk=product.brand_id).update(name="Gulf Bottlers", name_ar="معبئو الخليج")
    Category.objects.filter(pk=product.category_id).update(name="Fizz")
    assert [row["slug"] for row in answer(anonymous_api, "/api/products/suggest", q="bottl")["brands"]] == [
        "pepsi"
    ]
    for words in ("الخليج", "معبئو"):
        assert answer(anonymous_api, "/api/products/suggest", q=words)["brands"]
    assert answer(anonymous_api, "/api/products/suggest", q="pepsi")["brands"] == []
    body = answer(anonymous_api, "/api/products/suggest", q="fiz")
    assert [row["slug"] for row in body["categories"]] == ["soft-drinks"]


def test_suggestions_are_the_best_of_the_list(anonymous_api: APIClient, make_product: MakeProduct) -> None:
    for number in range(8):
        make_product(name=f"Pepsi {number}", quantity=number % 2)
    listed = answer(anonymous_api, search="pep")["results"]
    suggested = answer(anonymous_api, "/api/products/suggest", q="pep")["products"]
    assert [row["id"] for row in suggested] == [row["id"] for row in listed[:5]]
