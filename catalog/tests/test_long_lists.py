"""Lists that are long: no work grows with the page's number, and the indexes give the order."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from catalog import cache, selectors
from catalog.api import pages
from catalog.models import Brand, Category, Product
from catalog.selectors import Filters
from catalog.tests.conftest import MakeProduct
from vendors.models import Vendor

MANY = 20_000

# As an import of years would leave them; triggers are off because they are not what is tested.
FILL = """
SET LOCAL session_replication_role = replica;
INSERT INTO catalog_product (status, name, name_ar, description, description_ar, sku, barcode, price,
    unit_code, pack_size, min_order_quantity, order_multiple, vat_category, lead_time_days, updated_at,
    brand_id, category_id, vendor_id)
SELECT 'active', 'Product ' || md5(n::text), '', '', '', 'S' || n, '', 1 + n * 7 %% 9973,
       'XCT', '', 1, 1, 'S', 1, now(), (%(brands)s::bigint[])[1 + n %% cardinality(%(brands)s)],
       (%(categories)s::bigint[])[1 + n * 31 %% cardinality(%(categories)s)], %(vendor)s
  FROM generate_series(1, %(many)s) AS n;
INSERT INTO catalog_stock (product_id, on_hand, reserved)
SELECT id, 5, 0 FROM catalog_product ON CONFLICT DO NOTHING;
SET LOCAL session_replication_role = origin;
ANALYZE catalog_product, catalog_stock, catalog_category, catalog_brand, vendors_vendor;
"""


@pytest.fixture
def many(shelves: None, vendor: Vendor) -> None:
    told = {
        "brands": list(Brand.objects.values_list("pk", flat=True)),
        "categories": list(Category.objects.values_list("pk", flat=True)),
        "vendor": vendor.pk,
        "many": MANY,
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL, told)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("filters", "ordering", "index"),
    [
        (Filters(), "newest", "(product_newest|catalog_product_pkey)"),
        (Filters(), "price", "product_price"),
        (Filters(), "-price", "product_price"),
        (Filters(), "name", "product_name"),
        (Filters(in_stock=True), "price", "product_price"),
        (Filters(category="water"), "newest", "product_(category|newest)"),
        (Filters(category="water"), "price", "product_(category_)?price"),
        (Filters(category="beverages"), "-price", "product_price"),
        (Filters(brands=("pepsi",)), "newest", "(product_(brand|newest)|catalog_product_pkey)"),
    ],
)
def test_the_order_comes_from_an_index(filters: Filters, ordering: str, index: str) -> None:
    found = selectors.listed(Product.objects.sold(), filters, ordering)
    plan = found.values_list("pk")[:21].explain()
    assert re.search(f"using {index} ", plan), plan
    assert "Sort" not in plan


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("ordering", ["price", "-price", "name"])
def test_the_few_of_a_rare_brand_are_not_searched_for_along_the_order(
    ordering: str, anonymous_api: APIClient
) -> None:
    rare = Brand.objects.create(slug="rare", name="Rare")
    keys = [row.pk for row in Product.objects.order_by("pk")[9000:9003]]
    Product.objects.filter(pk__in=keys).update(brand=rare)
    found = selectors.listed(Product.objects.sold(), Filters(brands=("rare",)), ordering)
    assert not re.search("using product_(price|name) ", found.values_list("pk")[:21].explain())
    assert sorted(found.values_list("pk", flat=True)) == keys
    answer = anonymous_api.get("/api/products", {"brand": "rare", "ordering": ordering}).json()
    assert answer["count"] == 3


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("ordering", ["newest", "price", "name"])
def test_the_few_that_are_sold_out_are_not_searched_for_along_the_order(ordering: str) -> None:
    found = selectors.listed(Product.objects.sold(), Filters(in_stock=False), ordering)
    plan = found.values_list("pk")[:21].explain()
    assert re.match(r"Limit.+\n +-> +Sort", plan), plan
    assert re.search(r"Scan on catalog_stock .+rows=\d{1,3} ", plan), plan


@pytest.mark.usefixtures("many")
def test_a_page_behind_a_cursor_begins_where_the_last_one_ended() -> None:
    found = selectors.listed(Product.objects.sold(), Filters(), "price")
    plan = selectors.after(found, "price", Decimal(9000), 1000).values_list("pk")[:21].explain()
    assert "Index Cond: (ROW(price, id) > ROW(" in plan.replace("catalog_product.", "")


@pytest.mark.usefixtures("many")
def test_counting_ends_at_the_cap(anonymous_api: APIClient) -> None:
    answer = anonymous_api.get("/api/products").json()
    assert (answer["count"], answer["count_capped"]) == (10_000, True)
    last = anonymous_api.get("/api/products?page_size=100&page=100").json()
    assert "cursor=" in last["next"]
    assert anonymous_api.get("/api/products?page_size=100&page=101").status_code == 404
    after = anonymous_api.get(last["next"])
    assert after.status_code == 200, after.content
    assert len(after.json()["results"]) == 100


@pytest.mark.parametrize("ordering", ["newest", "price", "-price", "name"])
def test_following_the_links_shows_each_product_once_in_order(
    ordering: str, anonymous_api: APIClient, make_product: MakeProduct, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "COUNT_CAP", 4)
    made = [
        make_product(
            name=f"{['Pepsi', 'pepsi', 'PEPSI'][number % 3]} {number % 2}", price=Decimal(number % 3 + 1)
        )
        for number in range(11)
    ]
    whole = anonymous_api.get(f"/api/products?ordering={ordering}&page_size=100").json()["results"]
    link, seen = f"/api/products?ordering={ordering}&page_size=2", []
    while link:
        page = anonymous_api.get(link).json()
        assert (page["count"], page["count_capped"]) == (4, True)
        seen += page["results"]
        link = page["next"]
    assert seen == whole
    assert len(seen) == len(made)


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJhIiwiYiJd", "bnVsbA", "%00", "WyJhIiwxXQ"])
def test_a_cursor_that_is_not_ours_is_named(cursor: str, anonymous_api: APIClient, product: Product) -> None:
    answer = anonymous_api.get(f"/api/products?ordering=price&cursor={cursor}")
    assert answer.status_code == 400
    if cursor != "%00":
        assert list(answer.json()["errors"]) == ["cursor"]


@pytest.mark.parametrize(
    ("path", "budget"),
    [
        ("/api/products?page_size={size}", 1),
        ("/api/products?page_size={size}&in_stock=true&ordering=price", 1),
        ("/api/products?page_size={size}&category=soft-drinks", 2),
        ("/api/products?page_size={size}&category=soft-drinks&brand=pepsi&ordering=price", 3),
        ("/api/products?page_size={size}&search=number", 3),
        ("/api/products?page_size={size}&search=number&brand=pepsi&ordering=price", 3),
        ("/api/products/facets", 1),
        ("/api/products/facets?search=number", 3),
        ("/api/products/suggest?q=number", 2),
        ("/api/products/{code}", 1),
        ("/api/categories?page_size={size}", 2),
        ("/api/brands?page_size={size}", 2),
    ],
)
def test_ten_rows_cost_as_many_statements_as_a_hundred(
    path: str, budget: int, anonymous_api: APIClient, make_product: MakeProduct
) -> None:
    tiers = [{"min_quantity": 10, "price": "1.00"}]
    made = [make_product(price_tiers=tiers, name=f"Number {number}") for number in range(101)]

    def statements(size: int) -> list[Any]:
        cache.forget_all()
        with CaptureQueriesContext(connection) as captured:
            anonymous_api.get(path.format(size=size, code=made[0].code))
        return [query["sql"] for query in captured]

    few, many = statements(10), statements(100)
    assert len(few) == len(many), (few, many)
    assert len(many) <= budget, many
