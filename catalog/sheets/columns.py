"""The columns of a sheet of products: their headings in both languages, and how their cells are read."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aqad.lib.text.cleaning import clean_code, clean_free_text, clean_name
from catalog.models import MAX_LEAD_DAYS, Product, UnitCode, VatCategory
from catalog.services.product_rules import MAX_QUANTITY, MAX_TIERS
from catalog.sheets import cells
from catalog.sheets.words import fold

MOST_COLUMNS = 100
HEADING_WITHIN = 10  # filled rows: a sheet may begin with a title
KEYS = ("id", "sku")
NEEDED = ("name", "category", "brand", "price")  # of a product that is not listed yet
CLEARS = ("name_ar", "description", "description_ar", "barcode", "pack_size")  # by an empty cell
ERROR = "error"
_TIER = re.compile(r"tier_(\d+)_(min|price)")


@dataclass(frozen=True)
class Column:
    """`also` are further headings it is known by, besides its name and `heading` in every language."""

    name: str
    heading: Any
    read: Callable[..., Any]
    also: tuple[str, ...] = ()
    example: Any = ""
    note: Any = ""

    @property
    def is_figure(self) -> bool:
        """Then `read` also takes `marks`, what the figures of the whole file have shown."""
        return getattr(self.read, "func", self.read) in (cells.read_money, cells.read_whole)


# Texts of a product by the kind they are of: both what a sheet says and what is listed is compared cleaned.
CLEANERS: dict[str, Callable[[str], str]] = {
    "sku": clean_code,
    "name": clean_name,
    "name_ar": clean_name,
    "description": clean_free_text,
    "description_ar": clean_free_text,
    "pack_size": clean_name,
}


def _longest(name: str) -> int:
    column: Any = Product._meta.get_field(name)
    return int(column.max_length)


def _text(name: str) -> Callable[[Any], str]:
    return partial(cells.read_text, longest=_longest(name), clean=CLEANERS[name])


def _count(least: int, most: int = MAX_QUANTITY) -> Callable[..., int]:
    return partial(cells.read_whole, least=least, most=most)


def _choice(*words: tuple[str, str]) -> Callable[[Any], str]:
    known = {fold(word): str(value) for value, told in words for word in (value, *told.split("|"))}
    return partial(cells.read_choice, words=known)


_slug = partial(cells.read_text, longest=200)  # a name, a path of names or a slug: `shelf` finds it
_unit = _choice(
    (UnitCode.CARTON, "carton|cartons|ctn|case|كرتون|كرتونة|كراتين"),
    (UnitCode.BOX, "box|boxes|علبة|علب|صندوق"),
    (UnitCode.PALLET, "pallet|pallets|منصة نقالة|طبلية|بالت"),
    (UnitCode.PIECE, "piece|pieces|pc|pcs|each|قطعة|قطع|حبة"),
)
_vat = _choice(
    (
        VatCategory.STANDARD,
        "standard|standard rate|standard rate, 5 %|5|5%|نسبة أساسية|أساسية|5 %، النسبة الأساسية",
    ),
    (VatCategory.ZERO, "zero|zero rate|zero rate, 0 %|0|0%|نسبة صفرية|صفرية"),
    (VatCategory.EXEMPT, "exempt|معفى|معفاة"),
)
_status = _choice(
    (Product.Status.ACTIVE, "on sale|yes|published|معروض للبيع|للبيع|نشط|نعم"),
    (Product.Status.DRAFT, "no|draft, seen by you alone|مسودة|لا"),
    (Product.Status.HIDDEN, "مخفي"),
)

COLUMNS: Sequence[Column] = (
    Column(
        "id",
        gettext_lazy("Product code"),
        partial(cells.read_code, longest=20),
        ("product id", "aqad code", "رمز المنتج", "كود المنتج"),
        "",
        gettext_lazy("AQAD's own number, such as P1001. Leave it empty for a new product."),
    ),
    Column(
        "sku",
        gettext_lazy("SKU"),
        partial(cells.read_code, longest=_longest("sku")),
        ("item code", "item number", "رمز الصنف", "رقم الصنف", "كود الصنف"),
        "PEP-330",
        gettext_lazy("Your own number for it. A row finds its product by it."),
    ),
    Column(
        "name",
        gettext_lazy("Name in English"),
        _text("name"),
        ("product", "product name", "english name", "الاسم", "اسم المنتج"),
        "Pepsi 330 ml",
        gettext_lazy("Needed for a new product."),
    ),
    Column("name_ar", gettext_lazy("Name in Arabic"), _text("name_ar"), ("arabic name",), "بيبسي 330 مل"),
    Column(
        "description",
        gettext_lazy("Description in English"),
        _text("description"),
        ("english description", "الوصف"),
    ),
    Column(
        "description_ar",
        gettext_lazy("Description in Arabic"),
        _text("description_ar"),
        ("arabic description",),
    ),
    Column(
        "category",
        gettext_lazy("Category"),
        _slug,
        ("الفئة", "التصنيف", "القسم"),
        "soft-drinks",
        gettext_lazy("Needed for a new product: one of the list below, by name or by code."),
    ),
    Column(
        "brand",
        gettext_lazy("Brand"),
        _slug,
        ("العلامة التجارية", "الماركة"),
        "pepsi",
        gettext_lazy("Needed for a new product: one of the list below, by name or by code."),
    ),
    Column(
        "price",
        gettext_lazy("Price, AED"),
        cells.read_money,
        ("unit price", "price aed", "price per unit of sale aed", "السعر", "سعر الوحدة"),
        45.5,
        gettext_lazy("Needed for a new product. For one unit of sale, without VAT."),
    ),
    Column(
        "vat_category",
        gettext_lazy("VAT"),
        _vat,
        ("vat", "tax", "الضريبة", "ضريبة القيمة المضافة"),
        "S",
        gettext_lazy("S standard rate (5 %), Z zero rate, E exempt. Empty: S for a new product."),
    ),
    Column(
        "unit_code",
        gettext_lazy("Unit of sale"),
        _unit,
        ("unit", "uom", "الوحدة", "وحدة البيع"),
        "carton",
        gettext_lazy("Carton, box, pallet or piece. Empty: carton for a new product."),
    ),
    Column(
        "pack_size",
        gettext_lazy("What one unit holds"),
        _text("pack_size"),
        ("pack", "pack size", "packing", "العبوة", "التعبئة"),
        "24 × 330 ml",
    ),
    Column(
        "min_order_quantity",
        gettext_lazy("Smallest order"),
        _count(1),
        ("moq", "minimum order", "min order", "الحد الأدنى للطلب"),
        1,
    ),
    Column("order_multiple", gettext_lazy("In steps of"), _count(1), ("multiple", "step", "مضاعفات"), 1),
    Column(
        "lead_time_days",
        gettext_lazy("Days until it is ready"),
        _count(0, MAX_LEAD_DAYS),
        ("lead time", "lead time days", "مدة التجهيز"),
        1,
    ),
    Column(
        "barcode",
        gettext_lazy("Barcode"),
        cells.read_barcode,
        ("gtin", "ean", "upc", "الباركود"),
        "",
        gettext_lazy("GTIN of 8, 12, 13 or 14 digits."),
    ),
    Column(
        "status",
        gettext_lazy("Shown to buyers"),
        _status,
        ("status", "الحالة"),
        "active",
        gettext_lazy("“active” is on sale, “draft” is seen by you alone. Empty: active for a new product."),
    ),
    Column(
        "quantity",
        gettext_lazy("Quantity in stock"),
        _count(0),
        ("stock", "on hand", "qty", "المخزون", "الكمية"),
        100,
        gettext_lazy(
            "Opening stock of a new product. A known product's stock changes only if you tick "
            "“Correct the stock”."
        ),
    ),
)


def tier_columns(number: int) -> tuple[Column, Column]:
    """From which quantity tier `number` holds, and its price."""
    first = Column(
        f"tier_{number}_min",
        _("Tier %(number)s from") % {"number": number},
        _count(2),
        (f"tier {number} quantity", f"الشريحة {number} من"),
        {1: 10, 2: 50}.get(number, ""),
    )
    second = Column(
        f"tier_{number}_price",
        _("Tier %(number)s price") % {"number": number},
        cells.read_money,
        (f"سعر الشريحة {number}",),
        {1: 44, 2: 42.5}.get(number, ""),
    )
    return first, second


def columns(tiers: int) -> list[Column]:
    """All columns with those of so many price tiers, in the order they are written."""
    return [*COLUMNS, *(column for number in range(1, tiers + 1) for column in tier_columns(number))]


@cache
def by_name() -> dict[str, Column]:
    return {column.name: column for column in columns(MAX_TIERS)}


def tier_of(name: str) -> tuple[int, str] | None:
    """`tier_2_price` → (2, "price")."""
    match = _TIER.fullmatch(name)
    return (int(match[1]), match[2]) if match else None


@dataclass(frozen=True)
class Heading:
    """A sheet's heading understood: the field of each column, "" where unknown or not for us."""

    names: tuple[str, ...]
    unknown: tuple[str, ...] = field(default=())
    twice: tuple[str, ...] = field(default=())

    @property
    def given(self) -> frozenset[str]:
        return frozenset(name for name in self.names if name)

    @property
    def has_key(self) -> bool:
        return bool(self.given & set(KEYS))


