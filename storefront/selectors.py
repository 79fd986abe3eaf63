"""Reads that join several domains for a screen."""

from typing import Any

from django.db.models import Count, Q

from catalog import selectors as catalog
from catalog.models import Brand, Category, Product
from storefront.pictures import Picture, drawing_of
from vendors.models import Vendor

NEWEST = 10
BRANDS = 12


def start_page() -> dict[str, Any]:
    """Categories with their drawings and counts, the newest products, the brands with most of them."""
    sold = Product.objects.sold()
    return {
        "categories": _categories(),
        "newest": catalog.with_details(sold.order_by("-pk"))[:NEWEST],
        "brands": _popular_brands(),
        "product_count": sold.count(),
        "vendor_count": Vendor.objects.selling().count(),
    }


def _categories() -> list[tuple[Category, int, Picture]]:
    """Those at the top of the tree that have something to sell, the fullest first."""
    tops = [(top, number) for top, number in catalog.category_counts() if top.depth == 1 and number]
    tops.sort(key=lambda pair: -pair[1])
    return [(category, number, drawing_of(category)) for category, number in tops]


def _popular_brands() -> list[Brand]:
    is_sold = Q(
        products__status=Product.Status.ACTIVE,
        products__vendor__status=Vendor.Status.ACTIVE,
        products__vendor__selling_paused_at=None,
    )
    counted = Brand.objects.annotate(product_count=Count("products", filter=is_sold))
    return list(counted.filter(product_count__gt=0).order_by("-product_count", "name")[:BRANDS])
