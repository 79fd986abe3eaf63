"""The catalogue for staff. Statuses and stock move through services only."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from aqad.lib.admin import ReadOnlyAdmin, ReasonForm, SearchByCode, act_on_each, required_reason
from aqad.lib.files.storage import public_url
from aqad.lib.text.form_fields import NameField, SlugField
from audit.exporting import Exportable
from audit.history import WithHistory
from catalog.models import (
    Brand,
    Category,
    ImportRow,
    PriceTier,
    Product,
    ProductImage,
    ProductImport,
    SearchMiss,
    SearchWord,
    Stock,
    StockMovement,
)
from catalog.services import products, taxonomy


class ReadOnlyInline(admin.TabularInline):
    """To look at, never to change here."""

    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PriceTierInline(ReadOnlyInline):
    model = PriceTier


class ProductImageInline(ReadOnlyInline):
    model = ProductImage
    fields = ("position", "picture", "alt", "width", "height")
    readonly_fields = ("picture",)

    @admin.display(description=_("image"))
    def picture(self, image: ProductImage) -> str:
        small = image.thumbnails.get("160", image.key)
        return format_html('<img src="{}" alt="{}" width="80">', public_url(small), image.alt)


class StockInline(ReadOnlyInline):
    model = Stock
    fields = ("on_hand", "reserved", "available")
    readonly_fields = ("available",)


@admin.register(Product)
class ProductAdmin(Exportable, WithHistory, SearchByCode, ReadOnlyAdmin):
    list_display = ("code", "name", "vendor_name", "brand", "category", "price", "status", "created_at")
    list_filter = ("status", "vat_category", "category")
    list_select_related = ("vendor", "brand", "category")
    search_codes = {"V": "vendor"}
    search_texts = ("name", "name_ar")
    search_fields = ("=sku", "=barcode")
    search_names = {"vendor": "company_name"}
    search_help_text = _("P1001, V1001, words of the name (three letters or more), SKU, barcode or vendor")
    ordering = ("-id",)
    inlines = (StockInline, PriceTierInline, ProductImageInline)
    action_form = ReasonForm
    actions = ("hide", "show", "archive", "export")

    @admin.display(description=_("vendor"), ordering="vendor__company_name")
    def vendor_name(self, product: Product) -> str:
        return f"{product.vendor.code} {product.vendor.company_name}"

    @admin.action(description=_("Hide from buyers (needs a reason)"), permissions=["moderate"])
    def hide(self, request: HttpRequest, chosen: QuerySet[Product]) -> None:
        to = Product.Status.HIDDEN
        act_on_each(
            self,
            request,
            chosen,
            lambda product: products.move_product(
                product, to, by=request.user, reason=required_reason(request)
            ),
        )

    @admin.action(description=_("Show to buyers again"), permissions=["moderate"])
    def show(self, request: HttpRequest, chosen: QuerySet[Product]) -> None:
        to = Product.Status.ACTIVE
        act_on_each(
            self, request, chosen, lambda product: products.move_product(product, to, by=request.user)
        )

    @admin.action(description=_("Archive for good"), permissions=["moderate"])
    def archive(self, request: HttpRequest, chosen: QuerySet[Product]) -> None:
        act_on_each(self, request, chosen, lambda product: products.archive_product(product, by=request.user))

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        """The actions need what the API needs; the form itself changes nothing."""
        return request.user.has_perm("catalog.change_product")


TEXTS = {"name": NameField, "name_ar": NameField, "slug": SlugField}


class CategoryForm(forms.ModelForm):
    parent = forms.ModelChoiceField(Category.objects.order_by("path"), required=False, label=_("Below"))

    class Meta:
        model = Category
        fields = ("name", "name_ar", "slug")
        field_classes = TEXTS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = self.instance
        choices = self.fields["parent"]
        choices.label_from_instance = lambda row: f"{'— ' * (row.depth - 1)}{row.name}"  # type: ignore[attr-defined]
        if here.pk:
            elsewhere = Category.objects.exclude(path__startswith=here.path).order_by("path")
            choices.queryset = elsewhere  # type: ignore[attr-defined]
            choices.initial = Category.objects.get_parent(here)


@admin.register(Category)
class CategoryAdmin(WithHistory):
    """The tree as a plain indented list: treebeard's own page needs inline scripts, which the CSP forbids."""

    form = CategoryForm
    list_display = ("indented", "name_ar", "slug")
    search_fields = ("name", "name_ar", "slug")
    prepopulated_fields = {"slug": ("name",)}
    ordering = ("path",)
    list_per_page = 200
    actions = None

    @admin.display(description=_("name"))
    def indented(self, category: Category) -> str:
        return f"{'— ' * (category.depth - 1)}{category.name}"

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:  # noqa: FBT001
        taxonomy.save_category(obj, parent=form.cleaned_data["parent"], by=request.user)

    def delete_model(self, request: HttpRequest, obj: Category) -> None:
        taxonomy.delete_category(obj, by=request.user)

    def has_delete_permission(self, request: HttpRequest, obj: Category | None = None) -> bool:
        has_children = obj is not None and obj.numchild > 0
        return not has_children and super().has_delete_permission(request, obj)


