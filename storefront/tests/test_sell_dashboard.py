"""What a vendor sees first: the figures add up, and each period has the one before beside it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.test import Client

from accounts.models import User
from orders import services
from orders.models import Order
from retailers.models import Retailer
from tests.goods import list_product, place_order
from vendors.models import Vendor


@pytest.fixture
def page(vendor_user: User) -> Client:
    client = Client()
    client.force_login(vendor_user)
    return client


def days_ago(order: Order, days: int) -> Order:
    Order.objects.filter(pk=order.pk).update(placed_at=F("placed_at") - timedelta(days=days))
    return order


def test_sales_of_a_period_stand_against_the_one_before(
    page: Client, vendor: Vendor, rival_vendor: Vendor, retailer: Retailer
) -> None:
    pepsi = list_product(vendor, price="10.00")
    place_order(retailer, (pepsi, 6))
    days_ago(place_order(retailer, (pepsi, 3)), 6)
    days_ago(place_order(retailer, (pepsi, 6)), 7)
    days_ago(place_order(retailer, (pepsi, 100)), 14)
    place_order(retailer, (list_product(rival_vendor), 50))
    services.reject_order(place_order(retailer, (pepsi, 40)), reason="None left.", by=None)

    sales = page.get("/sell?days=7").context["sales"]

    assert (sales.total, sales.before, sales.change) == (Decimal("90.00"), Decimal("60.00"), 50)
    assert [step.amount for step in sales.steps] == [Decimal(30), *[Decimal(0)] * 5, Decimal(60)]
    assert sum(step.before for step in sales.steps) == sales.before
    assert sales.orders == 2


@pytest.mark.parametrize(
    ("asked", "days", "steps"), [("7", 7, 7), ("30", 30, 30), ("90", 90, 13), ("x", 30, 30), ("9999", 30, 30)]
)
def test_the_period_can_be_chosen(asked: str, days: int, steps: int, page: Client) -> None:
    sales = page.get(f"/sell?days={asked}").context["sales"]
    assert (sales.days, len(sales.steps)) == (days, steps)
    assert sales.steps[-1].end - sales.steps[0].start == timedelta(days=days - 1)
    assert sales.change is None


def test_best_sellers_low_stock_and_open_orders_are_the_vendors_own(
    page: Client, vendor: Vendor, rival_vendor: Vendor, retailer: Retailer
) -> None:
    few, many = list_product(vendor, quantity=15), list_product(vendor)
    list_product(rival_vendor, quantity=1)
    place_order(retailer, (few, 2), (many, 5))

    context = page.get("/sell").context

    assert [row["product"] for row in context["top"]] == [many, few]
    assert context["low"] == [few]
    assert dict(context["states"])["pending"] == 1


def test_only_vendors_have_a_dashboard(retailer_user: User) -> None:
    client = Client()
    assert client.get("/sell")["Location"].startswith("/sign-in")
    client.force_login(retailer_user)
    assert client.get("/sell").status_code == 403
