"""Reads of stock for the vendor who keeps it: what runs low, what moved."""

from datetime import timedelta
from typing import Any

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest, Now

from catalog.models import Product, ProductQuerySet, StockMovement

LOW_STOCK = 20  # units of sale; a product sold in greater lots is low below two of its smallest orders
USE_DAYS = 30


def with_stock(products: ProductQuerySet) -> Any:
    """Each with `available`, `low_below` (units), and `shipped`, the units that left in USE_DAYS days."""
    since = Now() - timedelta(days=USE_DAYS)
    left = StockMovement.objects.filter(stock=OuterRef("pk"), kind=StockMovement.Kind.SHIPPED, at__gte=since)
    units = left.order_by().values("stock").annotate(sum=Sum("on_hand_change")).values("sum")
    return products.select_related("stock").annotate(
        available=F("stock__on_hand") - F("stock__reserved"),
        low_below=Greatest(Value(LOW_STOCK), F("min_order_quantity") * 2),
        shipped=-Coalesce(Subquery(units, output_field=IntegerField()), 0),
    )


def low_first(products: ProductQuerySet) -> Any:
    """What is not archived: out of stock, then low, then the rest, each with the least first."""
    rank = Case(When(available__lte=0, then=0), When(available__lt=F("low_below"), then=1), default=2)
    kept: Any = with_stock(products.exclude(status=Product.Status.ARCHIVED))
    return kept.annotate(rank=rank).order_by("rank", "available", "pk")


def running_low(products: ProductQuerySet) -> Any:
    """What is on sale and low or out, the least first."""
    return low_first(products.filter(status=Product.Status.ACTIVE)).filter(available__lt=F("low_below"))


def movements_of(product: Product) -> QuerySet[StockMovement]:
    """Newest first."""
    return StockMovement.objects.filter(stock=product.pk).order_by("-pk")


def days_left(product: Any) -> int | None:
    """How long the stock lasts at the pace of the last USE_DAYS days; None where that says nothing: nothing
    left in them, nothing is there, or it lasts for a year and more."""
    days = product.available * USE_DAYS // product.shipped if product.shipped > 0 else 0
    return days if product.available > 0 and 0 < days < 365 else None


def totals(products: ProductQuerySet) -> dict[str, int]:
    """How many of what is on sale are `out` of stock, `low`, and `enough`."""
    rows = with_stock(products.filter(status=Product.Status.ACTIVE))
    out = Count("pk", filter=Q(available__lte=0))
    low = Count("pk", filter=Q(available__gt=0, available__lt=F("low_below")))
    counted: dict[str, int] = rows.aggregate(out=out, low=low, all=Count("pk"))
    return {**counted, "enough": counted["all"] - counted["out"] - counted["low"]}
