"""Stock and its ledger: who may move it, what is refused, and guards that no code can get round."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from django.db.utils import DatabaseError
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from aqad.lib.errors import DomainError
from audit.models import Entry
from catalog.errors import OutOfStock
from catalog.models import Product, Stock, StockMovement
from catalog.services import stock
from catalog.services.stock import StockLine
from catalog.tests.conftest import MakeProduct

LEDGER = (
    "INSERT INTO catalog_stockmovement"
    ' (stock_id, kind, on_hand_change, reserved_change, "order", note, actor_label)'
)


def figures(product: Product) -> tuple[int, int]:
    row = Stock.objects.get(pk=product.pk)
    return row.on_hand, row.reserved


def sums(product: Product) -> tuple[int, int]:
    total = StockMovement.objects.filter(stock=product.pk).aggregate(
        Sum("on_hand_change"), Sum("reserved_change")
    )
    return total["on_hand_change__sum"] or 0, total["reserved_change__sum"] or 0


@pytest.mark.parametrize(
    ("change", "reason", "on_hand"),
    [(50, "received", 550), (-3, "damaged", 497), (-100, "correction", 400), (7, "returned", 507)],
)
def test_its_vendor_moves_stock_with_a_reason(
    change: int,
    reason: str,
    on_hand: int,
    vendor_api: APIClient,
    anonymous_api: APIClient,
    vendor: Any,
    product: Product,
) -> None:
    anonymous_api.get(f"/api/products/{product.code}")
    path = f"/api/products/{product.code}/stock"
    answer = vendor_api.post(path, {"change": change, "reason": reason, "note": "by lorry"})
    assert answer.status_code == 200, answer.content
    assert answer.json() == {"on_hand": on_hand, "reserved": 0, "available": on_hand}
    newest = vendor_api.get(path).json()["movements"][0]
    assert (newest["kind"], newest["on_hand_change"], newest["note"]) == (reason, change, "by lorry")
    assert (newest["actor"], newest["order"]) == (f"Vendor {vendor.code}", None)
    assert anonymous_api.get(f"/api/products/{product.code}").json()["available"] == on_hand
    assert Entry.objects.filter(object_code=product.code, verb="adjusted stock of").count() == 1


def test_stock_never_goes_below_what_orders_hold(vendor_api: APIClient, product: Product) -> None:
    stock.reserve_stock([StockLine(product.pk, 100, "ORD1001")], by=None)
    path = f"/api/products/{product.code}/stock"
    refused = vendor_api.post(path, {"change": -401, "reason": "correction"})
    assert (refused.status_code, refused.json()["code"]) == (409, "stock_reserved")
    assert figures(product) == (500, 100)
    answer = vendor_api.post(path, {"change": -400, "reason": "correction"})
    assert answer.json() == {"on_hand": 100, "reserved": 100, "available": 0}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"change": 0, "reason": "correction"}, "change"),
        ({"change": -1, "reason": "received"}, "change"),
        ({"change": 1, "reason": "damaged"}, "change"),
        ({"change": 1.5, "reason": "received"}, "change"),
        ({"change": 2**40, "reason": "received"}, "change"),
        ({"change": True, "reason": "received"}, "change"),
        ({"reason": "received"}, "change"),
        ({"change": 1}, "reason"),
        ({"change": 1, "reason": "opening"}, "reason"),
        ({"change": 1, "reason": "reserved"}, "reason"),
        ({"change": 1, "reason": "received", "note": "x" * 301}, "note"),
        ({"change": 1, "reason": "received", "order": "ORD1"}, "order"),
    ],
)
def test_a_bad_movement_is_named_and_moves_nothing(
    sent: dict[str, Any], field: str, vendor_api: APIClient, product: Product
) -> None:
    answer = vendor_api.post(f"/api/products/{product.code}/stock", sent)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]
    assert figures(product) == (500, 0)
    assert StockMovement.objects.count() == 1


def test_nobody_else_sees_or_moves_the_stock(
    rival_vendor_api: APIClient,
    retailer_api: APIClient,
    anonymous_api: APIClient,
    admin_api: APIClient,
    product: Product,
) -> None:
    path, change = f"/api/products/{product.code}/stock", {"change": 1, "reason": "received"}
    for api, status in ((rival_vendor_api, 404), (retailer_api, 403), (anonymous_api, 401)):
        assert api.post(path, change).status_code == status
        assert api.get(path).status_code == status
    assert admin_api.post(path, change).status_code == 403
    assert admin_api.get(path).status_code == 200
    assert figures(product) == (500, 0)


def test_the_movements_add_up_to_the_figures_over_all_pages(vendor_api: APIClient, product: Product) -> None:
    held = [StockLine(product.pk, 30, "ORD1001")]
    stock.reserve_stock(held, by=None)
    stock.ship_stock(held, by=None)
    stock.take_back_stock(held, by=None)
    stock.reserve_stock([StockLine(product.pk, 5, "ORD1002")], by=None)
    stock.release_stock([StockLine(product.pk, 2, "ORD1002")], by=None)
    path, movements = f"/api/products/{product.code}/stock?page_size=2", []
    while path:
        page = vendor_api.get(path).json()
        movements += page["movements"]
        path = page["next"]
    assert [move["kind"] for move in movements] == [
        "released",
        "reserved",
        "returned",
        "shipped",
        "reserved",
        "opening",
    ]
    assert [move["order"] for move in movements] == [
        "ORD1002",
        "ORD1002",
        "ORD1001",
        "ORD1001",
        "ORD1001",
        None,
    ]
    assert sum(move["on_hand_change"] for move in movements) == page["on_hand"] == 500
    assert sum(move["reserved_change"] for move in movements) == page["reserved"] == 3
    assert page["available"] == 497


def test_a_reservation_is_for_all_lines_or_none_and_tells_every_shortage(make_product: MakeProduct) -> None:
    plenty, few, none = (make_product(quantity=number) for number in (100, 5, 0))
    lines = [
        StockLine(few.pk, 4, "ORD1"),
        StockLine(plenty.pk, 10, "ORD1"),
        StockLine(few.pk, 4, "ORD2"),
        StockLine(none.pk, 1, "ORD2"),
    ]
    with pytest.raises(OutOfStock) as refused, transaction.atomic():
        stock.reserve_stock(lines, by=None)
    assert sorted(refused.value.details["items"], key=lambda item: item["product"]) == [
        {"product": few.code, "requested": 8, "available": 5},
        {"product": none.code, "requested": 1, "available": 0},
    ]
    assert [figures(product) for product in (plenty, few, none)] == [(100, 0), (5, 0), (0, 0)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE catalog_stock SET on_hand = on_hand + 1",
        "UPDATE catalog_stock SET reserved = 0",
        "UPDATE catalog_stockmovement SET on_hand_change = 1",
        "DELETE FROM catalog_stockmovement",
        f"{LEDGER} VALUES (1, 'received', 5, 0, '', '', 'nobody')",
        f"{LEDGER} SELECT product_id, 'reserved', 0, 501, '', '', 'nobody' FROM catalog_stock",
        f"{LEDGER} SELECT product_id, 'released', 0, -1, '', '', 'nobody' FROM catalog_stock",
    ],
)
def test_the_database_itself_guards_counters_and_ledger(statement: str, product: Product) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert figures(product) == sums(product) == (500, 0)


def test_the_model_cannot_write_the_counters_either(product: Product) -> None:
    row = Stock.objects.get(pk=product.pk)
    row.on_hand = 10**6
    with pytest.raises(DatabaseError), transaction.atomic():
        row.save()
    assert figures(product) == (500, 0)


# A step is (what, which product, how many, which order); what is not possible is refused or not tried.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "lose", "reserve", "release", "ship", "take back"]),
        st.integers(0, 1),
        st.integers(1, 12),
        st.integers(1, 3),
    ),
    max_size=25,
)


class Model:
    """What the ledger should say, in plain numbers."""

    def __init__(self, opening: int) -> None:
        self.on_hand = [opening, opening]
        self.held: dict[tuple[int, int], int] = {}
        self.away: dict[tuple[int, int], int] = {}

    def reserved(self, which: int) -> int:
        return sum(number for (product, _order), number in self.held.items() if product == which)

    def expect(self, what: str, which: int, many: int, order: int) -> bool:
        """Whether the step must succeed; None of it is tried where an order has not that many."""
        free = self.on_hand[which] - self.reserved(which)
        if what in ("lose", "reserve"):
            return many <= free
        return True

    def possible(self, what: str, which: int, many: int, order: int) -> bool:
        if what in ("release", "ship"):
            return self.held.get((which, order), 0) >= many
        return what != "take back" or self.away.get((which, order), 0) >= many

    def apply(self, what: str, which: int, many: int, order: int) -> None:
        at = (which, order)
        self.on_hand[which] += {"receive": many, "lose": -many, "ship": -many, "take back": many}.get(what, 0)
        self.held[at] = self.held.get(at, 0) + {"reserve": many, "release": -many, "ship": -many}.get(what, 0)
        self.away[at] = self.away.get(at, 0) + {"ship": many, "take back": -many}.get(what, 0)


def take(what: str, product: Product, many: int, order: int) -> None:
    lines = [StockLine(product.pk, many, f"ORD{order}")]
    match what:
        case "receive":
            stock.adjust_stock(product, many, "received", by=None)
        case "lose":
            stock.adjust_stock(product, -many, "damaged", by=None)
        case "reserve":
            stock.reserve_stock(lines, by=None)
        case "release":
            stock.release_stock(lines, by=None)
        case "ship":
            stock.ship_stock(lines, by=None)
        case "take back":
            stock.take_back_stock(lines, by=None)


@pytest.mark.django_db
def test_whatever_happens_the_counters_are_the_sums_and_nothing_is_oversold(
    make_product: MakeProduct,
) -> None:
    shelf = [make_product(quantity=0), make_product(quantity=0)]

    @hypothesis_settings(max_examples=40, deadline=None, database=None)
    @given(steps=STEPS, opening=st.integers(1, 20))
    def run(steps: list[tuple[str, int, int, int]], opening: int) -> None:
        with transaction.atomic():
            model = Model(opening)
            for product in shelf:
                stock.adjust_stock(product, opening, "received", by=None)
            for step in steps:
                if model.possible(*step):
                    check(step, model)
            transaction.set_rollback(True)

    def check(step: tuple[str, int, int, int], model: Model) -> None:
        what, which, many, order = step
        before = StockMovement.objects.count()
        if model.expect(*step):
            take(what, shelf[which], many, order)
            model.apply(*step)
        else:
            with pytest.raises(DomainError), transaction.atomic():
                take(what, shelf[which], many, order)
            assert StockMovement.objects.count() == before
        for number, product in enumerate(shelf):
            assert figures(product) == sums(product) == (model.on_hand[number], model.reserved(number))
            assert 0 <= model.reserved(number) <= model.on_hand[number]

    run()
