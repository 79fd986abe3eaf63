"""AQAD in a process of its own: it reads and changes as it is told, line by line, and may be killed."""

import json
import os
import signal
import sys
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.db import transaction
from werkzeug.test import EnvironBuilder, run_wsgi_app

from catalog.api.front import Front
from catalog.models import Brand, Product
from catalog.services import products, stock, taxonomy
from vendors import services as vendors


def obey() -> None:
    """Answer each line of the input with one of the output; the first output says that all is ready."""
    front = Front(get_wsgi_application())
    _read(front, ["/api/brands"])
    _say("ready")
    for line in sys.stdin:
        order, *arguments = json.loads(line)
        if order == "read":
            _say(_read(front, arguments))
        else:
            _change(order, *arguments)
            _say("done")


def _read(front: Front, addresses: list[str]) -> list[Any]:
    """Status and body for each, asked for at the same time, as web processes do (`aqad.runner.express`)."""
    environs = [EnvironBuilder(address, base_url="http://localhost").get_environ() for address in addresses]
    answers = []
    for environ, ready in zip(environs, front.answer_at_once(environs), strict=True):
        if ready is None:
            body, status, _headers = run_wsgi_app(front, environ)
            answers.append([int(status.split()[0]), json.loads(b"".join(body))])
        else:
            answers.append([ready.status, json.loads(ready.body)])
    return answers


def _say(what: Any) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def _change(how: str, what: str, product: int, value: str) -> None:
    """Do it and commit; commit and die at once; or roll it back."""
    with transaction.atomic():
        if how == "die":
            transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
        CHANGES[what](Product.objects.select_related("vendor", "stock").get(pk=product), value)
        if how == "undo":
            transaction.set_rollback(True)


def _price(product: Product, price: str) -> None:
    products.update_product(product, by=None, price=Decimal(price))


def _describe(product: Product, text: str) -> None:
    products.update_product(product, by=None, description=text)


def _brand(product: Product, name: str) -> None:
    brand = Brand.objects.get(pk=product.brand_id)
    brand.name = name
    taxonomy.save_brand(brand, by=None)


def _vendor(product: Product, reason: str) -> None:
    if product.vendor.status == "active":
        vendors.suspend_vendor(product.vendor, by=None, reason=reason)
    else:
        vendors.reinstate_vendor(product.vendor, by=None)


def _stock(product: Product, change: str) -> None:
    if wanted := max(int(change), -product.stock.available):
        stock.adjust_stock(product, change=wanted, kind="correction", by=None)


CHANGES: dict[str, Callable[[Product, str], None]] = {
    "price": _price,
    "description": _describe,
    "brand": _brand,
    "vendor": _vendor,
    "stock": _stock,
}
