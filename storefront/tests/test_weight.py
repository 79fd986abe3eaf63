"""What the store's pages carry: nothing inline, nothing from elsewhere, 150 KB at most."""

import gzip
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from storefront.listing import PAGE_SIZE
from storefront.tests.conftest import Shelve
from vendors.models import Vendor

BUDGET = 150 * 1024
PATHS = (
    "/products",
    "/products?search=zzzz",
    "/products/{product}",
    "/categories/soft-drinks",
    "/vendors/{vendor}",
    "/products/suggestions?search=can",
)


@pytest.fixture
def filled(shelve: Shelve, vendor: Vendor) -> dict[str, str]:
    """A page full of products without pictures of their own."""
    shelved = [shelve(name=f"Can {number}", pack_size="24 × 330 ml") for number in range(PAGE_SIZE)]
    return {"product": shelved[0].code, "vendor": vendor.code}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(
    client: Client, filled: dict[str, str], path: str, language: str
) -> None:
    client.cookies["django_language"] = language
    text = client.get(path.format(**filled)).content.decode()
    assert not re.search(r"<script(?![^>]* src=)", text)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on", text)
    linked = re.findall(r'(?:src|href|action|hx-get|hx-post)="([^"]*)"', text)
    assert linked
    assert {urlsplit(link).netloc for link in linked} <= {"", urlsplit(settings.PUBLIC_URL).netloc}
    ids = re.findall(r'\sid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("path", PATHS[:5])
def test_a_page_weighs_little_over_the_wire(
    client: Client, filled: dict[str, str], path: str, language: str
) -> None:
    client.cookies["django_language"] = language
    page = client.get(path.format(**filled)).content
    linked = re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="/static/([^"#]+)', page.decode())
    files = {name: Path(str(finders.find(name))).read_bytes() for name in {*linked, "img/icons.svg"}}
    weights = {name: _on_the_wire(name, content) for name, content in files.items()}
    assert sum(weights.values()) + len(gzip.compress(page)) <= BUDGET, sorted(weights.items(), key=_second)


def _on_the_wire(name: str, content: bytes) -> int:
    return len(content) if name.endswith(".woff2") else len(gzip.compress(content))


def _second(pair: tuple[str, int]) -> int:
    return -pair[1]
