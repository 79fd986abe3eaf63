"""AQAD's own tables filled with products to sell and retailers who buy."""

import random
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection

from accounts.models import User
from aqad.demo.sign_ins import PASSWORD
from bench import words
from bench.seed.copying import copy
from bench.seed.figures import (
    FIRST_PRODUCT,
    FIRST_RETAILER,
    FIRST_VENDOR,
    ON_HAND,
    SCARCE,
    VENDORS,
    email_of,
)
from catalog.models import Brand, Category, PriceTier, Product, Stock, StockMovement
from retailers.models import Address, Retailer, RetailerMember
from vendors.models import Vendor, VendorDocument


def fill(products: int, retailers: int) -> None:
    """Seed through the same constraints and triggers as everybody; `reconcile` holds afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # a million rows take a while to be analysed
    brands, categories = _brands(), _categories()
    copy(Vendor, _vendors(), VENDORS)
    copy(VendorDocument, _documents(), 2 * VENDORS)
    copy(Product, _products(products, brands, categories), products)
    copy(Stock, ({"product_id": key} for key in _keys(products)), products)
    copy(StockMovement, _openings(products), products)
    copy(PriceTier, _tiers(products), products)
    copy(Retailer, _retailers(retailers), retailers)
    copy(User, _buyers(retailers), retailers)
    copy(RetailerMember, _members(retailers), retailers)
    copy(Address, _addresses(retailers), retailers)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _keys(number: int) -> range:
    return range(FIRST_PRODUCT, FIRST_PRODUCT + number)


def _brands() -> list[int]:
    names = words.brands()
    rows = [Brand(slug=f"bench-{serial}", name=name) for serial, name in enumerate(names)]
    return [brand.pk for brand in Brand.objects.bulk_create(rows)]


def _categories() -> list[int]:
    root = Category.add_root(slug="bench", name="Bench")
    return [root.add_child(slug=f"bench-{group}", name=group.title()).pk for group in words.groups()]


def _vendors() -> Iterator[dict[str, Any]]:
    for key in range(FIRST_VENDOR, FIRST_VENDOR + VENDORS):
        yield {
            "id": key,
            "status": "active",
            "company_name": f"Wholesaler {key} LLC",
            "email": f"vendor.{key}@bench.example",
            "phone": "+97142345678",
            "trade_license_number": f"CN-{key}",
            "trn": f"1{key:012d}03",
            "emirate": "DXB",
        }


def _documents() -> Iterator[dict[str, Any]]:
    """Accepted ones, without which nobody sells."""
    for key in range(FIRST_VENDOR, FIRST_VENDOR + VENDORS):
        for kind in VendorDocument.REQUIRED:
            yield {"vendor_id": key, "kind": kind, "status": "accepted", "content_type": "application/pdf"}


def _products(number: int, brands: list[int], categories: list[int]) -> Iterator[dict[str, Any]]:
    dice = random.Random(words.SEED)
    for key, wording in zip(_keys(number), words.products(number), strict=True):
        yield {
            "id": key,
            "vendor_id": FIRST_VENDOR + key % VENDORS,
            "status": "active",
            "name": wording.name,
            "name_ar": wording.name_ar,
            "description": f"{wording.name}, by the carton of {wording.pack}.",
            "sku": f"B-{key}",
            "price": f"{dice.randrange(500, 50_000) / 100:.2f}",
            "pack_size": wording.pack,
            "category_id": categories[wording.group],
            "brand_id": brands[wording.brand],
        }


def _openings(number: int) -> Iterator[dict[str, Any]]:
    for key in _keys(number):
        on_hand = SCARCE if key == FIRST_PRODUCT + 1 else ON_HAND
        yield {"stock_id": key, "kind": "opening", "on_hand_change": on_hand, "actor_label": "System"}


def _tiers(number: int) -> Iterator[dict[str, Any]]:
    for key in _keys(number):
        yield {"product_id": key, "min_quantity": 50, "price": "4.50"}


def _retailers(number: int) -> Iterator[dict[str, Any]]:
    for key in range(FIRST_RETAILER, FIRST_RETAILER + number):
        yield {"id": key, "company_name": f"Grocery {key}", "email": email_of(key), "phone": "+971501234567"}


def _buyers(number: int) -> Iterator[dict[str, Any]]:
    password = make_password(PASSWORD)  # hashed once: ten thousand would take half an hour
    for key in range(FIRST_RETAILER, FIRST_RETAILER + number):
        yield {
            "id": key,
            "email": email_of(key),
            "name": f"Buyer {key}",
            "role": "retailer",
            "code": f"R{key}",
            "password": password,
        }


def _members(number: int) -> Iterator[dict[str, Any]]:
    for key in range(FIRST_RETAILER, FIRST_RETAILER + number):
        yield {"retailer_id": key, "user_id": key}


def _addresses(number: int) -> Iterator[dict[str, Any]]:
    for key in range(FIRST_RETAILER, FIRST_RETAILER + number):
        yield {"retailer_id": key, "line1": f"Shop {key}", "city": "Dubai", "area": "Deira", "emirate": "DXB"}
