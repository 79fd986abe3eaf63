"""The catalogue as JSON."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from aqad.lib.files.storage import public_url
from catalog.models import Brand, Category, PriceTier, Product, ProductImage, Stock, StockMovement
from catalog.search.marks import Ranges, marks
from catalog.search.suggesting import Suggestions


def product_json(product: Product) -> dict[str, Any]:
    """The contract's product; load it through `selectors.with_details`, else it costs queries."""
    return {
        "id": product.code,
        "status": product.status,
        "name": product.name,
        "name_ar": product.name_ar,
        "description": product.description,
        "description_ar": product.description_ar,
        "sku": product.sku,
        "barcode": product.barcode,
        "price": f"{product.price:.2f}",
        "currency": settings.CURRENCY,
        "unit_code": product.unit_code,
        "pack_size": product.pack_size,
        "min_order_quantity": product.min_order_quantity,
        "order_multiple": product.order_multiple,
        "vat_category": product.vat_category,
        "vat_rate": f"{product.vat_rate:.2f}",
        "lead_time_days": product.lead_time_days,
        "category": _named(product.category),
        "brand": _named(product.brand),
        "vendor": {"id": product.vendor.code, "company_name": product.vendor.company_name},
        "images": [image_json(image) for image in product.images.all()],
        "available": product.stock.available,
        "in_stock": product.stock.available > 0,
        "price_tiers": [_tier_json(tier) for tier in product.price_tiers.all()],
        "created_at": product.created_at,
        "updated_at": product.updated_at,
    }


def image_json(image: ProductImage) -> dict[str, Any]:
    return {
        "id": image.pk,
        "url": public_url(image.key),
        "alt": image.alt,
        "position": image.position,
        "width": image.width,
        "height": image.height,
        "thumbnails": {width: public_url(key) for width, key in image.thumbnails.items()},
    }


def stock_json(stock: Stock) -> dict[str, Any]:
    return {"on_hand": stock.on_hand, "reserved": stock.reserved, "available": stock.available}


def movement_json(movement: StockMovement) -> dict[str, Any]:
    return {
        "kind": movement.kind,
        "on_hand_change": movement.on_hand_change,
        "reserved_change": movement.reserved_change,
        "order": movement.order or None,
        "note": movement.note,
        "actor": movement.actor_label,
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


def _tier_json(tier: PriceTier) -> dict[str, Any]:
    return {"min_quantity": tier.min_quantity, "price": f"{tier.price:.2f}"}
