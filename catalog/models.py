from decimal import Decimal
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib import admin
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower, Now, Upper
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from aqad.lib.codes import Coded
from aqad.lib.moves import AppendOnly, StatusMoves
from catalog.search.triggers import names_trigger, product_triggers, renamed_trigger
from catalog.sheets.models import ImportRow, ProductImport

__all__ = [
    "MAX_LEAD_DAYS", "VAT_RATES", "Brand", "Category", "ImportRow", "PriceTier", "Product", "ProductImage",
    "ProductImport", "ProductQuerySet", "SearchMiss", "SearchWord", "Stock", "StockMovement", "UnitCode",
    "VatCategory",
]  # fmt: skip


class VatCategory(models.TextChoices):
    """VAT categories of UNCL 5305 that the UAE uses, with their rates in VAT_RATES."""

    STANDARD = "S", "Standard rate"
    ZERO = "Z", "Zero rate"
    EXEMPT = "E", "Exempt"


VAT_RATES = {
    VatCategory.STANDARD: Decimal("5.00"),  # Federal Decree-Law No. 8 of 2017, article 3
    VatCategory.ZERO: Decimal("0.00"),
    VatCategory.EXEMPT: Decimal("0.00"),
}


class UnitCode(models.TextChoices):
    """Units of sale by UN/ECE Recommendations 20 and 21."""

    CARTON = "XCT", "carton"
    BOX = "XBX", "box"
    PALLET = "XPX", "pallet"
    PIECE = "H87", "piece"


MAX_LEAD_DAYS = 365


class Category(MP_Node):
    """A node of the category tree; admins keep it."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    name_ar = models.CharField(max_length=120, blank=True)
    search_vector = SearchVectorField(editable=False, null=True)

    node_order_by: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name_plural = "categories"
        triggers = [names_trigger(), renamed_trigger("category_id")]

    def __str__(self) -> str:
        return self.name


class Brand(models.Model):
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    name_ar = models.CharField(max_length=120, blank=True)
    search_vector = SearchVectorField(editable=False, null=True)

    class Meta:
        ordering = ["name"]
        triggers = [names_trigger(), renamed_trigger("brand_id")]

    def __str__(self) -> str:
        return self.name


_ACTIVE = Q(status="active")
_IS_SOLD = _ACTIVE & Q(vendor__status="active", vendor__selling_paused_at=None)


class ProductQuerySet(models.QuerySet["Product"]):
    def sold(self) -> "ProductQuerySet":
        """Active products of vendors that sell: all that the public knows."""
        return self.filter(_IS_SOLD)

    def visible_to(self, user: Any) -> "ProductQuerySet":
        """Admins see all, a vendor's member also the own ones in every status, anyone else what is sold."""
        if user.is_authenticated and user.role == "admin":
            return self
        if user.is_authenticated and user.role == "vendor":
            return self.filter(_IS_SOLD | Q(vendor__in=_vendors_of(user)))
        return self.filter(_IS_SOLD)

    def owned_by(self, user: Any) -> "ProductQuerySet":
        """What `user` may change: admins all, a vendor's member the own ones."""
        if user.role == "admin":
            return self
        return self.filter(vendor__in=_vendors_of(user)) if user.role == "vendor" else self.none()


def _vendors_of(user: Any) -> Any:
    return user.vendor_memberships.values("vendor")


