"""Finding products on the pages: lists, shelves, vendors, suggestions."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import ProductImage
from catalog.services import products
from storefront.listing import PAGE_SIZE
from storefront.tests.conftest import Shelve
from vendors import services as vendors
from vendors.models import Vendor


def html(client: Client, path: str, status: int = 200, **query: Any) -> str:
    answer = client.get(path, query)
    assert answer.status_code == status, answer.content[:500]
    return answer.content.decode()


@pytest.fixture
def shop(shelve: Shelve, rival_vendor: Vendor) -> None:
    """Pepsi and water of Ahmed, dear milk of Gulf that is gone."""
    shelve(name="Pepsi Can", name_ar="بيبسي علبة", price="45.00")
    shelve(name="Still Water", category="water", brand="masafi", price="12.50")
    shelve(rival_vendor, name="Fresh Milk", category="milk", brand="almarai", price="120.00", quantity=0)


FOUND = {"Pepsi Can", "Still Water", "Fresh Milk"}


def found(client: Client, path: str = "/products", **query: Any) -> set[str]:
    text = re.sub("</?mark>", "", html(client, path, **query))
    return {name for name in FOUND if f">{name}</a>" in text}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, FOUND),
        ({"search": "pepsy"}, {"Pepsi Can"}),
        ({"search": "بيبسي علبه"}, {"Pepsi Can"}),
        ({"category": "beverages"}, {"Pepsi Can", "Still Water"}),
        ({"category": "water"}, {"Still Water"}),
        ({"brand": "almarai"}, {"Fresh Milk"}),
        ({"min_price": "20", "max_price": "100"}, {"Pepsi Can"}),
        ({"in_stock": "1"}, {"Pepsi Can", "Still Water"}),
        ({"category": "nonsense"}, set()),
        ({"vendor": "V999999"}, set()),
        ({"vendor": "P1"}, set()),
        ({"search": "!!!"}, set()),
    ],
)
@pytest.mark.usefixtures("shop")
def test_the_address_narrows_the_list(client: Client, query: dict[str, str], names: set[str]) -> None:
    assert found(client, **query) == names


@pytest.mark.usefixtures("shop")
def test_the_list_is_sorted_as_asked(client: Client) -> None:
    text = html(client, "/products", ordering="price")
    places = [text.index(f">{name}</a>") for name in ("Still Water", "Pepsi Can", "Fresh Milk")]
    assert places == sorted(places)


@pytest.mark.usefixtures("shop")
def test_nonsense_in_the_address_is_left_out(client: Client) -> None:
    nonsense = {"page": "-7", "ordering": "colour", "category": "a b", "in_stock": "perhaps", "min_price": ""}
    assert found(client, page="x") == FOUND
    assert found(client, **nonsense) >= {"Pepsi Can"}


@pytest.mark.usefixtures("shop")
def test_a_wrong_price_is_said_beside_the_field_and_kept(client: Client) -> None:
    text = html(client, "/products", min_price="100", max_price="50")
    assert "This is below the lowest price." in text
    assert 'value="50"' in text
    assert 'value="100"' in text


@pytest.mark.usefixtures("shop")
def test_facets_count_and_lead_to_a_narrower_list(client: Client) -> None:
    text = html(client, "/products", brand="pepsi")
    assert 'href="/products?category=beverages&amp;brand=pepsi"' in text
    assert 'id="brand-pepsi" name="brand" value="pepsi" checked' in text
    assert 'id="brand-almarai" name="brand" value="almarai">' in text


@pytest.mark.usefixtures("shop")
def test_several_brands_vendors_and_price_bands_may_be_chosen(
    client: Client, vendor: Vendor, rival_vendor: Vendor
) -> None:
    assert found(client, brand=["pepsi", "almarai"]) == {"Pepsi Can", "Fresh Milk"}
    assert found(client, vendor=[vendor.code.lower(), rival_vendor.code]) == FOUND
    assert found(client, price_band=["0", "100", "7", "x"]) == {"Still Water", "Fresh Milk"}
    assert found(client, price_band="25", brand=["pepsi", "masafi"]) == {"Pepsi Can"}
    text = html(client, "/products", brand=["pepsi", "almarai"], price_band=["25", "100"])
    assert 'id="chip-brand-pepsi" href="/products?brand=almarai&amp;price_band=25&amp;price_band=100"' in text
    assert 'id="chip-price_band-100" href="/products?brand=almarai&amp;brand=pepsi&amp;price_band=25"' in text
    assert 'name="price_band" value="25" checked' in text


@pytest.mark.usefixtures("shop")
def test_a_chosen_brand_of_which_nothing_is_left_can_still_be_unticked(client: Client) -> None:
    text = html(client, "/products", brand=["pepsi", "almarai"], category="milk")
    assert 'id="brand-pepsi" name="brand" value="pepsi" checked' in text


@pytest.mark.usefixtures("shop")
def test_each_active_filter_is_a_chip_that_takes_it_away(client: Client) -> None:
    text = html(client, "/products", search="pepsi", in_stock="1", max_price="50")
    assert 'id="chip-search" href="/products?max_price=50&amp;in_stock=1"' in text
    assert 'id="chip-in_stock" href="/products?search=pepsi&amp;max_price=50"' in text
    assert 'id="chip-price" href="/products?search=pepsi&amp;in_stock=1"' in text
    assert 'id="chip-clear" href="/products"' in text


@pytest.mark.usefixtures("shop")
def test_the_price_bands_match_what_they_count(client: Client) -> None:
    text = html(client, "/products")
    for start, name in ((0, "Still Water"), (25, "Pepsi Can"), (100, "Fresh Milk")):
        assert f'name="price_band" value="{start}"' in text
        assert found(client, price_band=start) == {name}


@pytest.mark.usefixtures("shop")
def test_htmx_gets_only_what_changes_and_the_address_to_show(htmx: Client) -> None:
    answer = htmx.get("/products", {"search": "", "min_price": "", "brand": "pepsi", "in_stock": "1"})
    text = answer.content.decode()
    assert "<html" not in text
    assert 'id="facets-body" hx-swap-oob' in text
    assert answer["HX-Push-Url"] == "/products?brand=pepsi&in_stock=1"
    assert "HX-Request" in answer["Vary"]
    typed = htmx.get("/products", {"search": "pep"}, headers={"hx-trigger-name": "search"})
    assert typed["HX-Replace-Url"] == "/products?search=pep"
    assert "HX-Push-Url" not in typed


def test_pages_follow_each_other_and_keep_the_filters(client: Client, shelve: Shelve) -> None:
    for number in range(PAGE_SIZE + 1):
        shelve(name=f"Can {number}")
    first = html(client, "/products", brand="pepsi")
    assert f"{PAGE_SIZE + 1} products" in first
    assert 'rel="next" href="?brand=pepsi&amp;page=2"' in first
    last = html(client, "/products", brand="pepsi", page="2")
    assert last.count('<article class="product">') == 1
    assert html(client, "/products", brand="pepsi", page="99").count('<article class="product">') == 1


@pytest.mark.usefixtures("shop")
def test_an_empty_list_says_where_to_go(client: Client) -> None:
    text = html(client, "/products", search="Pepsii Cola Zero")
    assert "Did you mean" in text
    assert 'href="/products?search=Pepsi"' in text
    assert 'href="/categories/beverages"' in text
    narrowed = html(client, "/products", search="pepsi", category="milk")
    assert "Show 1 product without filters" in narrowed
    assert "Clear all filters" in html(client, "/products", brand="almarai", category="water")


@pytest.mark.usefixtures("shop")
def test_a_shelf_shows_its_own_products_and_what_lies_below(client: Client) -> None:
    assert found(client, "/categories/beverages") == {"Pepsi Can", "Still Water"}
    text = html(client, "/categories/beverages", in_stock="1")
    assert 'class="chip" href="/categories/water"' in text
    assert 'href="/categories/water?in_stock=1"' in text  # the tree keeps the filters
    assert 'href="/products?in_stock=1"' in text  # all categories
    assert 'id="chip-category"' not in text
    assert '<a href="/categories/beverages">Beverages</a>' in html(client, "/categories/water")
    assert found(client, "/categories/water", category="milk") == {"Still Water"}


@pytest.mark.usefixtures("shop")
def test_a_vendors_page_is_its_public_face(client: Client, vendor: Vendor) -> None:
    assert found(client, f"/vendors/{vendor.code}") == {"Pepsi Can", "Still Water"}
    text = html(client, f"/vendors/{vendor.code}")
    assert "Dubai" in text
    assert vendor.trn not in text
    assert vendor.email not in text
    assert 'id="facet-vendor"' not in text


@pytest.mark.usefixtures("shop")
def test_what_is_not_public_is_not_there(client: Client, vendor: Vendor, applicant: Vendor) -> None:
    for path in (
        f"/vendors/{applicant.code}",
        "/vendors/V1",
        "/vendors/x",
        "/categories/nope",
        "/products/P1",
    ):
        assert "<html" in html(client, path, 404)
    vendors.suspend_vendor(vendor, by=None, reason="Licence ran out.")
    html(client, f"/vendors/{vendor.code}", 404)
    assert found(client) == {"Fresh Milk"}


@pytest.mark.usefixtures("shop")
def test_the_search_suggests_products_shelves_and_brands(client: Client) -> None:
    text = html(client, "/products/suggestions", search="pep")
    assert "<mark>Pepsi</mark> Can" in text
    assert 'href="/products?brand=pepsi"' in text
    assert 'href="/categories/water"' in html(client, "/products/suggestions", search="wat")
    assert "Nothing found" in html(client, "/products/suggestions", search="zzzzzz")
    assert html(client, "/products/suggestions", search=" ! ").strip() == ""


@pytest.mark.usefixtures("shop")
def test_names_come_in_the_readers_language(client: Client) -> None:
    client.cookies["django_language"] = "ar"
    text = html(client, "/products")
    assert 'lang="ar" dir="rtl"' in text
    assert "بيبسي علبة" in text
    assert ">Pepsi Can<" not in text
    assert "Still Water" in text  # no Arabic name is given


@pytest.mark.parametrize("path", ["/products", "/categories/soft-drinks", "/vendors/{vendor}"])
def test_ten_times_the_products_cost_no_more_queries(
    client: Client, shelve: Shelve, vendor: Vendor, path: str
) -> None:
    path = path.format(vendor=vendor.code)

    def counted() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            html(client, path)
        return len(queries)

    def add(number: int) -> None:
        product = shelve(name=f"Can {number}")
        ProductImage.objects.create(product=product, key=f"k{number}", position=1, width=10, height=10)

    for number in range(2):
        add(number)
    few = counted()
    for number in range(2, 20):
        add(number)
    assert counted() == few


def test_drafts_and_hidden_products_are_in_no_list(client: Client, shelve: Shelve) -> None:
    shelve(name="Pepsi Can", status="draft")
    products.move_product(shelve(name="Still Water"), "hidden", by=None, reason="counterfeit")
    assert found(client) == set()
