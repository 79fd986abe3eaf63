"""What rows of a sheet come to beside the catalogue as it is: new, changed, unchanged or refused.

A block of rows costs the same few statements however many rows it has.
"""

import copy
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from aqad.lib import codes
from aqad.lib.errors import DomainError
from aqad.lib.text.cleaning import UnreadableText
from catalog.models import ImportRow, PriceTier, Product
from catalog.services import product_rules
from catalog.services.bulk import Change, Listing
from catalog.sheets.columns import CLEANERS, NEEDED
from catalog.sheets.parsing import Parsed, Problems
from catalog.sheets.shelf import Shelf
from vendors.models import Vendor

Outcome = ImportRow.Outcome
APART = ("id", "price_tiers", "quantity", "status")  # what is not simply a column of the product


@dataclass
class Verdict:
    """`work` is what a bulk service does to make it so; None for what is unchanged or refused."""

    row: Parsed
    outcome: str
    work: Listing | Change | None = None
    product: Product | None = None
    changes: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Judge:
    """Judges rows of one vendor's sheet. `by` is whose rights count."""

    vendor: Vendor
    by: Any
    shelf: Shelf
    correct_stock: bool

    def judge(self, rows: Sequence[Parsed], *, lock: bool = False) -> list[Verdict]:
        """One verdict for each row, in two statements. `lock` locks the products found, by key."""
        fresh = [replace(row, errors=list(row.errors)) for row in rows]
        known = _Known(self.vendor, fresh, lock=lock)
        return [self._verdict(row, known) for row in fresh]

    def _verdict(self, row: Parsed, known: "_Known") -> Verdict:
        product = known.product_of(row)
        if not row.errors:
            try:
                return self._change(row, product) if product else self._listing(row)
            except DomainError as refusal:
                row.errors.extend(_problems(refusal, row))
        return Verdict(row, Outcome.REFUSED, product=product)

    def _listing(self, row: Parsed) -> Verdict:
        missing = [
            (name, _("This is needed for a new product.")) for name in NEEDED if name not in row.values
        ]
        if missing:
            row.errors.extend(missing)
            return Verdict(row, Outcome.REFUSED)
        quantity = row.values.get("quantity", 0)
        fields = {name: self._resolved(name, row.values[name]) for name in _columns(row)}
        status = row.values.get("status", Product.Status.ACTIVE)
        product = product_rules.new_product(self.vendor, status=status, **fields)
        tiers = _tiers(row)
        product_rules.check(product, tiers, quantity=quantity)
        return Verdict(row, Outcome.NEW, Listing(product, tiers, quantity), product)

    def _change(self, row: Parsed, product: Product) -> Verdict:
        product_rules.check_changeable(product)
        wanted, changes = copy.copy(product), dict[str, list[str]]()
        fields = {name for name in _columns(row) if self._differs(name, row, product)}
        for name in fields:
            setattr(wanted, name, self._resolved(name, row.values[name]))
        tiers = self._new_tiers(row, product, changes)
        product_rules.check(wanted, list(product.price_tiers.all()) if tiers is None else tiers)
        for name in sorted(fields):
            was, now = getattr(product, name), getattr(wanted, name)
            if was != now:  # a barcode may have been the same, written otherwise
                changes[name] = [str(was), str(now)]
        status = self._new_status(row, product, changes)
        on_hand = self._new_stock(row, product, changes)
        if not changes:
            return Verdict(row, Outcome.UNCHANGED, product=product)
        work = Change(wanted, frozenset(fields), tiers, status, on_hand, changes)
        return Verdict(row, Outcome.CHANGED, work, product, changes)

    def _resolved(self, name: str, value: Any) -> Any:
        if name == "category":
            return self.shelf.category(value)
        return self.shelf.brand(value) if name == "brand" else value

    def _differs(self, name: str, row: Parsed, product: Product) -> bool:
        value = row.values[name]
        if name in ("category", "brand"):
            return bool(getattr(product, name).slug != value)
        was = getattr(product, name)
        return bool(_cleaned(name, was) != value)

    def _new_tiers(
        self, row: Parsed, product: Product, changes: dict[str, list[str]]
    ) -> list[PriceTier] | None:
        if "price_tiers" not in row.values:
            return None
        was, tiers = list(product.price_tiers.all()), _tiers(row)
        if _pairs(was) == _pairs(tiers):
            return None
        changes["price_tiers"] = [", ".join(map(str, was)), ", ".join(map(str, tiers))]
        return tiers

    def _new_status(self, row: Parsed, product: Product, changes: dict[str, list[str]]) -> str | None:
        status = row.values.get("status", product.status)
        if status == product.status:
            return None
        product_rules.check_move(product, status, by=self.by)
        changes["status"] = [product.status, status]
        return str(status)

    def _new_stock(self, row: Parsed, product: Product, changes: dict[str, list[str]]) -> int | None:
        """A count that differs is a correction only where that was asked for: orders move stock all day."""
        stock, counted = product.stock, row.values.get("quantity")
        if counted is None or counted == stock.on_hand:
            return None
        if not self.correct_stock:
            text = _(
                "%(now)s are on hand. To correct the stock by the sheet, tick “Correct the stock”; "
                "otherwise leave this column out."
            )
            raise DomainError(errors={"quantity": [text % {"now": f"{stock.on_hand:,}"}]})
        if counted < stock.reserved:
            text = _("Orders hold %(reserved)s of it. It cannot go below that.")
            raise DomainError(errors={"quantity": [text % {"reserved": f"{stock.reserved:,}"}]})
        changes["quantity"] = [str(stock.on_hand), str(counted)]
        return int(counted)


