from collections.abc import Iterable

from catalog.services.stock import StockLine
from orders.models import Order


def stock_lines(orders: Iterable[Order]) -> list[StockLine]:
    """What these orders hold, for the stock ledger. Reads `order.lines`, which should be prefetched."""
    return [
        StockLine(line.product_id, line.quantity, order.code)
        for order in orders
        for line in order.lines.all()
    ]
