"""Amounts in AED: two places, one rounding rule, sums that add up to the fils."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

FILS = Decimal("0.01")
ZERO = Decimal("0.00")


def to_fils(amount: Decimal) -> Decimal:
    """Round to two places, half up: the one rounding rule of AQAD."""
    return amount.quantize(FILS, rounding=ROUND_HALF_UP)


def spread(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split `total` over `weights` by the largest-remainder method (Hamilton).

    The parts are whole fils, in proportion to the weights, and add up to `total` exactly; ties go to the
    earlier part. Equal weights are taken where all are zero. Raises ValueError for empty or negative input.
    """
    if not weights or any(weight < 0 for weight in weights) or total < 0:
        raise ValueError("spread needs a total and weights that are not negative, and at least one weight")
    whole = sum(weights)
    shares = list(weights) if whole else [Decimal(1)] * len(weights)
    whole = whole or Decimal(len(weights))
    fils = int(total / FILS)
    exact = [fils * share / whole for share in shares]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[: fils - sum(parts)]:
        parts[i] += 1
    return [part * FILS for part in parts]
