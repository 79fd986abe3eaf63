"""What is found comes in a useful order: codes first, what is in stock, what sells; page by page."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from catalog import selectors
from catalog.models import Product
from catalog.search import ranking
from catalog.services import searching
from catalog.tests.conftest import MakeProduct, copy_by_sql
from catalog.tests.test_browse import found
from retailers.models import Retailer
from tests import goods


@pytest.mark.parametrize("words", ["6291003800115", "06291003800115", "629-1003800115", "٦٢٩١٠٠٣٨٠٠١١٥"])
def test_a_barcode_is_found_in_any_length_and_script(
    words: str, anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    product = make_product(barcode="6291003800115")
    make_product(name="Not this one")
    assert found(anonymous_api, search=words) == [product.code]


def test_the_product_with_this_sku_comes_before_those_that_speak_of_it(
    anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    exact = make_product(name="Cola", sku="PEP-330")
    named = make_product(name="Pep 330 Pep 330")
    assert found(anonymous_api, search="pep 330") == [exact.code, named.code]


def test_what_is_in_stock_comes_first(anonymous_api: APIClient, make_product: MakeProduct) -> None:
    there = make_product(quantity=5)
    gone = make_product(quantity=0)
    assert found(anonymous_api, search="pepsi") == [there.code, gone.code]


def test_what_sells_comes_first_once_it_was_counted(
    anonymous_api: APIClient, make_product: MakeProduct, retailer: Retailer
) -> None:
    wanted, newer = make_product(), make_product()
    goods.place_order(retailer, (wanted, 50))
    assert searching.refresh_popularity() == 1
    assert searching.refresh_popularity() == 0
    wanted.refresh_from_db()
    assert wanted.popularity == 6
    assert found(anonymous_api, search="pepsi") == [wanted.code, newer.code]


def test_pages_beyond_the_weighed_follow_without_gap_or_double(
    anonymous_api: APIClient, make_product: MakeProduct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "WEIGHED", 4)
    everything = {make_product(name=f"Pepsi {number}").code for number in range(11)}
    pages = [found(anonymous_api, search="pepsi", page=page, page_size=3) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [3, 3, 3, 2]
    assert {code for page in pages for code in page} == everything


def test_more_than_is_counted_is_still_listed(
    anonymous_api: APIClient, make_product: MakeProduct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "COUNTED", 2)
    codes = [make_product().code for _number in range(4)]
    answer = anonymous_api.get("/api/products", {"search": "pepsi", "page_size": "2", "page": "2"})
    assert [row["id"] for row in answer.json()["results"]] == codes[1::-1]


@pytest.mark.parametrize("walked", [0, 3, 7, 100])
@pytest.mark.parametrize("words", ["lime", "lim"])
def test_the_best_sellers_are_the_same_however_far_the_index_is_walked(
    words: str, walked: int, make_product: MakeProduct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "COUNTED", 3)
    monkeypatch.setattr(ranking, "WEIGHED", 3)
    monkeypatch.setattr(ranking, "WALKED", walked)
    shelf = [make_product(name=name) for name in ["Pepsi lime", "Pepsi cherry"] * 5]
    for number, product in enumerate(shelf):
        Product.objects.filter(pk=product.pk).update(
            popularity=number % 7, status="archived" if number == 6 else "active"
        )
    best = [shelf[at].code for at in (4, 2, 8, 0)]  # of those with lime that are sold: 4, 2, 1 and 0
    found = selectors.listed(Product.objects.sold(), selectors.Filters(search=words))
    assert isinstance(found, ranking.BestFirst)
    assert len(found.best) == 3
    assert [each.code for each in found[:9]] == best
    mine = selectors.listed(Product.objects.all(), selectors.Filters(search=words))
    assert [each.code for each in mine[:3]] == [shelf[6].code, *best[:2]]


@pytest.mark.parametrize(("words", "most"), [("pepsi", 3), ("pespi", 5)])
@pytest.mark.parametrize("number", [3, 30])
def test_a_search_costs_the_same_few_statements_however_much_it_finds(
    words: str,
    most: int,
    number: int,
    make_product: MakeProduct,
    django_assert_max_num_queries: Any,
) -> None:
    for _number in range(number):
        make_product()
    with django_assert_max_num_queries(most):
        list(selectors.listed(Product.objects.sold(), selectors.Filters(search=words))[:21])


def test_rare_words_are_found_by_the_index(shelved: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_product")
        cursor.execute("SET LOCAL enable_seqscan = off")  # three thousand rows are soon read
        cursor.execute(
            "EXPLAIN SELECT id FROM catalog_product WHERE search_vector @@ catalog_query('pepsi 1777')"
        )
        assert "product_search" in "\n".join(row[0] for row in cursor.fetchall())


def test_the_best_sellers_of_what_many_have_are_found_by_their_index(shelved: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_product")
        cursor.execute(
            "EXPLAIN SELECT id FROM catalog_product WHERE search_vector @@ catalog_query('pepsi') "
            "AND status = 'active' ORDER BY popularity DESC, id DESC LIMIT 200"
        )
        assert "product_popular" in "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.usefixtures("shelved")
def test_beginnings_are_not_looked_at_where_whole_words_find_enough() -> None:
    (plan,) = plans_of("pepsi")
    beginnings = re.search(r"CTE wide\n(.+\n)+?.+One-Time Filter(.+\n)+?.+never executed", plan)
    assert beginnings, plan


@pytest.mark.usefixtures("shelved")
def test_the_best_of_more_than_is_counted_come_from_the_index_of_best_sellers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ranking, "COUNTED", 500)
    (plan,) = plans_of("pepsi")
    assert re.search("using product_popular on .+actual", plan), plan


def plans_of(words: str) -> list[str]:
    """How the statements that rank what `words` find were carried out."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_product, catalog_searchword, vendors_vendor")
    with CaptureQueriesContext(connection) as sent:
        selectors.listed(Product.objects.sold(), selectors.Filters(search=words))
    plans = []
    for query in sent.captured_queries:
        if "WITH narrow" in query["sql"]:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN ANALYZE {query['sql']}")
                plans.append("\n".join(row[0] for row in cursor.fetchall()))
    return plans


@pytest.fixture
def shelved(product: Product) -> None:
    """Three thousand products of one kind, by SQL."""
    copy_by_sql("'Pepsi ' || n", times=3000)
