"""Many products of one vendor at once: the same few statements for one as for five hundred.

What is written has passed `product_rules` already, with the products locked. Call these in a transaction.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from aqad.lib.bulk_update import update_rows
from aqad.lib.inserting import insert
from audit import services as audit
from catalog.models import PriceTier, Product
from catalog.services import stock
from catalog.services.products import MOVES
from catalog.services.waiting import wait_for_orders


@dataclass(frozen=True)
class Listing:
    """A product that is not saved yet, with its tiers and opening stock."""

    product: Product
    tiers: Sequence[PriceTier]
    quantity: int


@dataclass(frozen=True)
class Change:
    """`product` has the new values of `fields` and its old status. None: stays. `changes` is for the log."""

    product: Product
    fields: frozenset[str]
    tiers: Sequence[PriceTier] | None
    status: str | None
    on_hand: int | None
    changes: dict[str, list[str]]


def list_products(listings: Sequence[Listing], *, by: Any) -> None:
    """Raises IntegrityError for a SKU that the vendor uses already."""
    if not listings:
        return
    products = [listing.product for listing in listings]
    insert(products)
    _add_tiers((listing.product, listing.tiers) for listing in listings)
    stock.open_stocks({listing.product: listing.quantity for listing in listings}, by=by)
    audit.record(by, "created", products)


def change_products(changes: Sequence[Change], *, by: Any) -> None:
    """Raises IntegrityError for a SKU in use, StockReserved, InvalidTransition."""
    if not changes:
        return
    _update_columns([change for change in changes if change.fields])
    tiered = [(change.product, change.tiers) for change in changes if change.tiers is not None]
    if tiered:
        PriceTier.objects.filter(product__in=[product for product, _tiers in tiered]).delete()
        _add_tiers(tiered)
    _log(changes, by=by)
    _move(changes, by=by)
    counted = {change.product: change.on_hand for change in changes if change.on_hand is not None}
    if counted:
        stock.correct_stocks(counted, by=by, note=_("Counted, by a sheet"))


def _update_columns(changes: Sequence[Change]) -> None:
    """All get all fields that any has; what did not change is written as it was."""
    if not changes:
        return
    names = frozenset[str]().union(*(change.fields for change in changes)) | {"updated_at"}
    now = timezone.now()
    for change in changes:
        change.product.updated_at = now
    update_rows([change.product for change in changes], sorted(names))


def _add_tiers(of: Iterable[tuple[Product, Sequence[PriceTier]]]) -> None:
    rows = []
    for product, tiers in of:
        for tier in tiers:
            tier.product = product
            rows.append(tier)
    insert(rows)


def _log(changes: Sequence[Change], *, by: Any) -> None:
    """As a single change is logged; moves and corrections have lines of their own."""
    apart = ("status", "quantity")
    told: list[tuple[models.Model, dict[str, Any]]] = [
        (change.product, {name: pair for name, pair in change.changes.items() if name not in apart})
        for change in changes
    ]
    audit.record_each(by, "changed", [(product, data) for product, data in told if data])


def _move(changes: Sequence[Change], *, by: Any) -> None:
    """One move for each pair of statuses there is."""
    moves: dict[tuple[str, str], list[Product]] = {}
    for change in changes:
        if change.status is not None:
            moves.setdefault((change.product.status, change.status), []).append(change.product)
    for (_was, status), products in sorted(moves.items()):
        wait_for_orders(*products)
        audit.transition(products, status, by=by, verb=MOVES[Product.Status(status)])
