"""Who ends a sale while orders arrive: an order came before and is dealt with, or after and is refused."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from threading import Event
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction

from aqad.lib.compiled import Compiled
from aqad.lib.errors import Forbidden, Invalid
from catalog.models import Product
from catalog.services import products
from orders import basket, services
from orders.models import Checkout, Order
from orders.open_orders import open_figures
from orders.services import placing
from retailers import services as retailers
from retailers.models import Retailer
from tests.factories import make_retailer
from tests.goods import list_product, place, stock_of
from tests.racing import race
from vendors import services as vendors
from vendors.models import Vendor

pytestmark = pytest.mark.django_db(transaction=True)

BUYERS = 6


@pytest.fixture
def product(vendor: Vendor) -> Product:
    return list_product(vendor, quantity=1_000)


@pytest.fixture
def buyers() -> list[Retailer]:
    return [make_retailer() for _ in range(BUYERS)]


@pytest.fixture
def in_the_middle(monkeypatch: pytest.MonkeyPatch) -> tuple[Event, Event]:
    """An order stops between looking at what is sold and writing: (it is there, let it go on)."""
    there, go_on = Event(), Event()
    look = placing.check_basket

    def look_and_wait(*args: Any, **kwargs: Any) -> Any:
        parts = look(*args, **kwargs)
        there.set()
        go_on.wait(1)  # whoever ends the sale waits for the order, and the order must not wait for them
        return parts

    monkeypatch.setattr(placing, "check_basket", look_and_wait)
    return there, go_on


def _after(there: Event, go_on: Event, work: Callable[[], Any]) -> Any:
    there.wait(10)
    try:
        return work()
    finally:
        go_on.set()


@pytest.mark.parametrize("method", ["cash_on_delivery", "card"])
@pytest.mark.parametrize("round_", range(3))
def test_no_order_is_left_with_a_vendor_suspended_while_orders_arrive(
    method: str, round_: int, vendor: Vendor, admin: Any, product: Product, buyers: list[Retailer]
) -> None:
    def buy(buyer: Retailer) -> int:
        placed = 0
        for _ in range(4):
            try:
                place(buyer, (product, 1), method=method)
                placed += 1
            except Invalid:
                break
        return placed

    suspend = partial(vendors.suspend_vendor, vendor, reason="Complaints", by=admin)
    *placed, _suspended = race([*(partial(buy, buyer) for buyer in buyers), suspend])

    services.expire_holds()
    assert Vendor.objects.get(pk=vendor.pk).status == "suspended"
    assert Order.objects.count() == sum(placed)
    assert set(Order.objects.values_list("status", flat=True)) <= {"rejected", "failed"}
    assert stock_of(product) == (1_000, 0)
    call_command("reconcile", "--fail")


def test_a_suspension_waits_for_the_order_that_saw_the_vendor_sell(
    vendor: Vendor, admin: Any, product: Product, buyers: list[Retailer], in_the_middle: Any
) -> None:
    suspend = partial(vendors.suspend_vendor, vendor, reason="Complaints", by=admin)
    order = partial(place, buyers[0], (product, 5), method="cash_on_delivery")
    placed, _ = race([order, partial(_after, *in_the_middle, suspend)])
    assert isinstance(placed, Checkout)
    assert Order.objects.get().status == "rejected"
    assert stock_of(product) == (1_000, 0)
    call_command("reconcile", "--fail")


def test_control_without_the_lock_the_order_stays_with_a_suspended_vendor(
    vendor: Vendor,
    admin: Any,
    product: Product,
    buyers: list[Retailer],
    in_the_middle: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unlocked = Compiled[Any](
        lambda buyer, *keys: basket._with_tiers(*keys).annotate(**open_figures(buyer)).order_by("pk")
    )
    monkeypatch.setattr(basket, "_locked_products", unlocked)
    suspend = partial(vendors.suspend_vendor, vendor, reason="Complaints", by=admin)
    order = partial(place, buyers[0], (product, 5), method="cash_on_delivery")
    placed, _ = race([order, partial(_after, *in_the_middle, suspend)])
    assert isinstance(placed, Checkout)
    assert Order.objects.get().status == "pending"
    assert stock_of(product) == (1_000, 5)
    services.reject_pending_orders_of(vendor.pk)


@pytest.mark.parametrize("how", ["archived", "hidden", "withdrawn"])
def test_a_product_taken_off_sale_waits_for_orders_that_saw_it_sold(
    how: str, admin: Any, product: Product, buyers: list[Retailer], in_the_middle: Any
) -> None:
    def end() -> bool:
        if how == "archived":
            products.archive_product(product, by=admin)
        else:
            products.update_product(product, by=admin, status={"hidden": "hidden", "withdrawn": "draft"}[how])
        return Order.objects.exists()

    order = partial(place, buyers[0], (product, 5), method="cash_on_delivery")
    placed, was_there = race([order, partial(_after, *in_the_middle, end)])
    assert isinstance(placed, Checkout)
    assert was_there is True
    with pytest.raises(Invalid):
        place(buyers[1], (product, 5))
    assert Order.objects.get().status == "pending"
    call_command("reconcile", "--fail")


def test_a_price_changes_while_orders_arrive(
    admin: Any, product: Product, buyers: list[Retailer], in_the_middle: Any
) -> None:
    """Only who ends a sale waits: a price list must not stand behind every order."""

    def change() -> bool:
        products.update_product(product, by=admin, price=Decimal("50.00"))
        return Order.objects.exists()

    order = partial(place, buyers[0], (product, 5), method="cash_on_delivery")
    placed, was_there = race([order, partial(_after, *in_the_middle, change)])
    assert isinstance(placed, Checkout)
    assert was_there is False
    call_command("reconcile", "--fail")


def test_a_retailer_suspended_meanwhile_orders_nothing(
    admin: Any, product: Product, buyers: list[Retailer]
) -> None:
    """The order waits for the suspension, which holds the buyer's row, and is refused."""
    suspended, go_on = Event(), Event()

    def suspend() -> None:
        with transaction.atomic():
            retailers.suspend_retailer(buyers[0], reason="Fraud", by=admin)
            suspended.set()
            go_on.wait(0.5)

    def order() -> Any:
        suspended.wait(10)
        return place(buyers[0], (product, 1))

    _, outcome = race([suspend, order])
    assert isinstance(outcome, Forbidden)
    assert not Order.objects.exists()
    assert stock_of(product) == (1_000, 0)
    call_command("reconcile", "--fail")


def test_money_and_suspension_at_once_leave_no_order_with_the_vendor(
    vendor: Vendor, admin: Any, product: Product, buyers: list[Retailer]
) -> None:
    """The same of an order that is paid while its vendor is suspended."""
    checkouts = [place(buyer, (product, 1)) for buyer in buyers]

    def confirm(checkout: Checkout) -> None:
        with transaction.atomic():
            goods = services.lock_goods(checkout.pk)
            locked = services.lock_checkout(checkout.pk)
            assert locked is not None
            services.confirm_payment(locked, goods)

    suspend = partial(vendors.suspend_vendor, vendor, reason="Complaints", by=admin)
    outcomes = race([*(partial(confirm, checkout) for checkout in checkouts), suspend])
    assert [each for each in outcomes if isinstance(each, Exception)] == []
    assert set(Order.objects.values_list("status", flat=True)) == {"rejected"}
    assert stock_of(product) == (1_000, 0)
