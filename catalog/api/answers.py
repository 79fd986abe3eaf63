"""The catalogue as JSON."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from aqad.lib.api.json import dumps
from aqad.lib.files.storage import public_url
from audit import selectors as audit
from catalog.cache import GAP
from catalog.models import (
    VAT_RATES,
    Brand,
    Category,
    Product,
    ProductImage,
    Stock,
    StockMovement,
    VatCategory,
)
from catalog.reads import Row
from catalog.search.marks import Ranges, marks
from catalog.search.suggesting import Suggestions
from vendors.models import Vendor

_MARK = "\0"  # no text of the database holds it
_MARKED = dumps({"available": _MARK})[1:-1]


def product_json(row: Row) -> dict[str, Any]:
    """The contract's product."""
    return {
        "id": f"{Product.CODE_PREFIX}{row.id}",
        "status": row.status,
        "name": row.name,
        "name_ar": row.name_ar,
        "description": row.description,
        "description_ar": row.description_ar,
        "sku": row.sku,
        "barcode": row.barcode,
        "price": row.price,
        "currency": settings.CURRENCY,
        "unit_code": row.unit_code,
        "pack_size": row.pack_size,
        "min_order_quantity": row.min_order_quantity,
        "order_multiple": row.order_multiple,
        "vat_category": row.vat_category,
        "vat_rate": f"{VAT_RATES[VatCategory(row.vat_category)]:.2f}",
        "lead_time_days": row.lead_time_days,
        "category": {"slug": row.category, "name": row.category_name, "name_ar": row.category_name_ar},
        "brand": {"slug": row.brand, "name": row.brand_name, "name_ar": row.brand_name_ar},
        "vendor": {"id": f"{Vendor.CODE_PREFIX}{row.vendor}", "company_name": row.company_name},
        "images": [_image_json(image) for image in row.images],
        "available": row.available,
        "in_stock": row.available > 0,
        "price_tiers": [
            {"min_quantity": int(quantity), "price": price} for quantity, price in row.price_tiers
        ],
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def without_stock(product: dict[str, Any]) -> dict[str, Any]:
    """The product with one mark in place of what stock changes; `with_gaps` makes it a gap in the bytes."""
    product["available"] = _MARK
    del product["in_stock"]
    return product


def with_gaps(answer: Any) -> bytes:
    return dumps(answer).replace(_MARKED, GAP)


def image_json(image: ProductImage) -> dict[str, Any]:
    return _image_json(
        [image.pk, image.key, image.alt, image.position, image.width, image.height, image.thumbnails]
    )


def _image_json(image: Sequence[Any]) -> dict[str, Any]:
    pk, key, alt, position, width, height, thumbnails = image
    return {
        "id": pk,
        "url": public_url(key),
        "alt": alt,
        "position": position,
        "width": width,
        "height": height,
        "thumbnails": {size: public_url(small) for size, small in thumbnails.items()},
    }


def stock_json(stock: Stock) -> dict[str, Any]:
    return {"on_hand": stock.on_hand, "reserved": stock.reserved, "available": stock.available}


def movement_json(movement: StockMovement, *, reader: Any) -> dict[str, Any]:
    return {
        "kind": movement.kind,
        "on_hand_change": movement.on_hand_change,
        "reserved_change": movement.reserved_change,
        "order": movement.order or None,
        "note": movement.note,
        "actor": audit.name_actor(movement.actor_label, reader=reader),
        "at": movement.at,
    }


def brand_json(brand: Brand) -> dict[str, Any]:
    """`brand` carries its `product_count`."""
    return {**_named(brand), "product_count": getattr(brand, "product_count", 0)}


def suggestions_json(text: str, found: Suggestions) -> dict[str, Any]:
    names = [name for product in found.products for name in (product.name, product.name_ar)]
    ranges = iter(marks(names, found.meant or text))
    return {
        **({"did_you_mean": found.meant} if found.meant else {}),
        "products": [
            {
                "id": product.code,
                "name": product.name,
                "name_ar": product.name_ar,
                "pack_size": product.pack_size,
                "price": f"{product.price:.2f}",
                "currency": settings.CURRENCY,
                "highlight": {"name": next(ranges), "name_ar": next(ranges)},
            }
            for product in found.products
        ],
        "categories": [_named(category) for category in found.categories],
        "brands": [_named(brand) for brand in found.brands],
    }


def highlights(rows: Sequence[tuple[int, str, str]], text: str) -> dict[str, dict[str, Ranges]]:
    """Where the words of `text` stand in the names of each product: rows of key, name and Arabic name."""
    ranges = iter(marks([name for _key, *names in rows for name in names], text))
    return {
        f"{Product.CODE_PREFIX}{key}": {"name": next(ranges), "name_ar": next(ranges)}
        for key, _name, _name_ar in rows
    }


def tree(counted: Sequence[tuple[Category, int]]) -> list[dict[str, Any]]:
    """The categories, given in the order of the tree, as trunks with `children`."""
    trunks: list[dict[str, Any]] = []
    above: list[list[dict[str, Any]]] = [trunks]
    for category, product_count in counted:
        node = {**_named(category), "product_count": product_count, "children": []}
        above[category.depth - 1].append(node)
        above[category.depth :] = [node["children"]]
    return trunks


def _named(row: Category | Brand) -> dict[str, Any]:
    return {"slug": row.slug, "name": row.name, "name_ar": row.name_ar}
