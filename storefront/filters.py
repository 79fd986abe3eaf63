"""What a reader asks of a list of products, read from the address of the page."""

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from aqad.lib import codes
from aqad.lib.text.cleaning import UnreadableText, clean_figure, readable_search
from aqad.lib.text.form_fields import CodeField, FigureField, SearchField, SlugField
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
MAX_LETTERS = 200  # of what is searched for

PRICE_FIELD = {
    "class": "input input-small",
    "inputmode": "decimal",
    "dir": "ltr",
    "autocomplete": "off",
}
PRICE_LETTERS = 24  # as many as a price can have; what is longer is not carried from link to link
_PRICE = re.compile(r"(\d{1,10}|\d{1,3}(,\d{3}){1,3})(\.\d{1,2})?", re.ASCII)


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


class WordsField(SearchField):
    """What is searched for; of a text that was pasted the beginning counts."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(readable_search(str(value or ""), longest=MAX_LETTERS)))


class PriceField(FigureField):
    """A price in AED as people type it: `1,250.50` in digits of any script. The value is a Decimal.

    The comma marks thousands, as in the Emirates. `12,50` is refused: whoever means twelve and a half would
    otherwise look at goods of a hundred times the price.
    """

    default_error_messages = {
        "invalid": _("Write the price in AED with digits and a point, such as 12.50."),
        "negative": _("A price is not below 0."),
        "too_large": _("A price has at most ten digits before the point."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput({**PRICE_FIELD, "placeholder": kwargs.pop("placeholder")})
        super().__init__(required=False, empty_value=None, widget=widget, **kwargs)
        self.widget.attrs["maxlength"] = PRICE_LETTERS

    def to_python(self, value: Any) -> Any:
        text = self._figure(forms.CharField.to_python(self, value) or "")
        if not text:
            return None
        if _PRICE.fullmatch(text):
            return Decimal(text.replace(",", ""))
        if _PRICE.fullmatch(text.lstrip("-")):
            raise forms.ValidationError(self.error_messages["negative"], code="negative")
        code = "too_large" if re.fullmatch(r"[\d,]{11,}(\.\d{1,2})?", text, re.ASCII) else "invalid"
        raise forms.ValidationError(self.error_messages[code], code=code)

    def _figure(self, text: str) -> str:
        try:
            return clean_figure(text).replace(" ", "")
        except UnreadableText as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class FilterForm(forms.Form):
    """A wrong price is told beside its field and does not narrow the list; what else is wrong is left out.

    `fixed` is what the page itself stands for, such as the category of a category page.
    """

    search = WordsField(required=False)
    category = SlugField(max_length=80, required=False)
    brand = AnyOf(SlugField(max_length=80))
    vendor = AnyOf(CodeField(max_length=20))
    price_band = AnyOf(forms.TypedChoiceField(coerce=int, choices=[(start, start) for start in PRICE_BANDS]))
    min_price = PriceField(label=_("From"), placeholder="0")
    max_price = PriceField(label=_("To"), placeholder="1,000")
    in_stock = forms.BooleanField(label=_("Only what is in stock"), required=False)
    ordering = forms.ChoiceField(label=_("Sort by"), choices=ORDERINGS, required=False)

    def __init__(self, data: QueryDict, fixed: Mapping[str, str]) -> None:
        self.fixed = fixed
        asked = data.copy()
        for name, value in fixed.items():
            asked[name] = value
        super().__init__(asked, auto_id="filter-%s")
        if not self.data.get("search"):
            self.fields["ordering"].choices = ORDERINGS[1:]  # type: ignore[attr-defined]
        self.full_clean()
        for name in self.wrong_prices:
            described = {"aria-invalid": "true", "aria-describedby": f"filter-{name}-error"}
            self.fields[name].widget.attrs.update(described)

    @property
    def wrong_prices(self) -> list[str]:
        return [name for name in ("min_price", "max_price") if name in self.errors]

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

        A wrong price stays among them, so that the page keeps what was typed, unless no price is so long.
        """
        asked = {name: self.cleaned_data.get(name) for name in self.fields if name not in self.fixed}
        texts = {name: _texts(value) for name, value in asked.items() if _texts(value)}
        typed = {name: [self.data[name]] for name in self.wrong_prices}
        return {**texts, **{name: each for name, each in typed.items() if len(each[0]) <= PRICE_LETTERS}}


def _texts(value: Any) -> list[str]:
    if isinstance(value, list):
        return [str(one) for one in value]
    if isinstance(value, Decimal):
        return [str(value)]  # 0, too, is a price
    return ["1" if value is True else str(value)] if value else []
