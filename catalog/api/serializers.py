"""What the catalogue takes: types and sizes. The rules are the services'."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from aqad.lib import codes
from aqad.lib.api.serializers import MAX_QUANTITY, AnyOfField, GtinField, Input, MoneyField, QuantityField
from aqad.lib.api.texts import CodeField, FreeTextField, NameField, SearchField, SecretField, SlugField
from aqad.lib.files.fields import CleanImageField
from aqad.lib.files.images import PRODUCT_IMAGE
from catalog.models import MAX_LEAD_DAYS, Product, StockMovement, UnitCode, VatCategory
from catalog.selectors import ORDERINGS, PRICE_BANDS, Filters
from catalog.services.images import MAX_IMAGES
from catalog.services.product_rules import MAX_TIERS
from vendors.models import Vendor

ABOVE_ZERO = Decimal("0.01")


class PriceTierInput(Input):
    min_quantity = QuantityField(min_value=2)
    price = MoneyField(min_value=ABOVE_ZERO)


class ProductFields(Input):
    """What is the same in a new product and in a change."""

    name = NameField(max_length=160)
    name_ar = NameField(max_length=160, required=False, allow_blank=True)
    description = FreeTextField(max_length=5000, required=False, allow_blank=True)
    description_ar = FreeTextField(max_length=5000, required=False, allow_blank=True)
    price = MoneyField(min_value=ABOVE_ZERO)
    category = CodeField(max_length=80, help_text="Slug.")
    brand = CodeField(max_length=80, help_text="Slug.")
    sku = CodeField(max_length=60, required=False, allow_blank=True)
    barcode = GtinField(required=False, allow_blank=True)
    unit_code = serializers.ChoiceField(choices=UnitCode.choices, required=False)
    pack_size = NameField(max_length=60, required=False, allow_blank=True)
    min_order_quantity = QuantityField(required=False)
    order_multiple = QuantityField(required=False)
    vat_category = serializers.ChoiceField(choices=VatCategory.choices, required=False)
    lead_time_days = QuantityField(min_value=0, max_value=MAX_LEAD_DAYS, required=False)
    price_tiers = PriceTierInput(many=True, required=False, max_length=MAX_TIERS)  # type: ignore[call-arg]


class NewProductInput(ProductFields):
    vendor = CodeField(max_length=20, required=False, help_text="Code; for admins, who must name it.")
    quantity = QuantityField(min_value=0, help_text="Opening stock, in units of sale.")
    status = serializers.ChoiceField(choices=[Product.Status.ACTIVE, Product.Status.DRAFT], required=False)
    images = serializers.ListField(
        child=CleanImageField(PRODUCT_IMAGE), max_length=MAX_IMAGES, required=False, write_only=True
    )


class ProductChangesInput(ProductFields):
    status = serializers.ChoiceField(
        choices=[Product.Status.ACTIVE, Product.Status.DRAFT, Product.Status.HIDDEN], required=False
    )

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and "quantity" in data:
            raise serializers.ValidationError(
                {"quantity": [_("Stock is not changed here. Send the change to /api/products/<code>/stock.")]}
            )
        return super().to_internal_value(data)


class NewImageInput(Input):
    image = CleanImageField(PRODUCT_IMAGE)
    alt = NameField(max_length=200, required=False, allow_blank=True)


class ImageChangesInput(Input):
    position = QuantityField(min_value=0, required=False, help_text="The place, the first being 1.")
    alt = NameField(max_length=200, required=False, allow_blank=True)


class StockChangeInput(Input):
    change = QuantityField(min_value=-MAX_QUANTITY)
    reason = serializers.ChoiceField(
        choices=[
            StockMovement.Kind.RECEIVED,
            StockMovement.Kind.DAMAGED,
            StockMovement.Kind.CORRECTION,
            StockMovement.Kind.RETURNED,
        ]
    )
    note = NameField(max_length=300, required=False, allow_blank=True)


@extend_schema_field({"type": "string", "example": "V1001"})
class VendorField(CodeField):
    """The code of a vendor, kept as its key."""

    default_error_messages = {"invalid_code": _("This is not the code of a vendor, such as V1001.")}

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]
        key = codes.parse(super().to_internal_value(data), Vendor.CODE_PREFIX)
        if key is None:
            self.fail("invalid_code")
        return key


class PriceBandField(MoneyField):
    """A price band by its start, one of PRICE_BANDS."""

    default_error_messages = {"unknown": _("There is no such price band. Take one from the facets.")}

    def to_internal_value(self, data: Any) -> int:  # type: ignore[override]
        start = super().to_internal_value(data)
        if start not in PRICE_BANDS:
            self.fail("unknown")
        return int(start)


class ProductQuery(Input):
    """The query string of lists and facets. Slugs and vendors that do not exist find nothing.

    `brand`, `vendor` and `price_band` may be repeated: any of them will do.
    """

    search = SearchField(max_length=200, required=False, allow_blank=True)
    barcode = GtinField(required=False, allow_blank=True)
    category = SlugField(max_length=80, required=False, allow_blank=True)
    brand = AnyOfField(child=SlugField(max_length=80), required=False)
    vendor = AnyOfField(child=VendorField(), required=False)
    price_band = AnyOfField(
        child=PriceBandField(), required=False, help_text="The `min_price` of a band among the facets."
    )
    min_price = MoneyField(required=False)
    max_price = MoneyField(required=False)
    in_stock = serializers.BooleanField(required=False, allow_null=True, default=None)
    ordering = serializers.ChoiceField(choices=ORDERINGS, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        low, high = attrs.get("min_price"), attrs.get("max_price")
        if low is not None and high is not None and low > high:
            raise serializers.ValidationError({"max_price": [_("This is less than min_price.")]})
        beside = {name: attrs.pop(name, "") for name in ("ordering", "status", "cursor")}
        several = {
            "brands": attrs.pop("brand", ()),
            "vendors": attrs.pop("vendor", ()),
            "price_bands": attrs.pop("price_band", ()),
        }
        return {"filters": Filters(**several, **attrs), **beside}


class ProductPageQuery(ProductQuery):
    cursor = SecretField(
        max_length=400, required=False, help_text="From the list's own `next`, in place of `page`."
    )


class PublicProductQuery(ProductPageQuery):
    highlight = serializers.BooleanField(
        required=False, default=False, help_text="Say where the words of `search` stand in the names."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        highlight = attrs.pop("highlight")
        return {**super().validate(attrs), "highlight": highlight}


class SuggestQuery(Input):
    q = SearchField(max_length=200, required=False, allow_blank=True, default="")


class OwnProductQuery(ProductPageQuery):
    status = serializers.ChoiceField(choices=Product.Status.choices, required=False, allow_blank=True)
