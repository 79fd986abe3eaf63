"""Without Redis everything goes on: slower, and with the limits of sign-in kept by each process itself."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from catalog.models import Product
from payments.models import Payment
from payments.tests import buyer
from payments.tests.sandbox_process import Sandbox
from tests.factories import ADDRESS, PASSWORD
from tests.goods import list_product, stock_of
from vendors.models import Vendor


@pytest.fixture
def product(vendor: Vendor, no_redis: None) -> Product:
    """Listed while Redis is away, so that writing does without it too."""
    return list_product(vendor, quantity=10)


def test_people_browse_sign_in_order_and_pay(product: Product, retailer_user: User, sandbox: Sandbox) -> None:
    api = APIClient()
    assert api.get("/api/products").json()["results"][0]["id"] == product.code
    assert api.get(f"/api/products/{product.code}").json()["available"] == 10
    signed_in = api.post("/api/auth/login", {"email": retailer_user.email, "password": PASSWORD})
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {signed_in.json()['access']}")
    placed = api.post(
        "/api/orders",
        {
            "items": [{"product": product.code, "quantity": 4}],
            "address": ADDRESS,
            "payment_method": "card",
        },
    )
    assert placed.status_code == 201, placed.content
    payment = Payment.objects.get()
    buyer.settle(sandbox, payment)
    order = api.get(f"/api/orders/{placed.json()['orders'][0]['id']}").json()
    assert (order["status"], order["payment"]["status"]) == ("pending", "paid")
    assert stock_of(product) == (10, 4)
    assert api.get(f"/api/products/{product.code}").json()["available"] == 6


def test_pages_and_the_admin_site_open(no_redis: None, admin: User) -> None:
    browser = Client()
    assert browser.get("/").status_code == 200
    assert browser.get("/admin/login/").status_code == 200
    answer = browser.post("/sign-in", {"email": admin.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert browser.get("/admin/").status_code == 200


def test_guessing_passwords_is_limited_all_the_same(no_redis: None, retailer_user: User) -> None:
    wrong = {"email": retailer_user.email, "password": "not-this-one"}
    answers = [APIClient().post("/api/auth/login", wrong).status_code for _ in range(7)]
    assert answers == [401] * 5 + [429] * 2


def test_what_changed_meanwhile_is_seen_when_redis_is_back(
    vendor: Vendor, anonymous_api: APIClient, vendor_api: APIClient, request: pytest.FixtureRequest
) -> None:
    product = list_product(vendor, price="45.00")
    assert anonymous_api.get(f"/api/products/{product.code}").json()["price"] == "45.00"
    url, redis = request.getfixturevalue("settings").REDIS_URL, request.getfixturevalue("no_redis")
    assert redis is None
    vendor_api.patch(f"/api/products/{product.code}", {"price": "44.00"})
    request.getfixturevalue("settings").REDIS_URL = url
    assert anonymous_api.get(f"/api/products/{product.code}").json()["price"] == "44.00"