class _Known:
    """The vendor's products that rows name, by code and by SKU."""

    def __init__(self, vendor: Vendor, rows: Iterable[Parsed], *, lock: bool) -> None:
        keys = {codes.parse(row.values.get("id"), Product.CODE_PREFIX) for row in rows} - {None}
        skus = {row.values["sku"] for row in rows if row.values.get("sku")}
        live = Q(sku__in=skus) & ~Q(status=Product.Status.ARCHIVED)
        found = Product.objects.filter(Q(pk__in=keys) | live, vendor=vendor).order_by("pk")
        if lock:
            found = found.select_for_update(of=("self",), no_key=True)
        related = found.select_related("category", "brand", "stock").prefetch_related("price_tiers")
        self._by_key = {product.pk: product for product in related}
        self._by_sku = {
            product.sku: product
            for product in self._by_key.values()
            if product.sku and product.status != Product.Status.ARCHIVED
        }

    def product_of(self, row: Parsed) -> Product | None:
        """By code where given, else by SKU; what does not fit together goes to the row's errors."""
        code, owner = row.values.get("id"), self._by_sku.get(row.values.get("sku", ""))
        if not code:
            return owner
        product = self._by_key.get(codes.parse(code, Product.CODE_PREFIX) or 0)
        if product is None and not any(name == "id" for name, _text in row.errors):
            row.errors.append(("id", _("You have no product with this code.")))
        if product is not None and owner is not None and owner.pk != product.pk:
            row.errors.append(("sku", _("You use this SKU for another product.")))
        return product


def _cleaned(name: str, value: Any) -> Any:
    """What is listed, as a sheet that was exported with it says it."""
    clean = CLEANERS.get(name)
    if clean is None:
        return value
    try:
        return clean(value)
    except UnreadableText:
        return value


def _columns(row: Parsed) -> list[str]:
    return [name for name in row.values if name not in APART]


def _tiers(row: Parsed) -> list[PriceTier]:
    given = row.values.get("price_tiers", ())
    return product_rules.tiers_of({"min_quantity": least, "price": price} for least, price, _number in given)


def _pairs(tiers: Iterable[PriceTier]) -> list[tuple[int, Any]]:
    return sorted((tier.min_quantity, tier.price) for tier in tiers)


def _problems(refusal: DomainError, row: Parsed) -> Problems:
    """What the domain says of a field, said of the column; a tier's by its number in the sheet."""
    if not refusal.errors:
        return [("", str(refusal.message))]
    numbers = [number for _least, _price, number in row.values.get("price_tiers", ())]
    return [
        (_column_of(name, numbers), str(text)) for name, texts in refusal.errors.items() for text in texts
    ]


def _column_of(name: str, numbers: Sequence[int]) -> str:
    first, _dot, rest = name.partition(".")
    place, _dot, half = rest.partition(".")
    if first != "price_tiers" or not place.isdigit() or int(place) >= len(numbers):
        return "" if first in ("price_tiers", "vendor") else name
    return f"tier_{numbers[int(place)]}_{'price' if half == 'price' else 'min'}"
