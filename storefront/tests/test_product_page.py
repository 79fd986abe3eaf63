"""One product: its offer at a quantity, its rivals, what stands beside it."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from catalog.models import Product, ProductImage
from catalog.services import products
from storefront.tests.conftest import Shelve
from vendors.models import Vendor

TIERS = [{"min_quantity": 50, "price": Decimal("40.00")}, {"min_quantity": 100, "price": Decimal("36.00")}]


@pytest.fixture
def pepsi(shelve: Shelve) -> Product:
    """From 20 in steps of 10, 45.00, at 50 40.00, at 100 36.00; 500 there."""
    return shelve(
        name="Pepsi Can",
        name_ar="بيبسي علبة",
        barcode="6291003800115",
        pack_size="24 × 330 ml",
        min_order_quantity=20,
        order_multiple=10,
        lead_time_days=3,
        price_tiers=TIERS,
    )


def html(client: Client, product: Product, status: int = 200, **query: Any) -> str:
    answer = client.get(f"/products/{product.code}", query)
    assert answer.status_code == status, answer.content[:500]
    return answer.content.decode()


def words(text: str) -> str:
    """The text as read, without tags."""
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())


@pytest.mark.parametrize(
    ("quantity", "says"),
    [
        ("", "Total for 20 900.00 AED"),
        ("20", "with 5% VAT 945.00 AED"),
        ("20", "30 more, and each costs 40.00 AED"),
        ("50", "Total for 50 2,000.00 AED"),
        ("120", "Total for 120 4,320.00 AED"),
        ("23", "Nearest to your number: 20 30"),
        ("3", "Nearest to your number: 20"),
        ("600", "Only 500 are left. Take 500"),
        ("lots", "Total for 20 900.00 AED"),
        ("-5", "Total for 20 900.00 AED"),
        ("99999999999999999999", "Total for 20 900.00 AED"),
        ("\u200f٣٠", "Total for 30 1,350.00 AED"),
    ],
)
def test_the_offer_says_what_a_quantity_costs_or_why_it_cannot_be(
    client: Client, pepsi: Product, quantity: str, says: str
) -> None:
    assert says in words(html(client, pepsi, quantity=quantity))


def test_the_row_of_the_price_that_is_reached_is_marked(client: Client, pepsi: Product) -> None:
    for quantity, row in (("20", "20–49"), ("50", "50–99"), ("100", "100+")):
        text = html(client, pepsi, quantity=quantity)
        (reached,) = re.findall(r'<tr class="reached".*?</tr>', text, re.DOTALL)
        assert row in reached


def test_htmx_gets_the_offer_alone(client: Client, pepsi: Product) -> None:
    answer = client.get(
        f"/products/{pepsi.code}", {"quantity": "100"}, headers={"hx-request": "true", "hx-target": "offer"}
    )
    text = answer.content.decode()
    assert "<html" not in text
    assert "3,600.00 AED" in words(text)
    assert "HX-Request" in answer["Vary"]


def test_the_page_tells_the_facts_and_when_it_arrives(
    client: Client, retailer_user: User, pepsi: Product
) -> None:
    text = words(html(client, pepsi))
    day = (timezone.localdate() + timedelta(days=3)).strftime("%A %-d %B")
    for fact in ("24 × 330 ml", "6291003800115", pepsi.code, "1.88 AED a piece", f"Delivered from {day}"):
        assert fact in text
    client.force_login(retailer_user)
    assert f"In Dubai from {day}" in words(html(client, pepsi))


def test_arabic_readers_get_the_arabic_name(client: Client, pepsi: Product) -> None:
    client.cookies["django_language"] = "ar"
    text = html(client, pepsi)
    assert 'dir="rtl"' in text
    assert re.search(r"<h1>بيبسي علبة</h1>", text)


def test_offers_of_the_same_barcode_are_compared_cheapest_first(
    client: Client, shelve: Shelve, pepsi: Product, rival_vendor: Vendor
) -> None:
    assert "The same article" not in html(client, pepsi)
    rival = shelve(rival_vendor, name="Pepsi of Gulf", barcode="06291003800115", price="39.00")
    text = html(client, pepsi)
    table = words(text.split('id="rivals"')[1].split("</table>")[0])
    assert table.index("Gulf Trading LLC") < table.index("Ahmed Foods LLC This offer")
    assert f'href="/products/{rival.code}"' in text
    products.move_product(rival, "hidden", by=None, reason="counterfeit")
    assert "The same article" not in html(client, pepsi)


def test_what_stands_on_the_same_shelf_is_shown(client: Client, shelve: Shelve, pepsi: Product) -> None:
    shelve(name="Seven Can")
    shelve(name="Still Water", category="water", brand="almarai")
    shelve(name="Fresh Milk", category="milk", brand="almarai")
    text = html(client, pepsi).split('id="related"')[1]
    assert text.index("Seven Can") < text.index("Still Water")
    assert "Fresh Milk" not in text


def test_what_is_sold_out_says_so_and_cannot_be_ordered(client: Client, shelve: Shelve) -> None:
    text = html(client, shelve(name="Pepsi Can", quantity=0))
    assert "Sold out" in text
    assert 'id="buy"' not in text


def test_what_is_not_sold_is_seen_by_its_vendor_alone(
    client: Client, shelve: Shelve, vendor_user: User, rival_vendor_user: User, retailer_user: User
) -> None:
    draft = shelve(name="Pepsi Can", status="draft")
    assert "<html" in html(client, draft, 404)
    for user in (rival_vendor_user, retailer_user):
        client.force_login(user)
        html(client, draft, 404)
    client.force_login(vendor_user)
    assert "This product is not on sale." in html(client, draft)


def test_pictures_have_their_size_and_only_the_first_comes_at_once(client: Client, pepsi: Product) -> None:
    for number in range(3):
        ProductImage.objects.create(
            product=pepsi,
            key=f"p/{number}.webp",
            thumbnails={"160": f"p/{number}-160.webp", "640": f"p/{number}-640.webp"},
            position=number,
            width=900,
            height=900,
        )
    stage = re.findall(r"<img[^>]*>", html(client, pepsi).split("gallery-stage")[1].split("</ul>")[0])
    assert len(stage) == 3
    assert all('width="900" height="900"' in each and "640w" in each for each in stage)
    assert ['loading="lazy"' in each for each in stage] == [False, True, True]


def test_more_pictures_tiers_rivals_and_neighbours_cost_no_more_queries(
    client: Client, shelve: Shelve, pepsi: Product, rival_vendor: Vendor
) -> None:
    def counted() -> int:
        with CaptureQueriesContext(connection) as queries:
            html(client, pepsi)
        return len(queries)

    def add() -> None:
        shelve(rival_vendor, barcode="6291003800115", price_tiers=TIERS)
        shelve(price_tiers=TIERS)
        ProductImage.objects.create(product=pepsi, key="k", position=1, width=10, height=10)

    add()
    few = counted()
    for _number in range(5):
        add()
    assert counted() == few
