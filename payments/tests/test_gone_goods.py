"""Goods that are no longer sold, at every moment of paying for them: nobody pays for what nobody delivers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import Client
from rest_framework.test import APIClient

from aqad.lib.business_day import today
from catalog.models import Product
from catalog.services import products
from notifications.models import OutboxEvent
from orders import services as orders
from orders.models import Checkout, Order, OrderLine
from payments.models import Payment
from payments.tests import buyer
from payments.tests.sandbox_process import DECLINED, Sandbox
from retailers.models import Retailer
from tests.factories import ADDRESS, user_of
from tests.goods import list_product, place, stock_of
from vendors import services as vendors
from vendors.models import Vendor


@pytest.fixture(autouse=True)
def _agrees_in_the_end(db: None) -> Any:
    yield
    call_command("reconcile", "--fail")


@pytest.fixture
def pepsi(vendor: Vendor) -> Product:
    return list_product(vendor, quantity=10, name="Pepsi 330ml")


@pytest.fixture
def browser(retailer: Retailer) -> Client:
    client = Client()
    client.force_login(user_of(retailer.code))
    return client


@pytest.fixture
def checkout(retailer: Retailer, pepsi: Product) -> Checkout:
    return place(retailer, (pepsi, 8))


@pytest.fixture
def payment(checkout: Checkout) -> Payment:
    return checkout.payments.get()


@dataclass(frozen=True)
class Change:
    """What happens to the goods. `sold`: they can be ordered; `kept`: a live hold on them stays good."""

    make: Callable[[Product, Any], object]
    sold: bool = False
    kept: bool = True


def _move(status: str) -> Callable[[Product, Any], object]:
    return lambda product, admin: products.move_product(product, status, by=admin)


def _let_licence_run_out(vendor: Vendor) -> None:
    licence = vendor.documents.filter(kind="trade_license", status="accepted")
    assert licence.update(expiry_date=today() - timedelta(days=1))
    assert vendors.pause_lapsed_vendors() == 1


CHANGES = {
    "nothing": Change(lambda product, admin: None, sold=True),
    "archived": Change(lambda product, admin: products.archive_product(product, by=admin)),
    "withdrawn": Change(_move("draft")),
    "hidden": Change(_move("hidden")),
    "paused": Change(lambda product, admin: _let_licence_run_out(product.vendor)),
    "suspended": Change(
        lambda product, admin: vendors.suspend_vendor(product.vendor, reason="Complaints", by=admin),
        kept=False,
    ),
    "suspended and reinstated": Change(
        lambda product, admin: (
            vendors.suspend_vendor(product.vendor, reason="Complaints", by=admin),
            vendors.reinstate_vendor(product.vendor, by=admin),
        ),
        sold=True,
    ),
}


@pytest.fixture(params=CHANGES)
def change(request: pytest.FixtureRequest, pepsi: Product, admin: Any) -> Any:
    """Call it for the change to happen."""
    wanted = CHANGES[request.param]

    def happen() -> Change:
        pepsi.refresh_from_db()
        wanted.make(pepsi, admin)
        return wanted

    return happen


def test_before_the_order(change: Any, retailer_api: APIClient, pepsi: Product) -> None:
    changed = change()
    items = [{"product": pepsi.code, "quantity": 8}]
    wanted = {"items": items, "address": ADDRESS, "payment_method": "card"}
    answer = retailer_api.post("/api/orders", wanted)
    assert answer.status_code == (201 if changed.sold else 400)
    assert stock_of(pepsi) == (10, 8 if changed.sold else 0)
    assert Order.objects.exists() is changed.sold


def test_on_the_way_to_the_gateway(
    change: Any, sandbox: Sandbox, checkout: Checkout, payment: Payment, pepsi: Product
) -> None:
    changed = change()
    if changed.kept:
        buyer.settle(sandbox, payment)
        assert _how_it_stands(pepsi) == ("pending", "paid", (10, 8))
        return
    answer = Client().get(_pay_link(payment), follow=True)
    assert answer.redirect_chain[0][0].endswith("/result")
    assert "no longer sells on AQAD" in answer.content.decode()
    assert _how_it_stands(pepsi) == ("failed", "expired", (10, 0))
    assert not payment.gateway_session  # nobody was asked for money


def test_asking_for_the_pending_payment(
    change: Any, retailer_api: APIClient, checkout: Checkout, payment: Payment, pepsi: Product
) -> None:
    changed = change()
    answer = _pay_by_api(retailer_api, checkout)
    if changed.kept:
        assert (answer.status_code, answer.json()["id"]) == (200, payment.code)
        return
    _is_refused(answer, pepsi)
    orders.expire_holds()  # the sweeper ends it, although its time has not run out
    assert _how_it_stands(pepsi) == ("failed", "expired", (10, 0))


def test_at_the_gateway(
    change: Any, sandbox: Sandbox, checkout: Checkout, payment: Payment, pepsi: Product
) -> None:
    page = buyer.open_page(payment)
    payment.refresh_from_db()
    changed = change()
    _pay_on(page, sandbox, payment)
    _ends_well(changed, pepsi)


def test_at_the_gateway_with_a_second_attempt(
    change: Any,
    sandbox: Sandbox,
    retailer_api: APIClient,
    checkout: Checkout,
    payment: Payment,
    pepsi: Product,
) -> None:
    buyer.settle(sandbox, payment, DECLINED)
    answer = _pay_by_api(retailer_api, checkout)
    second = Payment.objects.get(pk=answer.json()["id"].removeprefix("PAY"))
    page = buyer.open_page(second)
    second.refresh_from_db()
    changed = change()
    _pay_on(page, sandbox, second)
    _ends_well(changed, pepsi)


def test_after_a_decline(
    change: Any,
    sandbox: Sandbox,
    retailer_api: APIClient,
    checkout: Checkout,
    payment: Payment,
    pepsi: Product,
) -> None:
    buyer.settle(sandbox, payment, DECLINED)
    _pays_again_only_for_what_is_sold(change(), retailer_api, checkout, pepsi)


def test_after_the_hold_ran_out(
    change: Any, retailer_api: APIClient, checkout: Checkout, pepsi: Product
) -> None:
    _run_out(checkout)
    _pays_again_only_for_what_is_sold(change(), retailer_api, checkout, pepsi)


def test_on_the_page_after_a_decline(
    change: Any, sandbox: Sandbox, retailer: Retailer, browser: Client, checkout: Checkout, pepsi: Product
) -> None:
    buyer.settle(sandbox, checkout.payments.get(), DECLINED)
    changed = change()
    answer = browser.post(f"/checkout/{checkout.code}/pay", follow=not changed.sold)
    if changed.sold:
        assert "/pay/" in answer["Location"]
        assert _how_it_stands(pepsi)[::2] == ("pending_payment", (10, 8))
        return
    page = answer.content.decode()
    assert "No longer sold: Pepsi 330ml. Nothing was taken." in page
    assert f"/checkout/{checkout.code}/pay" not in page  # it would be refused again
    assert f"/orders/{checkout.orders.get().code}/reorder" in page
    assert _how_it_stands(pepsi) == ("failed", "failed", (10, 0))


def test_money_that_comes_late(
    change: Any, sandbox: Sandbox, checkout: Checkout, payment: Payment, pepsi: Product
) -> None:
    buyer.pay(sandbox, payment)
    _run_out(checkout)
    changed = change()
    buyer.deliver_webhooks(sandbox, payment)
    buyer.process_webhooks()
    buyer.carry_out_refunds()
    if changed.sold:
        assert _how_it_stands(pepsi) == ("pending", "paid", (10, 8))
        return
    assert _how_it_stands(pepsi) == ("failed", "refunded", (10, 0))
    told = OutboxEvent.objects.filter(kind__in=["late_payment", "late_payment_vendor"]).order_by("kind")
    assert [(event.kind, event.recipients) for event in told] == [
        ("late_payment", [checkout.retailer.code]),
        ("late_payment_vendor", [pepsi.vendor.code]),
    ]
    assert {event.context["reason"] for event in told} == {"Goods of this order are no longer sold."}


def test_the_goods_of_other_vendors_are_delivered_where_one_was_suspended(
    sandbox: Sandbox, retailer: Retailer, pepsi: Product, rival_vendor: Vendor, admin: Any
) -> None:
    other = list_product(rival_vendor, quantity=10)
    checkout = place(retailer, (pepsi, 2), (other, 3))
    payment = checkout.payments.get()
    page = buyer.open_page(payment)
    payment.refresh_from_db()
    vendors.suspend_vendor(pepsi.vendor, reason="Complaints", by=admin)
    _pay_on(page, sandbox, payment)
    buyer.carry_out_refunds()
    assert {order.vendor_id: order.status for order in checkout.orders.all()} == {
        pepsi.vendor_id: "rejected",
        rival_vendor.pk: "pending",
    }
    assert (stock_of(pepsi), stock_of(other)) == ((10, 0), (10, 3))
    payment.refresh_from_db()
    assert payment.amount_refunded == checkout.orders.get(vendor=pepsi.vendor).total


def test_every_line_that_is_gone_is_named(
    sandbox: Sandbox, retailer: Retailer, retailer_api: APIClient, pepsi: Product, vendor: Vendor, admin: Any
) -> None:
    cola, water = (list_product(vendor, name=name, quantity=10) for name in ("Cola 330ml", "Water 1L"))
    checkout = place(retailer, (pepsi, 1), (cola, 2), (water, 3))
    buyer.settle(sandbox, checkout.payments.get(), DECLINED)
    for product in (pepsi, water):
        products.archive_product(product, by=admin)
    answer = _pay_by_api(retailer_api, checkout)
    assert answer.status_code == 409
    assert answer.json()["items"] == [
        {"product": pepsi.code, "requested": 1, "available": 0},
        {"product": water.code, "requested": 3, "available": 0},
    ]
    assert "Pepsi 330ml, Water 1L" in answer.json()["message"]
    assert [stock_of(product) for product in (pepsi, cola, water)] == [(10, 0)] * 3


def _pays_again_only_for_what_is_sold(
    changed: Change, api: APIClient, checkout: Checkout, product: Product
) -> None:
    payments = Payment.objects.count()
    ended = _how_it_stands(product)
    answer = _pay_by_api(api, checkout)
    if changed.sold:
        assert answer.status_code == 201
        assert _how_it_stands(product) == ("pending_payment", "pending", (10, 8))
        return
    _is_refused(answer, product)
    assert _how_it_stands(product) == ended
    assert Payment.objects.count() == payments


def _is_refused(answer: Any, product: Product) -> None:
    body = answer.json()
    assert (answer.status_code, body["code"]) == (409, "out_of_stock")
    assert body["items"] == [{"product": product.code, "requested": 8, "available": 0}]
    assert body["message"].startswith("No longer sold: Pepsi 330ml.")


def _ends_well(changed: Change, product: Product) -> None:
    buyer.carry_out_refunds()
    if changed.kept:
        assert _how_it_stands(product) == ("pending", "paid", (10, 8))
    else:
        assert _how_it_stands(product) == ("rejected", "refunded", (10, 0))
        told = set(OutboxEvent.objects.values_list("kind", flat=True))
        assert {"order_rejected", "order_unanswered", "refund_succeeded"} <= told


def _how_it_stands(product: Product) -> tuple[str, str, tuple[int, int]]:
    """Of the one order of the product: its status, that of its newest payment, and the stock."""
    order = Order.objects.get(pk=OrderLine.objects.get(product=product).order_id)
    return order.status, Payment.objects.latest("pk").status, stock_of(product)


def _pay_by_api(api: APIClient, checkout: Checkout) -> Any:
    return api.post("/api/payments", {"checkout": checkout.code, "method": "card"})


def _pay_link(payment: Payment) -> str:
    return "/pay/" + payment.answer["redirect_url"].rpartition("/pay/")[2]


def _pay_on(page: str, sandbox: Sandbox, payment: Payment) -> None:
    assert sandbox.pay(page).status_code == 303
    buyer.deliver_webhooks(sandbox, payment, 1)
    buyer.process_webhooks()


def _run_out(checkout: Checkout) -> None:
    Checkout.objects.filter(pk=checkout.pk).update(reserved_until=F("reserved_until") - timedelta(hours=2))
    orders.expire_holds()
