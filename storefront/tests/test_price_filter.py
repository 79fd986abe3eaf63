"""The price beside a list of products: what people type there, and what only attackers send."""

import re
from urllib.parse import quote

import pytest
from django.test import Client

from storefront.tests.conftest import Shelve
from storefront.tests.test_store import FOUND, found, html, shop
from vendors.models import Vendor

__all__ = ["shop"]

WRONG = [
    "12,50", "abc", "10 AED", "-5", "-0.01", "NaN", "Infinity", "-Infinity", "1e400", "1e2", "1E+11",
    "0x10", "12.345", "1.234,50", "1,23", "12,5000", "1_000", "+5", "--5", "5-", "−5", ".", ",", "½", "٫",
    "99999999999", "10–20", "<b>1</b>", "' OR 1=1", "9" * 5000, "x" * 5000, "AED", "12٫345", "¹²",
    "\N{REPLACEMENT CHARACTER}",
]  # fmt: skip


@pytest.mark.usefixtures("shop")
def test_a_price_that_cannot_be_read_is_said_beside_its_field_and_narrows_nothing(
    client: Client, htmx: Client
) -> None:
    for typed in WRONG:
        text = html(client, "/products", min_price=typed)
        assert said(text, "min_price"), typed
        assert found(client, max_price=typed) == FOUND, typed
        part = htmx.get("/products", {"max_price": typed})
        assert part.status_code == 200, typed
        assert 'id="filter-max_price-error"' in part.text, typed


@pytest.mark.parametrize("path", ["/products", "/categories/beverages", "/vendors/{vendor}"])
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.usefixtures("shop")
def test_every_list_says_it_in_both_languages(
    client: Client, htmx: Client, vendor: Vendor, path: str, language: str
) -> None:
    path = path.format(vendor=vendor.code)
    client.cookies["django_language"] = htmx.cookies["django_language"] = language
    for name in ("min_price", "max_price"):
        assert said(html(client, path, **{name: "12,50"}), name)
        assert said(html(client, path, **{name: "abc", "ordering": "-price", "page": "2"}), name)
        part = htmx.get(path, {name: "NaN"}).text
        assert ("كتب السعر" in part) == (language == "ar")


def said(text: str, name: str) -> bool:
    """Whether the field is marked as wrong, its error belongs to it, and no chip tells of a price."""
    field = re.search(rf'<input[^>]*name="{name}"[^>]*>', text)
    assert field is not None
    marked = 'aria-invalid="true"' in field[0] and f'aria-describedby="filter-{name}-error"' in field[0]
    return marked and f'id="filter-{name}-error"' in text and 'id="chip-price"' not in text


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("12.50", {"Still Water"}),
        ("12.5", {"Still Water"}),
        (" 45 ", {"Still Water", "Pepsi Can"}),
        ("١٢٫٥٠", {"Still Water"}),
        ("٤٥", {"Still Water", "Pepsi Can"}),
        ("۴۵", {"Still Water", "Pepsi Can"}),
        ("1,000", {"Still Water", "Pepsi Can", "Fresh Milk"}),
        ("1,000.00", {"Still Water", "Pepsi Can", "Fresh Milk"}),
        ("١٬٠٠٠", {"Still Water", "Pepsi Can", "Fresh Milk"}),
        ("1 000", {"Still Water", "Pepsi Can", "Fresh Milk"}),
        ("\u200f45", {"Still Water", "Pepsi Can"}),
        ("\u2066٤٥\u2069", {"Still Water", "Pepsi Can"}),
        ("0", set()),
    ],
)
@pytest.mark.usefixtures("shop")
def test_a_price_is_read_as_people_write_it(client: Client, typed: str, names: set[str]) -> None:
    assert found(client, max_price=typed) == names
    text = html(client, "/products", max_price=typed)
    assert "aria-invalid" not in text
    assert 'id="chip-price"' in text


@pytest.mark.usefixtures("shop")
def test_a_right_price_counts_beside_a_wrong_one(client: Client) -> None:
    asked = {"min_price": "12,50", "max_price": "50", "in_stock": "1"}
    assert found(client, **asked) == {"Pepsi Can", "Still Water"}
    text = html(client, "/products", **asked)
    assert "Up to <bdi" in text
    assert 'value="12,50"' in text  # what was typed stays, here and in the links
    assert "min_price=12%2C50" in text
    assert "From: Write the price in AED with digits and a point, such as 12.50." in text


@pytest.mark.usefixtures("shop")
def test_what_is_too_long_for_a_price_is_not_carried_from_link_to_link(client: Client) -> None:
    text = html(client, "/products", min_price="7" * 5000, in_stock="1")
    assert text.count("7" * 5000) == 2  # in its field, and where the other language leads back to


@pytest.mark.parametrize(
    "query",
    ["min_price=12,50&min_price=abc", "min_price=abc&min_price=20", "min_price=%ED%A0%80", "min_price=%FF%FE",
     "min_price[]=5", "min_price", "min_price=%E2%80%8F20", "min_price=&max_price="],
)  # fmt: skip
@pytest.mark.usefixtures("shop")
def test_odd_addresses_are_answered(client: Client, query: str) -> None:
    assert client.get(f"/products?{query}").status_code == 200


@pytest.mark.usefixtures("shop")
def test_a_text_that_is_too_long_to_search_for_is_searched_by_its_beginning(client: Client) -> None:
    long = "pepsi can " + "x" * 5000
    text = html(client, "/products", search=long)
    assert f"“{long[:200]}”" in text
    assert client.get(f"/products?search={quote(long)}", headers={"hx-request": "true"}).status_code == 200


def test_a_list_narrowed_to_one_price_says_so(client: Client, shelve: Shelve) -> None:
    shelve(name="Pepsi Can", price="45.00")
    text = html(client, "/products", min_price="0", max_price="0")
    assert "Up to <bdi" in text
    assert "Fresh Milk" not in text
