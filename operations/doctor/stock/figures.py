"""Counters, ledger and reservations of products, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from operations.doctor.database import rows

# Each part is made whole before it is joined: else a limit lures PostgreSQL into walking the ledger by index.
_SQL = """
WITH ledger AS MATERIALIZED (
         SELECT stock_id, sum(on_hand_change) AS on_hand, sum(reserved_change) AS reserved
           FROM catalog_stockmovement {ledger} GROUP BY stock_id),
     held AS MATERIALIZED (
         SELECT product_id, sum(quantity) AS quantity FROM orders_orderline
          WHERE reservation = 'active' {lines} GROUP BY product_id)
SELECT stock.product_id, stock.on_hand, stock.reserved,
       coalesce(ledger.on_hand, 0)::int, coalesce(ledger.reserved, 0)::int, coalesce(held.quantity, 0)::int
  FROM catalog_stock stock
  LEFT JOIN ledger ON ledger.stock_id = stock.product_id
  LEFT JOIN held USING (product_id)
"""
_ONE = _SQL.format(ledger="WHERE stock_id = %s", lines="AND product_id = %s") + " WHERE stock.product_id = %s"
_DISAGREEING = (
    _SQL.format(ledger="", lines="")
    + """
 WHERE stock.on_hand <> coalesce(ledger.on_hand, 0) OR stock.reserved <> coalesce(ledger.reserved, 0)
    OR stock.reserved <> coalesce(held.quantity, 0)
 ORDER BY stock.product_id LIMIT %s
"""
)
_HELD = """
SELECT 'ORD' || order_id, sum(quantity)::int FROM orders_orderline
 WHERE product_id = %s AND reservation = 'active' GROUP BY order_id
"""
_HELD_IN_LEDGER = """
SELECT "order", sum(reserved_change)::int FROM catalog_stockmovement
 WHERE stock_id = %s GROUP BY "order" HAVING sum(reserved_change) <> 0
"""


@dataclass(frozen=True)
class Figures:
    product_id: int
    on_hand: int
    reserved: int
    ledger_on_hand: int
    ledger_reserved: int
    held: int

    @property
    def code(self) -> str:
        return f"P{self.product_id}"

    @property
    def agrees(self) -> bool:
        return (self.on_hand, self.reserved) == (self.ledger_on_hand, self.ledger_reserved) and (
            self.reserved == self.held
        )


def of(product_id: int) -> Figures | None:
    """None for a product without a stock row."""
    found = rows(_ONE, product_id, product_id, product_id)
    return Figures(*found[0]) if found else None


def disagreeing(at_most: int = 200) -> Sequence[Figures]:
    """One pass over the ledger; in the order of the products."""
    return [Figures(*row) for row in rows(_DISAGREEING, at_most)]


def held_by_order(product_id: int) -> dict[str, int]:
    """Order code → units, as the order lines say."""
    return dict(rows(_HELD, product_id))


def held_in_ledger(product_id: int) -> dict[str, int]:
    """Order code → units, as the ledger says; the empty code stands for movements without an order."""
    return dict(rows(_HELD_IN_LEDGER, product_id))