class Product(Coded):
    """What a vendor sells by the carton. Prices are AED without VAT for one unit of sale."""

    CODE_PREFIX = "P"

    class Status(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        HIDDEN = "hidden"
        ARCHIVED = "archived"

    TRANSITIONS: ClassVar = {
        Status.DRAFT: (Status.ACTIVE, Status.HIDDEN, Status.ARCHIVED),
        Status.ACTIVE: (Status.DRAFT, Status.HIDDEN, Status.ARCHIVED),
        Status.HIDDEN: (Status.DRAFT, Status.ACTIVE, Status.ARCHIVED),
        Status.ARCHIVED: (),
    }

    vendor = models.ForeignKey(
        "vendors.Vendor", on_delete=models.PROTECT, related_name="products", db_index=False
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    name = models.CharField(max_length=160)
    name_ar = models.CharField(max_length=160, blank=True)
    description = models.TextField(max_length=5000, blank=True)
    description_ar = models.TextField(max_length=5000, blank=True)
    sku = models.CharField("SKU", max_length=60, blank=True)
    barcode = models.CharField(max_length=14, blank=True, help_text="GTIN-8, -12, -13 or -14.")
    price = models.DecimalField(
        max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    unit_code = models.CharField(max_length=3, choices=UnitCode, default=UnitCode.CARTON)
    pack_size = models.CharField(
        max_length=60, blank=True, help_text="What one unit holds, e.g. 24 × 330 ml."
    )
    min_order_quantity = models.PositiveIntegerField(default=1)
    order_multiple = models.PositiveIntegerField(default=1)
    vat_category = models.CharField(max_length=1, choices=VatCategory, default=VatCategory.STANDARD)
    lead_time_days = models.PositiveSmallIntegerField(default=1)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="products")
    brand = models.ForeignKey(Brand, on_delete=models.PROTECT, related_name="products")
    search_vector = SearchVectorField(editable=False, null=True)
    popularity = models.PositiveSmallIntegerField(
        default=0, db_default=0, editable=False, help_text="Doublings of the units sold of late."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="product_price_positive"),
            models.CheckConstraint(
                condition=Q(min_order_quantity__gte=1), name="product_min_quantity_positive"
            ),
            models.CheckConstraint(condition=Q(order_multiple__gte=1), name="product_multiple_positive"),
            models.UniqueConstraint(
                fields=["vendor", "sku"],
                condition=~Q(sku="") & ~Q(status="archived"),
                name="product_sku_once_per_vendor",
            ),
        ]
        indexes = [
            # What the public reads: the order of a list, and the vendor, who must be selling, from the index.
            models.Index(fields=["-id"], include=["vendor"], condition=_ACTIVE, name="product_newest"),
            models.Index(fields=["price", "id"], include=["vendor"], condition=_ACTIVE, name="product_price"),
            models.Index(
                fields=["category", "-id"], include=["vendor"], condition=_ACTIVE, name="product_category"
            ),
            models.Index(
                fields=["category", "price", "id"],
                include=["vendor"],
                condition=_ACTIVE,
                name="product_category_price",
            ),
            models.Index(
                fields=["brand", "-id"], include=["vendor"], condition=_ACTIVE, name="product_brand"
            ),
            models.Index(fields=["vendor", "-id"], include=["status"], name="product_vendor"),
            models.Index(Lower("name"), "id", name="product_name", condition=_ACTIVE),
            models.Index(fields=["barcode"], name="product_barcode", condition=~Q(barcode="")),
            GinIndex(fields=["search_vector"], name="product_search"),
            # What staff look for: any letters within a name, a SKU whoever sells it.
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="product_name_letters"),
            GinIndex(OpClass(Upper("name_ar"), "gin_trgm_ops"), name="product_name_ar_letters"),
            models.Index(fields=["sku"], name="product_sku", condition=~Q(sku="")),
            models.Index(fields=["-popularity", "-id"], name="product_popular", condition=Q(status="active")),
        ]
        triggers = [StatusMoves(), *product_triggers()]

    @property
    def name_read(self) -> str:
        """In the reader's language where given: what a sentence says."""
        return (self.name_ar if get_language() == "ar" else "") or self.name

    @property
    def vat_rate(self) -> Decimal:
        """In per cent."""
        return VAT_RATES[VatCategory(self.vat_category)]


class PriceTier(models.Model):
    """A lower price from a quantity on."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="price_tiers", db_index=False)
    min_quantity = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=12, decimal_places=2)

    class Meta:
        ordering = ["min_quantity"]
        constraints = [
            models.UniqueConstraint(fields=["product", "min_quantity"], name="tier_once_per_quantity"),
            models.CheckConstraint(condition=Q(price__gt=0), name="tier_price_positive"),
            models.CheckConstraint(condition=Q(min_quantity__gte=2), name="tier_quantity_above_one"),
        ]

    def __str__(self) -> str:
        return f"{self.price} from {self.min_quantity}"


class ProductImage(models.Model):
    """A picture under content-hashed names in the public storage."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    key = models.CharField(max_length=200)
    thumbnails = models.JSONField(default=dict, help_text="Width in pixels → key.")
    alt = models.CharField(max_length=200, blank=True)
    position = models.PositiveIntegerField()
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.alt or self.key


