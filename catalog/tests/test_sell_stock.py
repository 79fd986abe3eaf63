"""The vendor's stock pages: figures, changes, movements, what runs out first."""

import pytest
from django.test import Client

from accounts.models import User
from catalog.models import Product, StockMovement
from catalog.tests.conftest import MakeProduct
from retailers.models import Retailer
from tests.goods import place_order, stock_of


@pytest.fixture
def page(vendor_user: User) -> Client:
    client = Client()
    client.force_login(vendor_user)
    return client


@pytest.mark.parametrize(
    ("kind", "typed", "left"),
    [
        ("received", "12", 512),
        ("returned", "3", 503),
        ("damaged", "4", 496),
        ("damaged", "-4", 496),
        ("correction", "-7", 493),
    ],
)
def test_a_change_is_written_down(kind: str, typed: str, left: int, page: Client, product: Product) -> None:
    answer = page.post(
        f"/sell/products/{product.code}/stock", {"kind": kind, "change": typed, "note": "Counted"}
    )
    assert answer.status_code == 302
    assert stock_of(product) == (left, 0)
    assert StockMovement.objects.latest("pk").note == "Counted"


@pytest.mark.parametrize(
    ("kind", "typed"), [("received", "-5"), ("correction", "0"), ("damaged", "501"), ("received", "x")]
)
def test_a_change_that_cannot_be_is_refused_beside_the_field(
    kind: str, typed: str, page: Client, product: Product
) -> None:
    answer = page.post(f"/sell/products/{product.code}/stock", {"kind": kind, "change": typed})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="id_change_error"' in html
    assert f'value="{typed.lstrip("-")}"' in html or f'value="{typed}"' in html
    assert stock_of(product) == (500, 0)


def test_goods_held_for_orders_cannot_be_written_off(
    page: Client, product: Product, retailer: Retailer
) -> None:
    place_order(retailer, (product, 490))
    answer = page.post(f"/sell/products/{product.code}/stock", {"kind": "damaged", "change": "11"})
    assert "Orders hold part of this stock" in answer.content.decode()
    assert stock_of(product) == (500, 490)


def test_movements_lead_to_their_orders(page: Client, product: Product, retailer: Retailer) -> None:
    order = place_order(retailer, (product, 4))
    assert (
        f'href="/sell/orders/{order.code}"'
        in page.get(f"/sell/products/{product.code}/stock").content.decode()
    )


def test_what_runs_out_first_stands_first(page: Client, make_product: MakeProduct) -> None:
    names = {"plenty": 400, "out": 0, "low": 7}
    for name, quantity in names.items():
        make_product(name=name, quantity=quantity)
    make_product(name="gone", quantity=0, status="draft")

    context = page.get("/sell/stock").context

    assert [row.name for row in context["page"]] == ["out", "gone", "low", "plenty"]
    assert {key: context["totals"][key] for key in ("out", "low", "enough")} == {
        "out": 1,
        "low": 1,
        "enough": 1,
    }
