"""AQAD in a process of its own: it reads and changes as it is told, line by line, and may be killed."""

import json
import os
import signal
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import django


def main() -> None:
    django.setup()
    from rest_framework.test import APIClient

    api = APIClient()
    api.get("/api/brands")
    print("ready", flush=True)
    for line in sys.stdin:
        what, *arguments = json.loads(line)
        if what == "read":
            answer = api.get(arguments[0])
            print(json.dumps([answer.status_code, json.loads(answer.content)]), flush=True)
        else:
            _change(what, *arguments)
            print("null", flush=True)


def _change(how: str, what: str, *arguments: Any) -> None:
    """Do `what` and commit it; commit and die at once; or roll it back."""
    from django.db import transaction

    with transaction.atomic():
        if how == "die":
            transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
        CHANGES[what](*arguments)
        if how == "undo":
            transaction.set_rollback(True)


def _price(product: int, price: str) -> None:
    from catalog.models import Product
    from catalog.services import products

    products.update_product(Product.objects.get(pk=product), by=None, price=Decimal(price))


def _describe(product: int, text: str) -> None:
    from catalog.models import Product
    from catalog.services import products

    products.update_product(Product.objects.get(pk=product), by=None, description=text)


def _brand(_product: int, name: str) -> None:
    from catalog.models import Brand
    from catalog.services import taxonomy

    brand = Brand.objects.get(slug="pepsi")
    brand.name = name
    taxonomy.save_brand(brand, by=None)


def _vendor(product: int, status: str) -> None:
    from catalog.models import Product
    from vendors import services as vendors

    vendor = Product.objects.get(pk=product).vendor
    if vendor.status == status == "active":
        vendors.suspend_vendor(vendor, by=None, reason="expired licence")
    elif vendor.status == "suspended":
        vendors.reinstate_vendor(vendor, by=None)


def _stock(product: int, change: str) -> None:
    from catalog.models import Product
    from catalog.services import stock

    row = Product.objects.select_related("stock").get(pk=product)
    wanted = max(int(change), -row.stock.available)
    if wanted:
        stock.adjust_stock(row, change=wanted, kind="correction", by=None)


CHANGES: dict[str, Callable[..., None]] = {
    "price": _price,
    "description": _describe,
    "brand": _brand,
    "vendor": _vendor,
    "stock": _stock,
}

if __name__ == "__main__":
    main()