class Stock(models.Model):
    """The counters of one product, in a table of its own so that foreign keys to the product never lock it.

    Only the movement ledger moves them: a trigger on StockMovement adds each movement, and the database
    refuses any other UPDATE. Units of sale (cartons).
    """

    product = models.OneToOneField(Product, primary_key=True, on_delete=models.PROTECT, related_name="stock")
    on_hand = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name_plural = "stock"
        constraints = [
            models.CheckConstraint(condition=Q(reserved__gte=0), name="stock_reserved_not_negative"),
            models.CheckConstraint(condition=Q(reserved__lte=F("on_hand")), name="stock_never_oversold"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="only_the_ledger_moves_it",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition("pg_trigger_depth() = 0"),
            ),
            pgtrigger.Trigger(
                name="starts_empty",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("NEW.on_hand <> 0 OR NEW.reserved <> 0"),
                func="RAISE EXCEPTION 'stock starts empty and is moved by the ledger';",
            ),
        ]

    def __str__(self) -> str:
        return f"P{self.product_id}: {self.on_hand} on hand, {self.reserved} reserved"

    @property
    @admin.display(description=pgettext_lazy("field", "available"))
    def available(self) -> int:
        return self.on_hand - self.reserved


class StockMovement(models.Model):
    """One line of the append-only stock ledger. Its sums are the counters, by trigger, at every moment."""

    class Kind(models.TextChoices):
        OPENING = "opening"
        RECEIVED = "received"
        DAMAGED = "damaged"
        CORRECTION = "correction"
        RESERVED = "reserved"
        RELEASED = "released"
        SHIPPED = "shipped"
        RETURNED = "returned"

    stock = models.ForeignKey(
        Stock, on_delete=models.PROTECT, related_name="movements", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=12, choices=Kind)
    on_hand_change = models.IntegerField(default=0)
    reserved_change = models.IntegerField(default=0)
    order = models.CharField(max_length=24, blank=True, help_text="Order code, e.g. ORD1001.")
    note = models.CharField(max_length=300, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    actor_label = models.CharField(max_length=80)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(on_hand_change=0, reserved_change=0), name="movement_moves_something"
            ),
        ]
        indexes = [
            models.Index(fields=["stock", "-id"], name="movement_stock"),
            models.Index(fields=["order"], name="movement_order", condition=~Q(order="")),
        ]
        triggers = [
            AppendOnly(),
            pgtrigger.Trigger(
                name="moves_the_stock",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="movements"),
                declare=[("moved", "integer"), ("wanted", "integer")],
                func="""
                    SELECT count(DISTINCT stock_id) INTO wanted FROM movements;
                    UPDATE catalog_stock AS stock
                       SET on_hand = stock.on_hand + change.on_hand, reserved = stock.reserved + change.reserved
                      FROM (SELECT stock_id, sum(on_hand_change) AS on_hand, sum(reserved_change) AS reserved
                              FROM movements GROUP BY stock_id) AS change
                     WHERE stock.product_id = change.stock_id;
                    GET DIAGNOSTICS moved = ROW_COUNT;
                    IF moved <> wanted THEN
                        RAISE EXCEPTION 'a movement names a product without stock';
                    END IF;
                    RETURN NULL;
                """,  # noqa: E501
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on_hand_change:+d}/{self.reserved_change:+d}"


class SearchWord(models.Model):
    """A word that stands in the name of a product or its brand: what a misspelled one may have meant."""

    word = models.CharField(max_length=80, primary_key=True)
    uses = models.PositiveIntegerField(default=0, db_default=0, help_text="How many products have it.")

    class Meta:
        indexes = [
            GinIndex(Func(F("word"), function="catalog_rests"), name="search_word_slips"),
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_likeness"),
        ]
        verbose_name = _("word of the catalogue")
        verbose_name_plural = _("words of the catalogue")

    def __str__(self) -> str:
        return self.word


class SearchMiss(models.Model):
    """What was searched on a day and not found as it was spelled."""

    day = models.DateField()
    words = models.CharField(max_length=60)
    meant = models.CharField(max_length=60, blank=True, help_text="What was shown instead.")
    count = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "-count", "words"]
        verbose_name = _("search without a find")
        verbose_name_plural = _("searched and not found")
        constraints = [models.UniqueConstraint(fields=["day", "words"], name="miss_once_a_day")]

    def __str__(self) -> str:
        return self.words
