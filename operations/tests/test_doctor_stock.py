"""`doctor stock`, on figures that agree and on ones broken in each way; and the correction."""

from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from aqad.lib.errors import Forbidden
from audit.models import Entry
from catalog.errors import StockCannotHold, StockMoved
from catalog.models import Product, StockMovement
from catalog.services.stock_correction import Counters
from operations import stock_correction
from operations.doctor.stock import agreement
from operations.doctor.stock import question as stock
from operations.tests import breaking
from operations.tests.reading import cells
from orders.models import Checkout
from retailers.models import Retailer
from tests.goods import list_product, place, place_order, stock_of
from vendors.models import Vendor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("well")]


def correct(product: Product, by: User, seen: Counters | None = None) -> Any:
    seen = seen or stock_correction.plan(product).before
    return stock_correction.correct(product, seen=seen, by=by, reason="Somebody wrote to the table.")


def test_figures_that_agree(product: Product, retailer: Retailer) -> None:
    order = place_order(retailer, (product, 20))
    report = stock.ask(product.code)
    assert report.verdict == "Nothing is wrong."
    assert "counters, ledger and orders agree: 400 on hand, 20 reserved." in report.findings[0].sentence
    assert order.code in cells(report.findings)
    assert stock.ask().verdict == "Nothing is wrong."


def test_a_counter_changed_past_the_ledger(product: Product, vendor: Vendor) -> None:
    well = list_product(vendor)
    breaking.counter(product, on_hand=380)
    said = f"The counter of {product.code} says 380 on hand, its ledger 400."
    assert stock.ask(product.code).verdict == said
    everything = stock.ask()
    assert everything.verdict == f"The figures of 1 product do not agree: {product.code}."
    assert well.code not in cells(everything.findings)


def test_a_reservation_nobody_holds(product: Product) -> None:
    breaking.counter(product, reserved=3)
    assert stock.ask(product.code).verdict == (
        f"The counter of {product.code} says 3 reserved, its ledger 0."
    )


def test_an_order_that_lost_its_reservation(product: Product, retailer: Retailer) -> None:
    place_order(retailer, (product, 20))
    breaking.sql("UPDATE orders_orderline SET reservation = 'released'", table="orders_orderline")
    assert stock.ask(product.code).verdict == (
        f"The counter of {product.code} says 20 reserved, its orders hold 0."
    )


def test_a_stale_answer_in_the_cache(product: Product, anonymous_api: Any, admin: User) -> None:
    assert anonymous_api.get(f"/api/products/{product.code}").json()["price"] == "45.00"
    breaking.sql("UPDATE catalog_product SET price = 39", table="catalog_product")
    report = stock.ask(product.code)
    assert report.verdict == (
        f"The cached answer about {product.code} says price 45.00, the database says 39.00."
    )
    correct(product, admin)
    assert anonymous_api.get(f"/api/products/{product.code}").json()["price"] == "39.00"
    assert stock.ask(product.code).wrong == []


def test_a_product_that_is_not_sold_has_no_answer(vendor: Vendor) -> None:
    hidden = list_product(vendor, status=Product.Status.DRAFT)
    report = stock.ask(hidden.code)
    assert report.wrong == []
    assert "is not on sale" in report.findings[1].sentence


def test_a_hold_that_nobody_swept(product: Product, retailer: Retailer) -> None:
    checkout = place(retailer, (product, 5))
    Checkout.objects.update(reserved_until="2026-01-01T00:00:00Z")
    report = stock.ask(product.code)
    assert f"hold that ran out {checkout.code}" in report.verdict
    assert "worker and beat" in report.next_step


def test_what_happened_since_they_last_agreed(product: Product, admin: User) -> None:
    agreement.check()
    breaking.counter(product, on_hand=399)
    agreement.check()
    report = stock.ask(product.code)
    titles = [table.title for finding in report.findings for table in finding.tables]
    assert any("when the figures last agreed" in title for title in titles if title)
    correct(product, admin)
    agreement.check()
    assert stock.ask(product.code).wrong == []


def test_the_correction_brings_the_ledgers_figures_back(
    product: Product, retailer: Retailer, admin: User
) -> None:
    place_order(retailer, (product, 20))
    breaking.counter(product, on_hand=380, reserved=7)
    done = correct(product, admin)
    assert (done.before, done.after) == (Counters(380, 7), Counters(400, 20))
    assert stock_of(product) == (400, 20)
    assert StockMovement.objects.filter(kind="correction").count() == 0
    entry = Entry.objects.get(verb="corrected the stock of")
    assert (entry.object_code, entry.reason) == (product.code, "Somebody wrote to the table.")
    assert entry.data["before"] == {"on_hand": 380, "reserved": 7}
    call_command("reconcile", "--fail")


def test_the_correction_writes_the_lines_that_the_ledger_lacks(
    product: Product, retailer: Retailer, admin: User
) -> None:
    order, other = place_order(retailer, (product, 20)), place_order(retailer, (product, 5))
    breaking.sql(
        'DELETE FROM catalog_stockmovement WHERE "order" = %s', order.code, table="catalog_stockmovement"
    )
    breaking.counter(product, reserved=5)
    done = correct(product, admin)
    assert dict(done.missing) == {order.code: 20}
    assert stock_of(product) == (400, 25)
    line = StockMovement.objects.get(kind="correction")
    assert (line.order, line.reserved_change, line.on_hand_change) == (order.code, 20, 0)
    assert other.code != order.code
    call_command("reconcile", "--fail")


def test_stock_that_moved_meanwhile_is_not_corrected(product: Product, admin: User) -> None:
    breaking.counter(product, on_hand=380)
    with pytest.raises(StockMoved):
        correct(product, admin, seen=Counters(379, 0))
    assert stock_of(product) == (380, 0)
    assert not Entry.objects.filter(verb="corrected the stock of").exists()


def test_what_the_ledger_cannot_hold_is_not_corrected(
    product: Product, retailer: Retailer, admin: User
) -> None:
    place_order(retailer, (product, 20))
    breaking.sql(
        "UPDATE catalog_stockmovement SET on_hand_change = 4 WHERE kind = 'opening'",
        table="catalog_stockmovement",
    )
    with pytest.raises(StockCannotHold):
        correct(product, admin)
    assert stock_of(product) == (400, 20)


def test_nobody_else_corrects(product: Product, vendor_user: User) -> None:
    breaking.counter(product, on_hand=380)
    with pytest.raises(Forbidden):
        correct(product, vendor_user)
    assert stock_of(product) == (380, 0)
