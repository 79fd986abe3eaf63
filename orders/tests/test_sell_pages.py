"""The vendor's pages about orders: the board, one order, its answers."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from catalog.models import Product
from orders import services
from orders.models import Order
from retailers.models import Retailer
from tests.goods import carry, list_product, place, place_order, stock_of
from vendors.models import Vendor

HTMX = {"HX-Request": "true"}


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def page(vendor_user: User) -> Client:
    return browser(vendor_user)


@pytest.fixture
def pepsi(vendor: Vendor) -> Product:
    return list_product(vendor, quantity=100)


@pytest.fixture
def order(retailer: Retailer, pepsi: Product) -> Order:
    return place_order(retailer, (pepsi, 4))


def now(order: Order) -> str:
    return Order.objects.get(pk=order.pk).status


def columns(answer: Any) -> dict[str, list[str]]:
    return {each.status: [order.code for order in each.orders] for each in answer.context["columns"]}


def test_an_order_goes_over_the_board(page: Client, order: Order) -> None:
    assert columns(page.get("/sell/orders"))["pending"] == [order.code]
    page.post(f"/sell/orders/{order.code}/accept")
    assert columns(page.get("/sell/orders"))["processing"] == [order.code]
    page.post(f"/sell/orders/{order.code}/ready")
    assert columns(page.get("/sell/orders"))["ready"] == [order.code]


def test_an_answer_from_the_board_brings_the_board_back_and_says_so(page: Client, order: Order) -> None:
    answer = page.post(f"/sell/orders/{order.code}/accept", {"board": "1"}, headers=HTMX)
    assert columns(answer)["processing"] == [order.code]
    assert order.code in answer["HX-Trigger"]
    again = page.post(f"/sell/orders/{order.code}/accept", {"board": "1"}, headers=HTMX)
    assert '"error"' in again["HX-Trigger"]


@pytest.mark.parametrize(("verb", "becomes"), [("reject", "rejected"), ("cancel", "cancelled")])
def test_ending_an_order_takes_a_reason(
    verb: str, becomes: str, page: Client, order: Order, pepsi: Product
) -> None:
    refused = page.post(f"/sell/orders/{order.code}/{verb}", {"reason": ""})
    assert 'id="id_reason_error"' in refused.content.decode()
    assert (now(order), stock_of(pepsi)) == ("pending", (100, 4))

    page.post(f"/sell/orders/{order.code}/{verb}", {"reason": "The pallet fell over."})

    assert (now(order), stock_of(pepsi)) == (becomes, (100, 0))
    assert "The pallet fell over." in page.get(f"/sell/orders/{order.code}").content.decode()


def test_a_refused_move_keeps_the_reason_that_was_typed(
    page: Client, order: Order, vendor_user: User
) -> None:
    services.accept_order(order, by=vendor_user)
    answer = page.post(f"/sell/orders/{order.code}/reject", {"reason": "Too late for this."})
    assert answer.status_code == 200
    assert "not possible in the present state" in answer.content.decode()
    assert "Too late for this." in answer.content.decode()
    assert now(order) == "processing"


def test_the_board_is_sent_again_only_when_something_changed(page: Client, order: Order) -> None:
    first = page.get("/sell/orders/board")
    mark = {"If-None-Match": first["ETag"]}
    assert page.get("/sell/orders/board", headers=mark).status_code == 304
    page.post(f"/sell/orders/{order.code}/accept")
    assert page.get("/sell/orders/board", headers=mark).status_code == 200


@pytest.mark.parametrize("path", ["", "/accept", "/reject", "/ready", "/cancel", "/pick-list"])
def test_an_order_of_another_vendor_does_not_exist(
    path: str, order: Order, rival_vendor_user: User, retailer_user: User
) -> None:
    where = f"/sell/orders/{order.code}{path}"
    ask = "get" if path in ("", "/pick-list") else "post"
    assert getattr(browser(rival_vendor_user), ask)(where, {"reason": "mischief"}).status_code == 404
    assert getattr(browser(retailer_user), ask)(where, {"reason": "mischief"}).status_code == 403
    assert getattr(Client(), ask)(where)["Location"].startswith("/sign-in")
    assert now(order) == "pending"


def test_an_order_that_waits_for_its_payment_is_not_the_vendors_yet(
    page: Client, retailer: Retailer, pepsi: Product
) -> None:
    unpaid = place(retailer, (pepsi, 1)).orders.get()
    assert page.get(f"/sell/orders/{unpaid.code}").status_code == 404
    assert not any(columns(page.get("/sell/orders")).values())


def test_the_page_of_an_order_shows_what_to_pick_and_where_it_goes(
    page: Client, order: Order, pepsi: Product, delivery_partner: Any
) -> None:
    carry(order, "picked_up")
    for path in (f"/sell/orders/{order.code}", f"/sell/orders/{order.code}/pick-list"):
        html = page.get(path).content.decode()
        assert pepsi.name in html
        assert "Shop 4, Al Rigga Road" in html
    way = page.get(f"/sell/orders/{order.code}").context["way"]
    assert [step.state for step in way] == ["done", "done", "done", "now", "next"]


def test_the_list_finds_orders_by_tab_and_words(page: Client, order: Order) -> None:
    def found(query: str) -> list[str]:
        return [each.code for each in page.get(f"/sell/orders?{query}").context["page"]]

    assert found("status=all") == found(f"search={order.code}") == found("search=fresh") == [order.code]
    assert found("status=completed") == found("status=ended") == found("search=nothing") == []


def test_pages_take_as_many_statements_for_one_order_as_for_many(
    page: Client, retailer: Retailer, pepsi: Product, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for path in ("/sell/orders", "/sell/orders?status=all", "/sell"):
        place_order(retailer, (pepsi, 1))
        with django_assert_max_num_queries(45) as few:
            page.get(path)
        for _ in range(3):
            place_order(retailer, (pepsi, 1))
        with django_assert_max_num_queries(len(few)):
            page.get(path)
