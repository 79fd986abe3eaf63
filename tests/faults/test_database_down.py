"""Without the database the answer is 503 with Retry-After; when it is back everything works at once."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection

from catalog.models import Product
from orders import events
from orders.models import Order
from retailers.models import Retailer
from tests import serving
from tests.factories import ADDRESS, api_client, user_of
from tests.faults.rows import contents
from tests.goods import list_product, stock_of
from vendors.models import Vendor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def product(vendor: Vendor) -> Product:
    return list_product(vendor, quantity=10)


@pytest.fixture
def token(retailer: Retailer) -> dict[str, str]:
    client = api_client(user_of(retailer.code))
    return {"Authorization": client._credentials["HTTP_AUTHORIZATION"]}


@pytest.fixture
def pooled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As gunicorn's processes keep their connections."""
    connection.close()
    monkeypatch.setitem(
        connection.settings_dict["OPTIONS"], "pool", {"min_size": 1, "max_size": 2, "timeout": 2}
    )
    monkeypatch.setitem(connection.settings_dict, "CONN_HEALTH_CHECKS", True)
    yield
    connection.close()
    connection.close_pool()


def test_a_database_that_is_gone_is_503_until_it_is_back(
    product: Product, token: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = serving.browser()
    with monkeypatch.context() as away:
        connection.close()
        away.setitem(connection.settings_dict, "HOST", "/nowhere")
        for path in ("/api/products?search=pepsi", "/api/orders", "/api/auth/me"):
            answer = browser.get(path, headers=token)
            assert (answer.status_code, answer.json["code"]) == (503, "unavailable"), path
            assert answer.headers["Retry-After"]
        assert browser.post("/sign-in", data={}).status_code in (403, 503)
        assert browser.get("/healthz").status_code == 200
        assert (browser.get("/readyz").status_code, browser.get("/readyz").json["database"]) == (503, "down")
    assert browser.get("/readyz").json["database"] == "ok"
    assert browser.get("/api/orders", headers=token).status_code == 200


def test_a_connection_lost_in_the_middle_leaves_nothing_half_done(
    product: Product, token: dict[str, str]
) -> None:
    browser, before = serving.browser(), contents()
    events.checkout_placed.connect(_lose_the_connection)
    try:
        answer = _order(browser, product, token)
    finally:
        events.checkout_placed.disconnect(_lose_the_connection)
    assert (answer.status_code, answer.json["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"]
    assert contents() == before
    assert _order(browser, product, token).status_code == 201
    assert (Order.objects.count(), stock_of(product)) == (1, (10, 4))


@pytest.mark.usefixtures("pooled")
def test_after_a_restart_of_the_database_the_pool_holds_no_dead_connection(token: dict[str, str]) -> None:
    browser = serving.browser()
    assert browser.get("/api/orders", headers=token).status_code == 200
    _end_all_connections()
    assert [browser.get("/api/orders", headers=token).status_code for _ in range(3)] == [200] * 3


def _lose_the_connection(**_event: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")


def _end_all_connections() -> None:
    """What a restart does to those who are connected."""
    address = connection.get_connection_params()
    where = {name: address.get(name) for name in ("host", "port", "user", "password")}
    ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
    with psycopg.connect(**where, dbname="postgres") as other:
        other.execute(ours, [address["dbname"]])


def _order(browser: Any, product: Product, token: dict[str, str]) -> Any:
    body = {
        "items": [{"product": product.code, "quantity": 4}],
        "address": ADDRESS,
        "payment_method": "cash_on_delivery",
    }
    return browser.post("/api/orders", json=body, headers=token)