def understand(titles: Iterable[Any]) -> Heading:
    """Match titles in either language, any order and case. A second column of the same field is `twice`."""
    names: list[str] = []
    unknown, twice = [], []
    for title in titles:
        text = cells.heading_text(title)
        name = _known().get(fold(text), "") if text else ""
        if text and not name:
            unknown.append(text[:80])
        if name == ERROR:
            name = ""
        if name and name in names:
            twice.append(text[:80])
        names.append(name)
    return Heading(tuple(names), tuple(unknown), tuple(twice))


@cache
def _known() -> dict[str, str]:
    known: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            known[fold(error_heading())] = ERROR
            for column in columns(MAX_TIERS):
                for word in (str(column.heading), column.name, *column.also):
                    known.setdefault(fold(word), column.name)
    return known


def is_error_heading(title: Any) -> bool:
    """Whether it is the column of a sheet that we gave back, in whatever language."""
    return _known().get(fold(cells.shown(title))) == ERROR


def error_heading() -> str:
    """Of the column that says what is wrong, in a sheet given back."""
    return _("What to mend")


def heading_of(name: str) -> str:
    """What the reader calls a column."""
    tier = tier_of(name)
    column = tier_columns(tier[0])[tier[1] == "price"] if tier else by_name().get(name)
    return str(column.heading) if column else name
