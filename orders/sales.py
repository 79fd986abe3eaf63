"""What a vendor sold: figures of a period against the one before. AED without VAT, days of Dubai."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from aqad.lib.money import ZERO
from orders.models import Order, OrderLine
from vendors.models import Vendor

PERIODS = (7, 30, 90)
TOP = 5
# Goods that stay sold, as far as anybody knows today.
SOLD = (
    Order.Status.PENDING,
    Order.Status.PROCESSING,
    Order.Status.READY,
    Order.Status.SHIPPED,
    Order.Status.COMPLETED,
)


@dataclass(frozen=True)
class Step:
    """One column of the plot: a day, or a week of a long period, against the same of the period before."""

    start: date
    end: date
    amount: Decimal
    before: Decimal
    orders: int


@dataclass(frozen=True)
class Sales:
    """`change` is in per cent, None where nothing was sold before."""

    days: int
    steps: list[Step]
    total: Decimal
    before: Decimal
    orders: int

    @property
    def change(self) -> int | None:
        return round((self.total - self.before) / self.before * 100) if self.before else None

    @property
    def average(self) -> Decimal:
        return self.total / self.orders if self.orders else ZERO


def sales_of(vendor: Vendor, days: int) -> Sales:
    """The last `days` days, today included, and as many before them."""
    today = timezone.localdate()
    by_day = _by_day(vendor, today - timedelta(days=2 * days - 1))
    first = today - timedelta(days=days - 1)
    width = 7 if days > 31 else 1
    starts = [first + timedelta(days=offset) for offset in range(0, days, width)]
    steps = [_step(by_day, start, min(start + timedelta(days=width - 1), today), days) for start in starts]
    return Sales(
        days,
        steps,
        total=sum((step.amount for step in steps), ZERO),
        before=sum((step.before for step in steps), ZERO),
        orders=sum(step.orders for step in steps),
    )


def best_sellers(vendor: Vendor, days: int) -> list[dict[str, Any]]:
    """The TOP products by what they brought in: `product` (its key), `units`, `amount`."""
    sold = _sold_since(vendor, timezone.localdate() - timedelta(days=days - 1))
    lines = OrderLine.objects.filter(order__in=sold).values("product")
    rows: Any = lines.annotate(units=Sum("quantity"), amount=Sum("subtotal")).order_by("-amount")
    return list(rows[:TOP])


def counts_by_status(orders: Any) -> dict[str, int]:
    """How many of `orders` are in each status, those without any included."""
    counted = orders.order_by().values_list("status").annotate(number=Count("pk"))
    return {**dict.fromkeys(Order.Status.values, 0), **dict(counted)}


def _sold_since(vendor: Vendor, first: date) -> Any:
    since = datetime.combine(first, time.min, timezone.get_default_timezone())
    return Order.objects.filter(vendor=vendor, status__in=SOLD, placed_at__gte=since)


def _by_day(vendor: Vendor, first: date) -> dict[date, tuple[Decimal, int]]:
    days = _sold_since(vendor, first).annotate(day=TruncDate("placed_at")).order_by().values_list("day")
    rows: Iterable[Any] = days.annotate(amount=Sum("subtotal"), number=Count("pk"))
    return {day: (amount, number) for day, amount, number in rows}


def _step(by_day: dict[date, tuple[Decimal, int]], start: date, end: date, days: int) -> Step:
    nothing = (ZERO, 0)
    dates = [start + timedelta(days=offset) for offset in range((end - start).days + 1)]
    now = [by_day.get(day, nothing) for day in dates]
    before = [by_day.get(day - timedelta(days=days), nothing) for day in dates]
    return Step(
        start,
        end,
        amount=sum((amount for amount, _number in now), ZERO),
        before=sum((amount for amount, _number in before), ZERO),
        orders=sum(number for _amount, number in now),
    )
