from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils.text import slugify

from catalog.models import Brand, Category, Product
from catalog.services import products
from vendors.models import Vendor

MakeProduct = Callable[..., Product]


@pytest.fixture
def shelves(db: None) -> None:
    """A few categories and brands."""
    stock_shelves()


def stock_shelves() -> None:
    for trunk, branches in {"Beverages": ["Soft Drinks", "Water"], "Dairy": ["Milk"]}.items():
        parent = Category.objects.add_root({"slug": slugify(trunk), "name": trunk})
        for name in branches:
            Category.objects.add_child(parent, {"slug": slugify(name), "name": name})
    for name, name_ar in (("Pepsi", "بيبسي"), ("Coca-Cola", "كوكا كولا"), ("Almarai", "المراعي")):
        Brand.objects.create(slug=slugify(name), name=name, name_ar=name_ar)


@pytest.fixture
def make_product(shelves: None, vendor: Vendor) -> MakeProduct:
    """Lists a product of `vendor` unless another one is given: `make_product(name="Water", quantity=3)`."""

    def make(seller: Vendor | None = None, **fields: Any) -> Product:
        wanted = {
            "name": "Pepsi 330ml",
            "price": Decimal("45.00"),
            "quantity": 500,
            "category": "soft-drinks",
            "brand": "pepsi",
            "by": None,
        }
        return products.create_product(seller or vendor, **{**wanted, **fields})

    return make


@pytest.fixture
def product(make_product: MakeProduct) -> Product:
    return make_product()


@pytest.fixture
def body(shelves: None) -> dict[str, Any]:
    """What a vendor sends to list a product."""
    return {
        "name": "Pepsi 330ml",
        "description": "Carton of 24 cans",
        "price": "45.00",
        "quantity": 500,
        "category": "soft-drinks",
        "brand": "pepsi",
    }


def copy_by_sql(name: str, times: int = 1) -> list[int]:
    """Copies of the only product, without stock, by an INSERT that no service sees; `name` is SQL of `n`."""
    columns = ", ".join(
        column.column
        for column in Product._meta.concrete_fields
        if column.column not in ("id", "name", "search_vector")
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO catalog_product (name, {columns}) SELECT {name}, {columns} "
            f"FROM catalog_product, generate_series(1, {times}) AS n RETURNING id"
        )
        return [row[0] for row in cursor.fetchall()]
