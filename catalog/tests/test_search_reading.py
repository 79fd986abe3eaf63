"""Whole words first: beginnings of words count only where too little has the words as they are."""

import pytest
from rest_framework.test import APIClient

from catalog.search import spelling
from catalog.tests.conftest import MakeProduct
from catalog.tests.test_browse import found


@pytest.fixture
def enough_are_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling, "ENOUGH", 2)


@pytest.mark.usefixtures("enough_are_two")
def test_where_enough_has_a_word_what_only_begins_so_is_left_out(
    anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    first, second = (make_product(name=f"Orange Juice {number}", brand="almarai") for number in (1, 2))
    make_product(name="Oranges", brand="almarai")
    assert found(anonymous_api, search="orange") == [second.code, first.code]
    assert found(anonymous_api, search="orange", ordering="newest") == [second.code, first.code]
    facets = anonymous_api.get("/api/products/facets?search=orange").json()
    assert [each["count"] for each in facets["brands"]] == [2]


@pytest.mark.usefixtures("enough_are_two")
def test_where_little_has_a_word_its_beginnings_count_too(
    anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    every = [make_product(name=name, brand="almarai").code for name in ("Choco", "Chocolate")]
    assert sorted(found(anonymous_api, search="choco")) == every
    facets = anonymous_api.get("/api/products/facets?search=choco").json()
    assert [each["count"] for each in facets["brands"]] == [2]


@pytest.mark.usefixtures("enough_are_two")
def test_a_word_that_is_not_finished_finds_all_that_begin_so(
    anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    every = [make_product(name=name, brand="almarai").code for name in ("Orange", "Orange", "Oranges")]
    assert sorted(found(anonymous_api, search="oran")) == every


@pytest.mark.usefixtures("enough_are_two")
def test_what_is_read_does_not_depend_on_what_else_narrows_the_list(
    anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    for brand in ("almarai", "almarai", "pepsi"):
        make_product(name="Orange", brand=brand)
    make_product(name="Oranges", brand="pepsi")
    assert len(found(anonymous_api, search="orange", brand="pepsi")) == 1


def test_more_than_is_kept_by_key_is_found_by_words_again(
    anonymous_api: APIClient, make_product: MakeProduct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spelling, "FEW", 2)
    codes = [make_product(name=f"Orange {number}").code for number in range(4)]
    assert found(anonymous_api, search="orange", ordering="newest") == codes[::-1]
    assert found(anonymous_api, search="orange", brand="pepsi", ordering="newest") == codes[::-1]
    assert sorted(found(anonymous_api, search="orange", brand="pepsi")) == codes
    assert found(anonymous_api, search="orange", brand="almarai") == []
