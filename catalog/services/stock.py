"""The stock ledger. Each change is a movement; a trigger adds it to the counters, a CHECK keeps them sane.

Locks: the Stock rows concerned, in ascending product order, so that no two orders can deadlock.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from aqad.lib import codes
from aqad.lib.compiled import Compiled
from aqad.lib.errors import Invalid
from aqad.lib.inserting import insert
from aqad.lib.postgres.base import preparing_cursor
from aqad.lib.postgres.values import numbers
from audit import services as audit
from catalog.errors import OutOfStock, StockReserved
from catalog.models import Product, Stock, StockMovement

Kind = StockMovement.Kind

# Kind → (sign of the on-hand change, sign of the reserved change) per unit of an order line.
_EFFECTS = {
    Kind.RELEASED: (0, -1),
    Kind.SHIPPED: (-1, -1),
    Kind.RETURNED: (1, 0),
}


# Parameters: the products; they and the quantity wanted of each; who acts, and how the log names them;
# the lines. Answers what is short; the movements are written where nothing is.
_RESERVE = """
WITH locked AS MATERIALIZED (
    SELECT product_id, on_hand - reserved AS available FROM catalog_stock
    WHERE product_id = ANY(%s::bigint[]) ORDER BY product_id FOR UPDATE
), short AS MATERIALIZED (
    SELECT product, quantity, coalesce(available, 0) AS available, position
    FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS wanted (product, quantity, position)
    LEFT JOIN locked ON product_id = product
    WHERE available IS NULL OR available < quantity
), moved AS (
    INSERT INTO catalog_stockmovement
        (stock_id, kind, on_hand_change, reserved_change, "order", note, actor_id, actor_label)
    SELECT product_id, 'reserved', 0, quantity, "order", '', %s::bigint, %s::text
    FROM jsonb_to_recordset(%s::jsonb) AS line (product_id bigint, quantity integer, "order" text)
    WHERE NOT EXISTS (SELECT FROM short)
)
SELECT product, quantity, available FROM short ORDER BY position
"""

_locked_stocks = Compiled[Stock](
    lambda *keys: Stock.objects.select_for_update().filter(pk__in=keys).order_by("pk")
)


@dataclass(frozen=True)
class StockLine:
    """`quantity` units of a product on behalf of an order (`ORD1001`)."""

    product_id: int
    quantity: int
    order: str


@transaction.atomic(savepoint=False)
def reserve_stock(lines: Sequence[StockLine], *, by: Any) -> None:
    """Hold stock for all lines or for none; a product may stand in several lines.

    One statement, so that the rows are locked no longer than it and the commit take. Call it late in the
    transaction. Raises OutOfStock with every shortage, having changed nothing.
    """
    wanted = Counter[int]()
    for line in lines:
        wanted[line.product_id] += line.quantity
    products, quantities = numbers(wanted), numbers(wanted.values())
    movements = json.dumps([line.__dict__ for line in lines])
    actor = by.pk if by else None
    with preparing_cursor() as cursor:
        cursor.execute(_RESERVE, [products, products, quantities, actor, audit.label(by), movements])
        shortages = [
            {"product": f"{Product.CODE_PREFIX}{product}", "requested": requested, "available": available}
            for product, requested, available in cursor.fetchall()
        ]
    if shortages:
        raise OutOfStock(shortages, _name_of(str(shortages[0]["product"])))


@transaction.atomic(savepoint=False)
def release_stock(lines: Sequence[StockLine], *, by: Any) -> None:
    """Give back what was held. The caller ended the reservations in this transaction, each once."""
    _lock(line.product_id for line in lines)
    _move(Kind.RELEASED, lines, by=by)


@transaction.atomic(savepoint=False)
def ship_stock(lines: Sequence[StockLine], *, by: Any) -> None:
    """What was held leaves the house."""
    _lock(line.product_id for line in lines)
    _move(Kind.SHIPPED, lines, by=by)


@transaction.atomic(savepoint=False)
def take_back_stock(lines: Sequence[StockLine], *, by: Any) -> None:
    """Goods that were shipped are on hand again."""
    _lock(line.product_id for line in lines)
    _move(Kind.RETURNED, lines, by=by)


@transaction.atomic
def adjust_stock(product: Product, change: int, kind: str, *, by: Any, note: str = "") -> Stock:
    """The vendor counted, received, lost or got back goods: `change` is signed, in units of sale.

    Raises StockReserved when less would remain than orders hold. Writes an audit entry.
    """
    if (kind == Kind.RECEIVED and change < 0) or (kind == Kind.DAMAGED and change > 0) or change == 0:
        raise Invalid(errors={"change": [_("This reason does not go with that sign of the change.")]})
    stock = _lock([product.pk])[product.pk]
    if stock.on_hand + change < stock.reserved:
        raise StockReserved()
    if stock.on_hand + change >= 2**31:
        raise Invalid(errors={"change": [_("This is more than can be kept in stock.")]})
    _write([StockMovement(stock_id=product.pk, kind=kind, on_hand_change=change, note=note)], by=by)
    stock.on_hand += change
    audit.record(by, "adjusted stock of", product, reason=note, data={"kind": kind, "change": change})
    return stock


@transaction.atomic(savepoint=False)
def correct_stocks(counted: Mapping[Product, int], *, by: Any, note: str) -> None:
    """Bring what is on hand of several products to what was counted, with a movement and audit entry each.

    Raises StockReserved, changing nothing, where less would remain than orders hold.
    """
    stocks = _lock(product.pk for product in counted)
    differences = {product: units - stocks[product.pk].on_hand for product, units in counted.items()}
    if any(units < stocks[product.pk].reserved for product, units in counted.items()):
        raise StockReserved()
    moved = {product: change for product, change in differences.items() if change}
    _write(
        [
            StockMovement(stock_id=product.pk, kind=Kind.CORRECTION, on_hand_change=change, note=note)
            for product, change in moved.items()
        ],
        by=by,
    )
    told = [(product, {"kind": Kind.CORRECTION, "change": change}) for product, change in moved.items()]
    audit.record_each(by, "adjusted stock of", told, reason=note)


def open_stock(product: Product, quantity: int, *, by: Any) -> Stock:
    """Make the stock row of a new product, with its opening movement, in the product's transaction."""
    open_stocks({product: quantity}, by=by)
    return Stock(product=product, on_hand=quantity)


