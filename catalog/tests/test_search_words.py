"""The database brings texts to one form and keeps what is searched, whoever writes the rows."""

import pytest
from django.db import connection
from rest_framework.test import APIClient

from catalog.models import Brand, Category, Product, SearchWord
from catalog.tests.conftest import MakeProduct, copy_by_sql
from catalog.tests.test_browse import found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Crème Brûlée", ["creme", "brulee"]),
        ("إِمَارَات أبوظبي", ["امارات", "ابوظبي"]),
        ("قهوة عربيّة", ["قهوه", "عربيه"]),
        ("بيـبـسي", ["بيبسي"]),
        ("٧أب 7UP", ["7", "اب", "7", "up"]),
        ("Ｆｕｌｌ", ["full"]),
        ("Lay's", ["lays"]),
        ("24 x 330ml", ["24", "330", "ml"]),
        ("1.5 لتر", ["1", "5", "l"]),
        ("Three in One", ["3", "in", "1"]),
        (" !? ", []),
    ],
)
def test_texts_are_brought_to_one_form(text: str, plain: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT catalog_words(%s)", [text])
        assert cursor.fetchone()[0] == plain


def test_rows_written_by_sql_are_searched_too(anonymous_api: APIClient, product: Product) -> None:
    (key,) = copy_by_sql("'Sprite'")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO catalog_stock (product_id, on_hand, reserved) VALUES (%s, 0, 0)", [key])
    assert found(anonymous_api, search="sprite") == [f"P{key}"]
    assert found(anonymous_api, search="spritte") == [f"P{key}"]


def test_what_somebody_writes_into_the_vector_does_not_stay(
    anonymous_api: APIClient, product: Product
) -> None:
    Product.objects.filter(pk=product.pk).update(search_vector=None)
    assert found(anonymous_api, search="pepsi") == [product.code]


def test_a_brand_or_category_renamed_by_sql_is_found_by_the_new_name(
    anonymous_api: APIClient, product: Product
) -> None:
    Brand.objects.filter(pk=product.brand_id).update(name="Gulf Bottlers")
    Category.objects.filter(pk=product.category_id).update(name_ar="مشروبات غازية")
    assert found(anonymous_api, search="gulf") == [product.code]
    assert found(anonymous_api, search="المشروبات الغازية") == [product.code]
    assert SearchWord.objects.filter(word="bottlers").exists()


def test_the_words_of_a_changed_name_are_learnt(product: Product) -> None:
    Product.objects.filter(pk=product.pk).update(name="Mirinda")
    assert SearchWord.objects.filter(word="mirinda").exists()


@pytest.mark.parametrize("words", ["بالفلفل", "الفلفل", "فلفل", "للفلفل"])
def test_the_arabic_article_makes_no_difference(
    words: str, anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    chips = make_product(name="Chips", name_ar="رقائق بالفلفل")
    assert found(anonymous_api, search=words) == [chips.code]


@pytest.mark.parametrize("words", ["البان", "ألبان", "الألبان"])
def test_a_word_that_begins_like_the_article_is_found(
    words: str, anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    dairy = make_product(name="Dairy", name_ar="ألبان طازجة")
    assert found(anonymous_api, search=words) == [dairy.code]
