from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from catalog.models import Brand, Category, Product
from catalog.services import products
from tests import goods
from vendors.models import Vendor

Shelve = Callable[..., Product]


@pytest.fixture(autouse=True)
def _own_language() -> Iterator[None]:
    """The language of a test's last answer is not the next test's."""
    yield
    translation.deactivate()


@pytest.fixture
def shelve(vendor: Vendor) -> Shelve:
    """Lists a product of Ahmed Foods unless another vendor is given, on a shelf below Beverages or Dairy."""
    for trunk, shelves in {"beverages": ["soft-drinks", "water"], "dairy": ["milk"]}.items():
        parent = Category.objects.add_root({"slug": trunk, "name": trunk.title(), "name_ar": f"{trunk} عربي"})
        for slug in shelves:
            Category.objects.add_child(parent, {"slug": slug, "name": slug.replace("-", " ").capitalize()})
            parent.refresh_from_db()
    for slug, name, name_ar in (
        ("pepsi", "Pepsi", "بيبسي"),
        ("almarai", "Almarai", "المراعي"),
        ("masafi", "Masafi", ""),
    ):
        Brand.objects.create(slug=slug, name=name, name_ar=name_ar)

    def shelve(seller: Vendor | None = None, **fields: Any) -> Product:
        changes = {name: fields.pop(name) for name in ("category", "brand") if name in fields}
        product = goods.list_product(seller or vendor, **fields)
        return products.update_product(product, by=None, **changes) if changes else product

    return shelve


@pytest.fixture
def htmx() -> Client:
    """Asks for the part of a list that changes, as htmx does."""
    return Client(headers={"hx-request": "true", "hx-target": "listing"})
