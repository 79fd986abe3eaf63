"""SKUs that look alike, within a sheet and beside what is listed; and SKUs that a program has changed."""

import re
from typing import Any

from django.utils.translation import gettext as _

from aqad.lib.text.cleaning import code_key
from catalog.models import Product
from catalog.sheets.cells import BadCell, read_code
from vendors.models import Vendor

LONGEST = 200
# What spreadsheets and programs make of 5-12, of 12345 where a column has gaps, of 1234567890123456.
_DATE = re.compile(
    r"[0-9]{1,2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-[0-9]{2}"
)
_DECIMAL = re.compile(r"[0-9]+\.0")
_ZEROED = re.compile(r"[1-9][0-9]{14}0+")


class SkuKeys:
    """The SKUs of a sheet by what they have in common."""

    def __init__(self) -> None:
        self._first: dict[str, tuple[str, int]] = {}
        self._others: dict[str, tuple[str, int]] = {}

    def note(self, number: int, cell: Any) -> None:
        try:
            sku = read_code(cell, longest=LONGEST)
        except BadCell:
            return
        key = code_key(sku)
        if key and sku != self._first.setdefault(key, (sku, number))[0]:
            self._others.setdefault(key, (sku, number))

    def other(self, sku: str) -> tuple[str, int] | None:
        """Another SKU of the sheet that looks like this one, and its row."""
        key = code_key(sku)
        if key not in self._others:
            return None
        first = self._first[key]
        return self._others[key] if first[0] == sku else first


class SimilarSkus:
    """Warns of what may be one product under two SKUs."""

    def __init__(self, vendor: Vendor, keys: SkuKeys) -> None:
        self._keys = keys
        self._listed: dict[str, list[str]] = {}
        live = Product.objects.filter(vendor=vendor).exclude(status=Product.Status.ARCHIVED).exclude(sku="")
        for sku in live.values_list("sku", flat=True).iterator(chunk_size=5000):
            self._listed.setdefault(code_key(sku), []).append(sku)

    def warnings(self, sku: str) -> list[str]:
        """Sentences about an SKU of the sheet."""
        told = []
        if other := self._keys.other(sku):
            text = _("Row %(row)s has the SKU “%(sku)s”, which differs by capitals or blanks only.")
            told.append(text % {"row": other[1], "sku": other[0]})
        listed = self._listed.get(code_key(sku), [])
        if listed and sku not in listed:
            text = _("You list a product with the SKU “%(sku)s”, which differs by capitals or blanks only.")
            told.append(text % {"sku": listed[0]})
        if _DATE.fullmatch(sku):
            told.append(_("A spreadsheet may have made a date of this SKU. Compare it with your own list."))
        elif _DECIMAL.fullmatch(sku):
            told.append(_("A program may have added “.0” to this SKU. Compare it with your own list."))
        elif _ZEROED.fullmatch(sku):
            told.append(
                _(
                    "A spreadsheet turns the digits after the fifteenth into zeros. Compare this SKU with "
                    "your "
                    "own list."
                )
            )
        return told
