"""The one way to set stock right that no longer agrees with itself.

The ledger says what is on hand, the orders say what is held. Where the counters say something else, somebody
changed them past the ledger; where the ledger says that orders hold something else, lines are added to it.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pgtrigger
from django.db import transaction
from django.db.models import Sum

from audit import services as audit
from catalog.errors import StockCannotHold, StockMoved
from catalog.models import Product, Stock, StockMovement

Held = Mapping[str, int]  # order code → units its active reservations hold

_GUARDS = ("catalog.Stock:only_the_ledger_moves_it", "catalog.StockMovement:moves_the_stock")


@dataclass(frozen=True)
class Counters:
    on_hand: int
    reserved: int


@dataclass(frozen=True)
class Correction:
    before: Counters
    after: Counters
    missing: Held  # order code → units that its lines in the ledger are short of, or beyond (negative)


def planned(product_id: int, held: Held) -> Correction:
    """What a correction would do now. Locks nothing."""
    return _plan(Stock.objects.get(pk=product_id), held)


@transaction.atomic
def correct_stock(
    product: Product, *, seen: Counters, held: Callable[[], Held], by: Any, reason: str
) -> Correction:
    """Make the counters what the ledger says, and the ledger say that orders hold what they do.

    Locks the stock row, then asks `held`. Raises StockMoved when the counters are no longer as `seen`,
    StockCannotHold when more is held than the ledger has on hand. Writes an audit entry.
    """
    stock = Stock.objects.select_for_update().get(pk=product.pk)
    if Counters(stock.on_hand, stock.reserved) != seen:
        raise StockMoved()
    plan = _plan(stock, held())
    if not 0 <= plan.after.reserved <= plan.after.on_hand:
        raise StockCannotHold()
    with pgtrigger.ignore(
        *_GUARDS
    ):  # both at once: the movements below belong to the counters as they will be
        StockMovement.objects.bulk_create(_movements(stock, plan, by, reason))
        Stock.objects.filter(pk=stock.pk).update(**asdict(plan.after))
    audit.record(by, "corrected the stock of", product, reason=reason, data=_told(plan))
    return plan


def _plan(stock: Stock, held: Held) -> Correction:
    written = StockMovement.objects.filter(stock=stock.pk).order_by()
    on_hand = written.aggregate(sum=Sum("on_hand_change"))["sum"] or 0
    by_order = dict(written.values_list("order").annotate(sum=Sum("reserved_change")))
    missing = {
        order: change
        for order in sorted(held.keys() | by_order.keys())
        if (change := held.get(order, 0) - by_order.get(order, 0))
    }
    after = Counters(on_hand, sum(held.values()))
    return Correction(Counters(stock.on_hand, stock.reserved), after, missing)


def _movements(stock: Stock, plan: Correction, by: Any, reason: str) -> list[StockMovement]:
    return [
        StockMovement(
            stock=stock,
            kind=StockMovement.Kind.CORRECTION,
            reserved_change=change,
            order=order,
            note=reason[:300],
            actor_id=by.pk if by else None,
            actor_label=audit.label(by),
        )
        for order, change in plan.missing.items()
    ]


def _told(plan: Correction) -> dict[str, Any]:
    return {"before": asdict(plan.before), "after": asdict(plan.after), "missing": dict(plan.missing)}
