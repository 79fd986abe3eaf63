"""A list of products as a reader meets it: a page of it, and every way to narrow, widen or turn it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.forms import BoundField
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from aqad.lib import codes
from aqad.lib.api.pagination import COUNT_CAP
from catalog import selectors
from catalog.models import Brand, Category, Product
from catalog.search import missed
from storefront import finding
from storefront.filters import FilterForm
from storefront.shelves import kept_facets
from storefront.templatetags.aqad import in_language, ltr
from vendors.models import Vendor

PAGE_SIZE = 24
FIRST_ROW = 4
SHOWN_AT_FIRST = 7  # values of a facet; the rest unfolds
SEVERAL = frozenset({"brand", "vendor", "price_band"})  # filters of which one may choose more than one value


@dataclass(frozen=True)
class Place:
    """Where a list stands: the path of its page, and the filters that the path fixes."""

    path: str
    fixed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """One value of a facet, or one active filter: a link chooses it or takes it away, or a box is ticked."""

    key: str
    label: Any
    href: str = ""
    value: str = ""
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
        if (number := getattr(found, "number", None)) is not None:
            return min(int(number), COUNT_CAP)
        return min(int(found.order_by()[: COUNT_CAP + 1].count()), COUNT_CAP)


class Listing:
    """Products that are sold, narrowed by `asked`. Each part costs its queries when a template shows it."""

    def __init__(self, place: Place, asked: QueryDict) -> None:
        self.place = place
        self.form = FilterForm(asked, place.fixed)
        sold = Product.objects.sold()
        self._found, self.filters = selectors.read_and_listed(sold, self.form.filters, self.form.order)
        self._query = self.form.query
        self._page_number = asked.get("page", "1")

    @cached_property
    def page(self) -> "Page[Product]":
        page = CappedPaginator(selectors.with_details(self._found), PAGE_SIZE).get_page(self._page_number)
        if self.filters.search:
            page.object_list = list(page.object_list)
            finding.mark_names(page.object_list, self.meant or self.filters.search)
            self._note_if_missed(page)
        return page

    @property
    def meant(self) -> str:
        """What the list shows where nothing is spelled like what was searched for."""
        return self.filters.meant

    @property
    def count(self) -> int:
        return self.page.paginator.count

    @property
    def is_capped(self) -> bool:
        return self.count >= COUNT_CAP

    @property
    def address(self) -> str:
        """The shortest address that shows the same."""
        page = {"page": [str(self.page.number)]} if self.page.number > 1 else {}
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
            Facet("brand", _("Brand"), self._choices("brand", self._counts("brands", "slug"))),
            Facet("vendor", _("Vendor"), self._choices("vendor", self._counts("vendors", "id"))),
            Facet("price_band", _("Price per carton"), self._choices("price_band", self._band_counts)),
        ]
        return [
            each for each in every if each.choices and each.name not in self.place.fixed.keys() - {"category"}
        ]

    @property
    def price_fields(self) -> list[BoundField]:
        return [self.form["min_price"], self.form["max_price"]]

    @property
    def chosen_elsewhere(self) -> list[tuple[str, str]]:
        """What is chosen by links, words and the order, not in fields beside the list."""
        names = ("search", "category", "ordering")
        return [(name, value) for name in names for value in self._query.get(name, [])]

    @property
    def chosen_but_order(self) -> list[tuple[str, str]]:
        pairs = [(name, value) for name, values in self._query.items() for value in values]
        return [pair for pair in pairs if pair[0] != "ordering"]

    @cached_property
    def chips(self) -> list[Choice]:
        """The active filters, each with the address without it."""
        chips = [
            Choice(f"{name}-{value}" if name in SEVERAL else name, name_of(value), self._without(name, value))
            for name, name_of in self._namers.items()
            for value in self._query.get(name, [])
        ]
        low, high = self.filters.min_price, self.filters.max_price
        if low or high is not None:
            href = self._href(self.place.path, {"min_price": (), "max_price": ()})
            chips.append(Choice("price", price_range(low, high), href))
        return chips

    @property
    def instead(self) -> dict[str, Any]:
        """Where to go from an empty list."""
        return finding.instead(self.filters)

    def _href(self, path: str, changes: Mapping[str, Sequence[str]]) -> str:
        """This list with some filters changed; back on its first page."""
        query = {**self._query, **changes}
        return _address(path, {name: query.get(name, ()) for name in self.form.fields})

    def _note_if_missed(self, page: "Page[Product]") -> None:
        if self.meant or (not page.object_list and selectors.is_search_alone(self.filters)):
            missed.note(self.filters.search, self.meant)

    @cached_property
    def _counted(self) -> dict[str, list[dict[str, Any]]]:
        return kept_facets(self.filters)

    def _counts(self, group: str, key: str) -> dict[str, int]:
        return {row[key]: row["count"] for row in self._counted[group]}

    @property
    def _band_counts(self) -> dict[str, int]:
        return {str(int(Decimal(row["min_price"]))): row["count"] for row in self._counted["prices"]}

    @property
    def _namers(self) -> dict[str, Callable[[str], Any]]:
        return {
            "search": lambda words: format_html(_("“{}”"), words),
            "category": lambda slug: self._name("categories", slug, Category),
            "brand": lambda slug: self._name("brands", slug, Brand),
            "vendor": self._vendor_name,
            "price_band": lambda start: band_range(int(start)),
            "in_stock": lambda _value: _("In stock"),
        }

    def _name(self, group: str, slug: str, model: type[Category] | type[Brand]) -> str:
        rows: Any = [row for row in self._counted[group] if row["slug"] == slug]
        row = rows[0] if rows else model.objects.filter(slug=slug).first()
        return in_language(row, "name") if row else slug

    def _vendor_name(self, code: str) -> str:
        names = [row["company_name"] for row in self._counted["vendors"] if row["id"] == code]
        if names:
            return str(names[0])
        vendor = Vendor.objects.active().filter(pk=codes.parse(code, Vendor.CODE_PREFIX) or 0).first()
        return vendor.company_name if vendor else code

    def _without(self, name: str, value: str) -> str:
        others = [one for one in self._query[name] if one != value]
        return self._href(self.place.path, {name: others})

    def _choices(self, name: str, counts: Mapping[str, int]) -> list[Choice]:
        """Boxes to tick; those ticked that the other filters leave nothing of stay, to be taken away."""
        chosen = self._query.get(name, [])
        in_vain = dict.fromkeys((value for value in chosen if value not in counts), 0)
        name_of = self._namers[name]
        return [
            Choice(value, name_of(value), value=value, count=count, is_chosen=value in chosen)
            for value, count in {**in_vain, **counts}.items()
        ]

    def _category_choices(self) -> list[Choice]:
        """Links down to the chosen category, with what lies below it, or beside it where nothing does."""
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
                count=row["count"],
                is_chosen=slug == chosen,
                depth=len(_way_to(slug, rows)),
            )
            for slug, row in rows.items()
            if slug in way or row["parent"] == parent
        ]

    def _category_href(self, slug: str) -> str:
        if "category" not in self.place.fixed:
            return self._href(self.place.path, {"category": [slug]})
        return self._href(reverse("category", args=[slug]) if slug else reverse("products"), {})


def band_range(start: int) -> SafeString:
    """A price band in words."""
    end = dict(pairwise(selectors.PRICE_BANDS)).get(start)
    return price_range(start, end - Decimal("0.01") if end else None)


def price_range(low: Any, high: Any) -> SafeString:
    """Two prices of which one may be missing, in words."""
    if high is None:
        return format_html(_("{} and more"), ltr(f"{_plain(low or 0)} AED"))
    if not low:
        return format_html(_("Up to {}"), ltr(f"{_plain(high)} AED"))
    return ltr(f"{_plain(low)} – {_plain(high)} AED")


def _plain(amount: Any) -> str:
    return f"{Decimal(amount):,.2f}".removesuffix(".00")


def _way_to(slug: str, rows: Mapping[str, dict[str, Any]]) -> list[str]:
    way: list[str] = []
    while slug in rows:
        way.insert(0, slug)
        slug = rows[slug]["parent"]
    return way


def _address(path: str, query: Mapping[str, Sequence[str]]) -> str:
    wanted = [(name, value) for name, values in query.items() for value in values if value]
    return f"{path}?{urlencode(wanted)}" if wanted else path
