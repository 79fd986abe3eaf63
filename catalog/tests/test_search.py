"""Words find products: in both languages, in any order, with a slip of the finger."""

import pytest
from rest_framework.test import APIClient

from catalog.models import Brand, Product
from catalog.services import products, taxonomy
from catalog.tests.conftest import MakeProduct
from catalog.tests.test_browse import found


@pytest.fixture
def pepsi(make_product: MakeProduct) -> Product:
    make_product(name="Fresh Milk 2L", category="milk", brand="almarai", description="Full fat")
    make_product(name="Coca-Cola 330ml", brand="coca-cola", name_ar="كوكا كولا")
    return make_product(
        name="Pepsi Diet 330ml Can",
        name_ar="بيبسي دايت ٣٣٠ مل",
        description="Carton of twenty-four aluminium cans",
        sku="PEP-D330-24",
        barcode="6291003000003",
    )


@pytest.mark.parametrize(
    "words",
    [
        "pepsi",
        "PEPSI",
        "Pepsí",
        "pep",
        "diet pepsi",
        "330 diet pepsi",
        "pepsi 330 ml",
        "pepsi330ml",
        "aluminium",
        "twenty four",
        "PEP-D330-24",
        "pepd33024",
        "6291003000003",
        "6291003",
        "pespi",
        "peppsi",
        "pesi",
        "pepzi",
        "diet pespi",
        "بيبسي",
        "بيبسى",
        "بِيبْسي",
        "بيـبـسي",
        "البيبسي",
        "پيپسی",
        "ببسي",
        "دايت بيبسي",
        "بيبسي ٣٣٠",
        "بيبسي 330",
        "pepsi's",
    ],
)
def test_it_is_found(words: str, anonymous_api: APIClient, pepsi: Product) -> None:
    assert found(anonymous_api, search=words) == [pepsi.code]


@pytest.mark.parametrize("words", ["cocacola", "coca cola", "cola coca", "كوكاكولا", "coca-kola"])
def test_words_written_together_or_apart_are_found(
    words: str, anonymous_api: APIClient, pepsi: Product
) -> None:
    assert found(anonymous_api, search=words) == [Product.objects.get(brand__slug="coca-cola").code]


@pytest.mark.parametrize("words", ["shampoo", "pepsi milk", "999", "!!!", "'", "&", "\\", "%", ":*"])
def test_it_is_not_found(words: str, anonymous_api: APIClient, pepsi: Product) -> None:
    assert found(anonymous_api, search=words) == []


def test_signs_of_a_query_language_are_no_words(anonymous_api: APIClient, pepsi: Product) -> None:
    assert found(anonymous_api, search="' | !pepsi:* & (diet)") == [pepsi.code]


def test_blank_words_do_not_narrow_the_list(anonymous_api: APIClient, pepsi: Product) -> None:
    assert len(found(anonymous_api, search="  ")) == 3


def test_a_slip_is_forgiven_only_where_nothing_is_spelled_so(
    anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    milk, silk = make_product(name="Milk", brand="almarai"), make_product(name="Silk", brand="almarai")
    assert found(anonymous_api, search="milk") == [milk.code]
    assert found(anonymous_api, search="silk") == [silk.code]


def test_the_name_weighs_more_than_the_description(
    anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    named = make_product(name="Orange juice", brand="almarai")
    make_product(name="Water", brand="almarai", description="Goes well with orange cake")
    assert found(anonymous_api, search="orange")[0] == named.code
    assert found(anonymous_api, search="orange", ordering="newest")[-1] == named.code


def test_equally_good_matches_keep_one_order(anonymous_api: APIClient, make_product: MakeProduct) -> None:
    codes = [make_product().code for _number in range(4)]
    assert found(anonymous_api, search="pepsi") == codes[::-1]
    assert found(anonymous_api, search="pepsi", page=2, page_size=2) == codes[1::-1]


def test_search_goes_with_filters_and_facets(anonymous_api: APIClient, pepsi: Product) -> None:
    assert found(anonymous_api, search="pespi", brand="pepsi", in_stock="true") == [pepsi.code]
    assert found(anonymous_api, search="pepsi", brand="almarai") == []
    facets = anonymous_api.get("/api/products/facets", {"search": "pepsi"}).json()
    assert [(brand["slug"], brand["count"]) for brand in facets["brands"]] == [("pepsi", 1)]


def test_a_renamed_product_and_a_renamed_brand_are_found_by_the_new_name(
    anonymous_api: APIClient, pepsi: Product
) -> None:
    products.update_product(pepsi, by=None, name="Mirinda")
    assert found(anonymous_api, search="mirinda") == [pepsi.code]
    brand = Brand.objects.get(slug="pepsi")
    brand.name, brand.name_ar = "PepsiCo Gulf", "شركة"
    taxonomy.save_brand(brand, by=None)
    assert found(anonymous_api, search="gulf") == [pepsi.code]
    assert found(anonymous_api, search="شركه") == [pepsi.code]


def test_a_text_of_any_length_and_kind_can_be_indexed(make_product: MakeProduct) -> None:
    product = make_product(description="x" * 4000 + " \\' : * & | ! ( ) <-> 𝒳 ½ ² ﷺ 中文 ёж " + "y " * 400)
    assert Product.objects.filter(pk=product.pk, search_vector__isnull=False).exists()