class BrandForm(forms.ModelForm):
    class Meta:
        model = Brand
        fields = ("name", "name_ar", "slug")
        field_classes = TEXTS


@admin.register(Brand)
class BrandAdmin(WithHistory):
    form = BrandForm
    list_display = ("name", "name_ar", "slug")
    search_fields = ("name", "name_ar", "slug")
    prepopulated_fields = {"slug": ("name",)}
    actions = None

    def save_model(self, request: HttpRequest, obj: Brand, form: Any, change: bool) -> None:  # noqa: FBT001
        taxonomy.save_brand(obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Brand) -> None:
        taxonomy.delete_brand(obj, by=request.user)


@admin.register(PriceTier)
class PriceTierAdmin(SearchByCode, ReadOnlyAdmin):
    list_display = ("product", "min_quantity", "price")
    list_select_related = ("product",)
    search_codes = {"P": "product"}


@admin.register(ProductImage)
class ProductImageAdmin(SearchByCode, ReadOnlyAdmin):
    list_display = ("product", "position", "alt", "width", "height", "created_at")
    list_select_related = ("product",)
    search_codes = {"P": "product"}


@admin.register(Stock)
class StockAdmin(Exportable, SearchByCode, ReadOnlyAdmin):
    list_display = ("product", "product_name", "on_hand", "reserved", "available")
    list_select_related = ("product",)
    search_codes = {"P": "product"}
    search_fields = ("=product__barcode",)
    search_help_text = _("P1001 or a barcode")
    actions = ("export",)

    @admin.display(description=_("name"))
    def product_name(self, stock: Stock) -> str:
        return stock.product.name


@admin.register(StockMovement)
class StockMovementAdmin(Exportable, SearchByCode, ReadOnlyAdmin):
    list_display = (
        "at",
        "product_code",
        "kind",
        "on_hand_change",
        "reserved_change",
        "order",
        "actor_label",
        "note",
    )
    list_filter = ("kind", "at")
    search_codes = {"P": "stock"}
    search_fields = ("=order",)
    search_help_text = _("P1001 or ORD1001")
    actions = ("export",)
    exclude = ("actor",)

    @admin.display(description=_("product"), ordering="stock_id")
    def product_code(self, movement: StockMovement) -> str:
        return f"{Product.CODE_PREFIX}{movement.stock_id}"


@admin.register(SearchMiss)
class SearchMissAdmin(ReadOnlyAdmin):
    """What people wanted and AQAD does not have, or spells in another way."""

    list_display = ("day", "words", "count", "meant", "last_at")
    list_filter = ("day",)
    search_fields = ("words", "meant")


@admin.register(SearchWord)
class SearchWordAdmin(ReadOnlyAdmin):
    list_display = ("word", "uses")
    search_fields = ("word",)
    ordering = ("-uses", "word")


@admin.register(ProductImport)
class ProductImportAdmin(WithHistory, SearchByCode, ReadOnlyAdmin):
    list_display = (
        "code", "vendor", "filename", "status", "new", "changed", "unchanged", "refused",
        "created_at", "ended_at",
    )  # fmt: skip
    list_filter = ("status", "created_at")
    list_select_related = ("vendor",)
    search_fields = ("filename", "vendor__company_name")
    exclude = ("file",)


@admin.register(ImportRow)
class ImportRowAdmin(ReadOnlyAdmin):
    list_display = ("sheet", "number", "outcome", "key", "product_code")
    list_filter = ("outcome",)
    list_select_related = ("sheet",)
    search_fields = ("=key",)

    @admin.display(description=_("product"), ordering="product_id")
    def product_code(self, row: ImportRow) -> str:
        return f"{Product.CODE_PREFIX}{row.product_id}" if row.product_id else ""
