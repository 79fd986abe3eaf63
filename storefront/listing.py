"""A list of products as a reader meets it: a page of it, and every way to narrow, widen or turn it."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.forms import BoundField
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aqad.lib.api.json import dumps, loads
from aqad.lib.api.pagination import COUNT_CAP
from catalog import cache, selectors
from catalog.models import Brand, Category, Product
from catalog.selectors import Filters
from storefront import finding
from storefront.filters import FilterForm
from storefront.templatetags.aqad import in_language, ltr
from vendors.models import Vendor

PAGE_SIZE = 24
FIRST_ROW = 4
SHOWN_AT_FIRST = 7  # values of a facet; the rest unfolds


@dataclass(frozen=True)
class Place:
    """Where a list stands: the path of its page, and the filters that the path fixes."""

    path: str
    fixed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """One value of a facet, or one active filter. `href` chooses it, or takes it away where it is chosen."""

    key: str
    label: Any
    href: str
    count: int | None = None
    is_chosen: bool = False
    depth: int = 0


@dataclass(frozen=True)
class Facet:
    name: str
    title: Any
    choices: Sequence[Choice]

    @property
    def first(self) -> Sequence[Choice]:
        return self.choices[:SHOWN_AT_FIRST]

    @property
    def rest(self) -> Sequence[Choice]:
        return self.choices[SHOWN_AT_FIRST:]

    @property
    def is_unfolded(self) -> bool:
        return any(choice.is_chosen for choice in self.rest)


class CappedPaginator(Paginator):
    """Counts no further than the API does: nobody leafs through ten thousand cartons."""

    @cached_property
    def count(self) -> int:
        found: Any = self.object_list
        return min(int(found.order_by()[: COUNT_CAP + 1].count()), COUNT_CAP)


class Listing:
    """Products that are sold, narrowed by `asked`. Each part costs its queries when a template shows it."""

    def __init__(self, place: Place, asked: QueryDict) -> None:
        self.place = place
        self.form = FilterForm(asked, place.fixed)
        self.filters = self.form.filters
        self._query = self.form.query
        self._page_number = asked.get("page", "1")

    @cached_property
    def page(self) -> "Page[Product]":
        found = selectors.listed(Product.objects.sold(), self.filters, self.form.order)
        return CappedPaginator(selectors.with_details(found), PAGE_SIZE).get_page(self._page_number)

    @property
    def count(self) -> int:
        return self.page.paginator.count

    @property
    def is_capped(self) -> bool:
        return self.count >= COUNT_CAP

    @property
    def address(self) -> str:
        """The shortest address that shows the same."""
        page = {"page": str(self.page.number)} if self.page.number > 1 else {}
        return _address(self.place.path, {**self._query, **page})

    @cached_property
    def in_stock_count(self) -> int:
        narrowed = selectors.filtered(Product.objects.sold(), replace(self.filters, in_stock=True))
        return narrowed.order_by()[:COUNT_CAP].count()

    @cached_property
    def facets(self) -> list[Facet]:
        """Those with something to choose; what the page itself fixes is none, but for the tree."""
        every = [
            Facet("category", _("Category"), self._category_choices()),
            Facet("brand", _("Brand"), self._choices("brand", "slug", "name")),
            Facet("vendor", _("Vendor"), self._choices("vendor", "id", "company_name")),
        ]
        return [
            each for each in every if each.choices and each.name not in self.place.fixed.keys() - {"category"}
        ]

    @property
    def price_fields(self) -> list[BoundField]:
        return [self.form["min_price"], self.form["max_price"]]

    @property
    def price_facet(self) -> Facet:
        return Facet("price", _("Price"), [self._price_choice(row) for row in self._counted["prices"]])

    @cached_property
    def chips(self) -> list[Choice]:
        """The active filters, each with the address without it."""
        chips = [
            Choice(name, name_of(self._query[name]), self.href(**{name: ""}))
            for name, name_of in self._namers.items()
            if name in self._query
        ]
        low, high = self.filters.min_price, self.filters.max_price
        if {"min_price", "max_price"} & self._query.keys():
            chips.append(Choice("price", price_range(low, high), self.href(min_price="", max_price="")))
        return chips

    @property
    def instead(self) -> dict[str, Any]:
        """Where to go from an empty list."""
        return finding.instead(self.filters)

    def href(self, *, path: str = "", **changes: str) -> str:
        """This list with some filters changed; back on its first page."""
        query = {**self._query, **changes}
        in_order = {name: query.get(name, "") for name in self.form.fields}
        return _address(path or self.place.path, in_order)

    @cached_property
    def _counted(self) -> dict[str, list[dict[str, Any]]]:
        return kept_facets(self.filters)

    @property
    def _namers(self) -> dict[str, Callable[[str], Any]]:
        return {
            "search": lambda words: f"“{words}”",
            "category": lambda slug: self._name("categories", slug, Category),
            "brand": lambda slug: self._name("brands", slug, Brand),
            "vendor": self._vendor_name,
            "in_stock": lambda _value: _("In stock"),
        }

    def _name(self, group: str, slug: str, model: type[Category] | type[Brand]) -> str:
        rows: Any = [row for row in self._counted[group] if row["slug"] == slug]
        row = rows[0] if rows else model.objects.filter(slug=slug).first()
        return in_language(row, "name") if row else slug

    def _vendor_name(self, code: str) -> str:
        names = [row["company_name"] for row in self._counted["vendors"] if row["id"] == code.upper()]
        if names:
            return str(names[0])
        vendor = Vendor.objects.active().filter(pk=self.filters.vendor or 0).first()
        return vendor.company_name if vendor else code

    def _choices(self, name: str, key: str, label: str) -> list[Choice]:
        chosen = self._query.get(name, "")
        rows = [(str(row[key]), row) for row in self._counted[f"{name}s"]]
        return [
            Choice(
                value,
                in_language(row, label),
                self.href(**{name: "" if value == chosen else value}),
                row["count"],
                value == chosen,
            )
            for value, row in sorted(rows, key=lambda pair: pair[0] != chosen)
        ]

    def _category_choices(self) -> list[Choice]:
        """The way down to the chosen category, with what lies below it, or beside it where nothing does."""
        rows = {row["slug"]: row for row in self._counted["categories"]}
        chosen = self.filters.category
        way = _way_to(chosen, rows)
        has_below = any(row["parent"] == chosen for row in rows.values())
        parent = chosen if has_below else (way[-2] if len(way) > 1 else None)
        above = [Choice("all", _("All categories"), self._category_href(""))] if way else []
        return above + [
            Choice(
                slug,
                in_language(row, "name"),
                self._category_href(slug),
                row["count"],
                slug == chosen,
                len(_way_to(slug, rows)),
            )
            for slug, row in rows.items()
            if slug in way or row["parent"] == parent
        ]

    def _category_href(self, slug: str) -> str:
        if "category" not in self.place.fixed:
            return self.href(category=slug)
        return self.href(path=reverse("category", args=[slug]) if slug else reverse("products"))

    def _price_choice(self, row: dict[str, Any]) -> Choice:
        low, high = row["min_price"].removesuffix(".00"), row["max_price"] or ""
        low = "" if low == "0" else low
        now = self._query.get("min_price", ""), self._query.get("max_price", "")
        is_chosen = now == (low, high)
        href = self.href(min_price="" if is_chosen else low, max_price="" if is_chosen else high)
        key = f"{low}-{high}".replace(".", "_")
        return Choice(key, price_range(low, high), href, row["count"], is_chosen)


def kept_facets(filters: Filters) -> dict[str, list[dict[str, Any]]]:
    """The facets that the API answers, from the cache when hot."""
    name = f"page-facets:{hashlib.sha256(repr(filters).encode()).hexdigest()}"
    tags = [cache.SHAPE] if filters.in_stock is None else [cache.SHAPE, cache.STOCK]
    made = cache.fetch(
        {name: tags}, lambda _names: {name: dumps(selectors.facets(Product.objects.sold(), filters))}
    )
    counted: dict[str, list[dict[str, Any]]] = loads(made[name])
    return counted


def price_range(low: Any, high: Any) -> SafeString:
    """Two prices of which one may be missing, in words."""
    if not low:
        return format_html(_("Up to {}"), ltr(f"{_plain(high)} AED"))
    if not high:
        return format_html(_("{} and more"), ltr(f"{_plain(low)} AED"))
    return ltr(f"{_plain(low)} – {_plain(high)} AED")


def _plain(amount: Any) -> str:
    return f"{Decimal(amount):,.2f}".removesuffix(".00")


def _way_to(slug: str, rows: Mapping[str, dict[str, Any]]) -> list[str]:
    way: list[str] = []
    while slug in rows:
        way.insert(0, slug)
        slug = rows[slug]["parent"]
    return way


def _address(path: str, query: Mapping[str, str]) -> str:
    wanted = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(wanted)}" if wanted else path
