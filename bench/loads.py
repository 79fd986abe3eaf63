"""What is measured on AQAD: each load a name, its requests, and how many ask at once."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from bench import words
from bench.load import Request
from bench.seed.figures import FIRST_PRODUCT

READERS = 16
LINES = 20_000  # different requests in a load, so that a cache has something to do
ADDRESS = {"line1": "Shop 4, Al Rigga Road", "area": "Deira", "city": "Dubai", "emirate": "DXB"}


@dataclass(frozen=True)
class Load:
    name: str
    requests: Callable[[int, Sequence[str]], list[Request]]
    connections: int = READERS


def cached_list(_products: int, _tokens: Sequence[str]) -> list[Request]:
    return [Request("/api/products")] * 2  # one for each thread


def cold_list(_products: int, _tokens: Sequence[str]) -> list[Request]:
    """The same twenty products under another name each time: nothing of it can be kept."""
    return [Request(f"/api/products?max_price={100_000 + serial / 100:.2f}") for serial in range(60_000)]


def category_list(_products: int, _tokens: Sequence[str]) -> list[Request]:
    """Pages of categories in all orders, hot after a moment as in life."""
    return [
        Request(f"/api/products?category=bench-{group}&ordering={ordering}&page={page}")
        for group in words.groups()
        for ordering in ("price", "-price", "newest", "name")
        for page in range(1, 6)
    ]


def search(_products: int, _tokens: Sequence[str]) -> list[Request]:
    return [Request(f"/api/products?search={quote(text)}") for text in words.queries(LINES)]


def suggest(_products: int, _tokens: Sequence[str]) -> list[Request]:
    beginnings = (text[: 2 + serial % 6].strip() for serial, text in enumerate(words.queries(LINES)))
    return [Request(f"/api/products/suggest?q={quote(text)}") for text in beginnings]


def detail(products: int, _tokens: Sequence[str]) -> list[Request]:
    return [Request(f"/api/products/P{key}") for key in _some(products)]


def cart(products: int, tokens: Sequence[str]) -> list[Request]:
    body = json.dumps({"quantity": 5})
    keys = _some(min(products, 20))  # a cart of some lines, not of thousands
    return [
        Request(f"/api/cart/items/P{key}", "PUT", tokens[serial % len(tokens)], body)
        for serial, key in enumerate(keys)
    ]


def orders(products: int, tokens: Sequence[str]) -> list[Request]:
    """One line each, every buyer another product."""
    return [_order(key, tokens[serial % len(tokens)]) for serial, key in enumerate(_some(products))]


def hot_orders(_products: int, tokens: Sequence[str]) -> list[Request]:
    """Everybody wants the first product."""
    return [_order(FIRST_PRODUCT, token) for token in tokens]


def scarce_orders(_products: int, tokens: Sequence[str]) -> list[Request]:
    """Everybody wants the second product, of which there is too little."""
    return [_order(FIRST_PRODUCT + 1, token) for token in tokens]


READS = (
    Load("list, cached", cached_list),
    Load("list, cold", cold_list),
    Load("category", category_list),
    Load("search", search),
    Load("suggest", suggest),
    Load("detail", detail),
)
WRITES = (
    Load("cart", cart, connections=8),
    Load("orders, distinct", orders, connections=8),
    Load("orders, one hot product", hot_orders, connections=16),
)
SCARCE = Load("orders, too little of it", scarce_orders, connections=16)


def _some(products: int) -> list[int]:
    dice = random.Random(words.SEED)
    return [FIRST_PRODUCT + 2 + dice.randrange(products - 2) for _ in range(LINES)]


def _order(product: int, token: str) -> Request:
    items = [{"product": f"P{product}", "quantity": 1}]
    body = json.dumps({"items": items, "address": ADDRESS, "payment_method": "card"})
    return Request("/api/orders", "POST", token, body)
