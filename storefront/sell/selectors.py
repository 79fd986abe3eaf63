"""What a vendor sees first in the morning, joined from orders and the catalogue."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from catalog import selectors as catalog
from catalog import stock_reads
from catalog.models import Product
from orders import sales
from orders.models import Order
from vendors.models import Vendor

LOW_SHOWN = 6
LICENCE_WARNING = timedelta(days=60)
OPEN = (Order.Status.PENDING, Order.Status.PROCESSING, Order.Status.READY, Order.Status.SHIPPED)


def dashboard(vendor: Vendor, days: int) -> dict[str, Any]:
    """In a constant number of statements."""
    own = Product.objects.filter(vendor=vendor)
    low = catalog.with_details(stock_reads.running_low(own))
    return {
        "vendor": vendor,
        "sales": sales.sales_of(vendor, days),
        "periods": sales.PERIODS,
        "states": _open_orders(vendor),
        "top": _top_products(vendor, days),
        "low": list(low[:LOW_SHOWN]),
        "stock": stock_reads.totals(own),
        "licence_ends_soon": _ends_soon(vendor),
    }


def _open_orders(vendor: Vendor) -> list[tuple[str, int]]:
    placed = Order.objects.filter(vendor=vendor, placed_at__isnull=False)
    counts = sales.counts_by_status(placed)
    return [(status, counts[status]) for status in OPEN]


def _top_products(vendor: Vendor, days: int) -> list[dict[str, Any]]:
    rows = sales.best_sellers(vendor, days)
    products = catalog.with_details(Product.objects.all()).in_bulk([row["product"] for row in rows])
    return [{**row, "product": products[row["product"]]} for row in rows]


def _ends_soon(vendor: Vendor) -> bool:
    ends = vendor.trade_license_expiry_date
    return ends is not None and ends <= timezone.localdate() + LICENCE_WARNING
