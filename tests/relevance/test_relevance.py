"""Searches find what buyers mean. `python -m tests.relevance` prints the report."""

from decimal import Decimal

import pytest

from aqad.demo.cast import goods_by_sku
from aqad.demo.own_brands import OWN_BRANDS
from catalog import selectors
from catalog.models import Brand, Product
from catalog.selectors import Filters
from catalog.services import products
from catalog.services.starting_set import load_categories_and_brands
from tests import factories
from tests.relevance.judged import QUERIES, Judged
from tests.relevance.measure import DEPTH, Result, ndcg, overall, report

FLOOR = 0.965  # just beneath what is reached


@pytest.fixture
def catalogue(db: None) -> None:
    """The demo's goods, all of one vendor, without what only time brings: no pictures, no sales."""
    load_categories_and_brands()
    for name, name_ar in OWN_BRANDS:
        slug = name.lower().replace(" ", "-")
        Brand.objects.get_or_create(slug=slug, defaults={"name": name, "name_ar": name_ar})
    vendor = factories.make_vendor()
    for one in goods_by_sku().values():
        products.create_product(
            vendor,
            by=None,
            name=one.name,
            name_ar=one.name_ar,
            price=Decimal(one.price),
            quantity=one.quantity,
            category=one.category,
            brand=one.brand,
            sku=one.sku,
            barcode=one.barcode,
            pack_size=one.pack,
            description=one.description,
            description_ar=one.description_ar,
        )


@pytest.mark.usefixtures("catalogue")
def test_judged_queries_find_what_is_meant_in_the_right_order() -> None:
    results = [Result(judged, _found(judged)) for judged in QUERIES]
    said = report(results)
    print(said)  # noqa: T201 - the report
    assert overall(results) >= FLOOR, said


def test_enough_queries_are_judged_and_each_names_goods_that_exist() -> None:
    assert len({judged.query for judged in QUERIES}) == len(QUERIES) >= 60
    assert {sku for judged in QUERIES for sku in judged.gains} <= goods_by_sku().keys()


def test_the_measure_knows_a_perfect_answer_a_worse_one_and_none() -> None:
    gains = {"a": 3, "b": 1}
    assert ndcg(["a", "b"], gains) == 1
    assert 0 < ndcg(["x", "b", "a"], gains) < ndcg(["b", "a"], gains) < 1
    assert ndcg(["x"], gains) == 0


def _found(judged: Judged) -> list[str]:
    found = selectors.listed(Product.objects.sold(), Filters(search=judged.query))[:DEPTH]
    return [product.sku for product in found]