def open_stocks(quantities: Mapping[Product, int], *, by: Any) -> None:
    """`open_stock` for several products, in two statements."""
    Stock.objects.bulk_create([Stock(product=product) for product in quantities])
    _write(
        [
            StockMovement(stock_id=product.pk, kind=Kind.OPENING, on_hand_change=quantity)
            for product, quantity in quantities.items()
            if quantity
        ],
        by=by,
    )


def _name_of(code: str) -> str:
    found = Product.objects.filter(pk=codes.parse(code, Product.CODE_PREFIX) or 0)
    product = found.only("name", "name_ar").first()
    return product.name_read if product else ""


def _lock(product_ids: Iterable[int]) -> dict[int, Stock]:
    return {stock.pk: stock for stock in _locked_stocks(*set(product_ids))}


def _move(kind: StockMovement.Kind, lines: Sequence[StockLine], *, by: Any) -> None:
    on_hand, reserved = _EFFECTS[kind]
    _write(
        [
            StockMovement(
                stock_id=line.product_id,
                kind=kind,
                on_hand_change=on_hand * line.quantity,
                reserved_change=reserved * line.quantity,
                order=line.order,
            )
            for line in lines
        ],
        by=by,
    )


def _write(movements: list[StockMovement], *, by: Any) -> None:
    for movement in movements:
        movement.actor_id = by.pk if by else None
        movement.actor_label = audit.label(by)
    insert(movements)
