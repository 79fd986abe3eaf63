"""Sheets as vendors send them, and what becomes of them."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from accounts.models import User
from catalog.models import PriceTier, Product, ProductImport, Stock
from catalog.services import imports
from catalog.sheets.exporting import products_file
from catalog.sheets.guard import clean_sheet
from catalog.sheets.writing import stream
from tests.goods import work_on
from vendors.models import Vendor

Send = Callable[..., ProductImport]
KINDS = ("csv", "xlsx")
HEADING = ["sku", "name", "category", "brand", "price"]


def sheet(kind: str, rows: Sequence[Sequence[Any]]) -> bytes:
    return b"".join(stream(kind, [("Products", rows)], language="en"))


def rows_of(count: int, *, price: str = "45.00", first: int = 1) -> list[list[Any]]:
    """A sheet of so many new products, heading included."""
    made = [[f"S{n}", f"Water {n}", "water", "pepsi", price] for n in range(first, first + count)]
    return [HEADING, *made]


def exported(vendor: Vendor, kind: str) -> bytes:
    return b"".join(products_file(Product.objects.filter(vendor=vendor), kind))


def contents() -> tuple[Any, ...]:
    """All that a sheet could change."""
    return (
        list(Product.objects.order_by("pk").values()),
        list(PriceTier.objects.order_by("pk").values()),
        list(Stock.objects.order_by("pk").values()),
    )


def outcomes(made: ProductImport) -> tuple[int, int, int, int]:
    """New, changed, unchanged, refused."""
    return made.new, made.changed, made.unchanged, made.refused


def errors(made: ProductImport) -> dict[int, list[str]]:
    """By row, the columns at fault."""
    return {row.number: [name for name, _text in row.errors] for row in made.rows.exclude(errors=[])}


@pytest.fixture
def begin(vendor: Vendor, vendor_user: User, shelves: None) -> Send:
    """Sends a sheet that no worker has seen yet: rows, or a file as it is."""

    def send(content: bytes | Sequence[Sequence[Any]], *, kind: str = "csv", **options: Any) -> ProductImport:
        given = content if isinstance(content, bytes) else sheet(kind, content)
        wanted = {"by": vendor_user, "filename": f"products.{kind}", **options}
        return imports.start_import(wanted.pop("vendor", vendor), clean_sheet(io.BytesIO(given)), **wanted)

    return send


@pytest.fixture
def send(begin: Send) -> Send:
    """Sends a sheet and lets workers do what there is to do."""
    return lambda *args, **options: work_on(begin(*args, **options))
