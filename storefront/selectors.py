"""Reads that join several domains for a screen."""

from typing import Any

from catalog import selectors as catalog
from catalog.models import Product
from catalog.selectors import Filters
from storefront import shelves
from storefront.pictures import drawing_of
from vendors.models import Vendor

NEWEST = 10
BRANDS = 12


def start_page() -> dict[str, Any]:
    """Categories with their drawings and counts, the newest products, the brands with most of them."""
    tops = shelves.fullest()
    return {
        "categories": [(each, each["count"], drawing_of(each["slug"])) for each in tops],
        "newest": catalog.with_details(Product.objects.sold().order_by("-pk"))[:NEWEST],
        "brands": shelves.kept_facets(Filters())["brands"][:BRANDS],
        "product_count": sum(each["count"] for each in tops),
        "vendor_count": Vendor.objects.selling().count(),
    }
