"""The correction that the operations console offers: the catalogue's, with what orders hold."""

from functools import partial
from typing import Any

from django.db import transaction

from accounts import rights
from catalog import cache
from catalog.models import Product
from catalog.services import stock_correction
from catalog.services.stock_correction import Correction, Counters
from operations.doctor.stock import figures


def plan(product: Product) -> Correction:
    """What `correct` would do now."""
    return stock_correction.planned(product.pk, figures.held_by_order(product.pk))


def correct(product: Product, *, seen: Counters, by: Any, reason: str) -> Correction:
    """Correct the stock and empty the catalogue's cache, which may hold what was wrong.

    Raises Forbidden without `operations.correct_stock`, else as the catalogue's `correct_stock`.
    """
    rights.require(by, "operations.correct_stock")
    with transaction.atomic():
        held = partial(figures.held_by_order, product.pk)
        done = stock_correction.correct_stock(product, seen=seen, held=held, by=by, reason=reason)
        transaction.on_commit(cache.forget_all, robust=True)
    return done
