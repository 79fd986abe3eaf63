"""A visitor's cart is a signed cookie: what it holds, what it refuses, and that it fits."""

from typing import Any

import pytest
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.test import Client

from aqad.lib.errors import Invalid
from aqad.lib.web import cookies
from catalog.models import Product
from orders import guests
from orders.basket import MAX_LINES, MAX_QUANTITY
from orders.models import CartItem
from tests.factories import PASSWORD
from tests.goods import list_product
from vendors.models import Vendor

BROWSERS_TAKE = 4096  # bytes of one cookie, name and attributes included


def fill(request: HttpRequest, lines: int) -> None:
    for number in range(lines):
        guests.set_quantity(request, Product(pk=9_000_000 + 7919 * number), MAX_QUANTITY - 31 * number)


def test_a_full_cart_fits_into_a_cookie_and_takes_no_more():
    request, response = HttpRequest(), HttpResponse()
    fill(request, MAX_LINES)
    cookies.send(request, response)
    assert len(response.cookies["cart"].OutputString()) < BROWSERS_TAKE
    assert len(guests.quantities(request)) == MAX_LINES
    with pytest.raises(Invalid):
        guests.set_quantity(request, Product(pk=1), 1)
    guests.set_quantity(request, Product(pk=9_000_000), 7)
    assert guests.quantities(request)[9_000_000] == 7


@pytest.mark.parametrize("value", ["", "x", "1x5", "a:b:c", signing.dumps("1x5", salt="another"), "é" * 50])
def test_a_cookie_that_is_not_ours_is_an_empty_cart(value: str):
    request = HttpRequest()
    request.COOKIES["cart"] = value
    assert guests.quantities(request) == {}


def test_an_old_cookie_is_an_empty_cart(monkeypatch: pytest.MonkeyPatch):
    request = HttpRequest()
    fill(request, 1)
    monkeypatch.setattr(guests, "SECONDS", -1)
    assert guests.quantities(request) == {}


def test_removing_the_last_product_removes_the_cookie():
    request, response = HttpRequest(), HttpResponse()
    fill(request, 1)
    guests.set_quantity(request, Product(pk=9_000_000), 0)
    cookies.send(request, response)
    assert response.cookies["cart"]["max-age"] == 0


@pytest.mark.django_db
def test_the_cookie_is_for_our_servers_alone_and_answers_vary_with_it(client: Client, vendor: Vendor):
    answer: Any = client.post("/cart/add", {"product": list_product(vendor).code, "quantity": 3})
    cookie = answer.cookies["cart"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert not cookie["domain"]
    assert "Cookie" in answer["Vary"]


@pytest.mark.django_db
@pytest.mark.usefixtures("retailer")
def test_after_signing_in_and_out_the_cart_is_the_accounts_and_no_visitors(client: Client, vendor: Vendor):
    product = list_product(vendor, name="Mirinda 330ml")
    client.post("/cart/add", {"product": product.code, "quantity": 3})
    assert product.name in client.get("/cart").text
    client.post("/sign-in", {"email": "fatima@mart.example", "password": PASSWORD})
    client.post("/sign-out")
    assert CartItem.objects.count() == 1
    assert product.name not in client.get("/cart").text
