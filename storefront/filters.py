"""What a reader asks of a list of products, read from the address of the page."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from aqad.lib import codes
from catalog.selectors import PRICE_BANDS, Filters
from vendors.models import Vendor

ORDERINGS = (
    ("relevance", _("Best match")),
    ("newest", _("Newest first")),
    ("price", _("Price: low to high")),
    ("-price", _("Price: high to low")),
    ("name", _("Name")),
)

MAX_CHOICES = 50  # values of one filter

PRICE_FIELD = {
    "class": "input input-small",
    "inputmode": "decimal",
    "dir": "ltr",
    "aria-describedby": "price-errors",
}


class AnyOf(forms.Field):
    """A parameter that may be repeated: its values once each, in one order; those in error are left out."""

    widget = forms.MultipleHiddenInput

    def __init__(self, each: forms.Field) -> None:
        super().__init__(required=False)
        self.each = each

    def clean(self, value: list[str]) -> list[Any]:
        return sorted(set(self._those_right(value[:MAX_CHOICES])))

    def _those_right(self, texts: list[str]) -> Iterator[Any]:
        for text in filter(None, texts):
            with suppress(forms.ValidationError):
                yield self.each.clean(text)


class FilterForm(forms.Form):
    """A wrong price is told beside its field and does not narrow the list; what else is wrong is left out.

    `fixed` is what the page itself stands for, such as the category of a category page.
    """

    search = forms.CharField(max_length=200, required=False)
    category = forms.SlugField(max_length=80, required=False)
    brand = AnyOf(forms.SlugField(max_length=80))
    vendor = AnyOf(forms.CharField(max_length=20))
    price_band = AnyOf(forms.TypedChoiceField(coerce=int, choices=[(start, start) for start in PRICE_BANDS]))
    min_price = forms.DecimalField(
        label=_("From"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    max_price = forms.DecimalField(
        label=_("To"), min_value=0, max_digits=12, decimal_places=2, required=False
    )
    in_stock = forms.BooleanField(label=_("Only what is in stock"), required=False)
    ordering = forms.ChoiceField(label=_("Sort by"), choices=ORDERINGS, required=False)

    def __init__(self, data: QueryDict, fixed: Mapping[str, str]) -> None:
        self.fixed = fixed
        asked = data.copy()
        for name, value in fixed.items():
            asked[name] = value
        super().__init__(asked, auto_id="filter-%s")
        for name, place in (("min_price", "0"), ("max_price", "1,000")):
            self.fields[name].widget = forms.TextInput({**PRICE_FIELD, "placeholder": place})
        if not self.data.get("search"):
            self.fields["ordering"].choices = ORDERINGS[1:]  # type: ignore[attr-defined]
        self.full_clean()

    def clean_vendor(self) -> list[str]:
        return [code.upper() for code in self.cleaned_data["vendor"]]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        low, high = given.get("min_price"), given.get("max_price")
        if low is not None and high is not None and low > high:
            self.add_error("max_price", _("This is below the lowest price. Enter more."))
        return given

    @property
    def filters(self) -> Filters:
        """A code that is no vendor's finds nothing, as one that does not exist."""
        given = self.cleaned_data
        vendors = {codes.parse(code, Vendor.CODE_PREFIX) or 0 for code in given["vendor"]}
        return Filters(
            search=given.get("search", ""),
            category=given.get("category", ""),
            brands=tuple(given["brand"]),
            vendors=tuple(sorted(vendors)),
            price_bands=tuple(given["price_band"]),
            min_price=given.get("min_price"),
            max_price=given.get("max_price"),
            in_stock=True if given.get("in_stock") else None,
        )

    @property
    def order(self) -> str:
        return str(self.cleaned_data.get("ordering") or ("relevance" if self.filters.search else "newest"))

    @property
    def query(self) -> dict[str, list[str]]:
        """The parameters that count, without those that `fixed` has, in the order of the fields.

        A wrong price stays among them, so that the page keeps what was typed.
        """
        asked = {name: self.cleaned_data.get(name) for name in self.fields if name not in self.fixed}
        texts = {name: _texts(value) for name, value in asked.items() if _texts(value)}
        typed = {name: [self.data[name]] for name in ("min_price", "max_price") if name in self.errors}
        return {**texts, **typed}


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    return ["1" if value is True else str(value)] if value else []
