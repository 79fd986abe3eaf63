"""What the catalogue answers, for the OpenAPI schema; `answers` writes it."""

from rest_framework import serializers

from aqad.lib.api.serializers import MoneyField
from aqad.lib.api.shapes import Shape
from catalog.models import Product, StockMovement, UnitCode, VatCategory


class NamedShape(Shape):
    slug = serializers.CharField()
    name = serializers.CharField()
    name_ar = serializers.CharField()


class ProductVendorShape(Shape):
    id = serializers.CharField()
    company_name = serializers.CharField()


class ImageShape(Shape):
    id = serializers.IntegerField()
    url = serializers.URLField()
    alt = serializers.CharField()
    position = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    thumbnails = serializers.DictField(child=serializers.URLField(), help_text="By width in pixels.")


class PriceTierShape(Shape):
    min_quantity = serializers.IntegerField()
    price = MoneyField()


class ProductShape(Shape):
    id = serializers.CharField()
    status = serializers.ChoiceField(choices=Product.Status.choices)
    name = serializers.CharField()
    name_ar = serializers.CharField()
    description = serializers.CharField()
    description_ar = serializers.CharField()
    sku = serializers.CharField()
    barcode = serializers.CharField()
    price = MoneyField()
    currency = serializers.CharField()
    unit_code = serializers.ChoiceField(choices=UnitCode.choices)
    pack_size = serializers.CharField()
    min_order_quantity = serializers.IntegerField()
    order_multiple = serializers.IntegerField()
    vat_category = serializers.ChoiceField(choices=VatCategory.choices)
    vat_rate = MoneyField()
    lead_time_days = serializers.IntegerField()
    category = NamedShape()
    brand = NamedShape()
    vendor = ProductVendorShape()
    images = ImageShape(many=True)
    available = serializers.IntegerField()
    in_stock = serializers.BooleanField()
    price_tiers = PriceTierShape(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class RangeField(serializers.ListField):
    child = serializers.IntegerField()


class MarksShape(Shape):
    """[start, end) in characters of each place where a word of the search stands."""

    name = serializers.ListField(child=RangeField())
    name_ar = serializers.ListField(child=RangeField())


class ProductPageShape(Shape):
    count = serializers.IntegerField(help_text="Exact to 10,000.")
    count_capped = serializers.BooleanField(required=False)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    did_you_mean = serializers.CharField(
        required=False, help_text="What the list shows, where nothing is spelled like `search`."
    )
    highlight = serializers.DictField(child=MarksShape(), required=False, help_text="By product code.")
    results = ProductShape(many=True)


class SuggestedProductShape(Shape):
    id = serializers.CharField()
    name = serializers.CharField()
    name_ar = serializers.CharField()
    pack_size = serializers.CharField()
    price = MoneyField()
    currency = serializers.CharField()
    highlight = MarksShape()


class SuggestionsShape(Shape):
    did_you_mean = serializers.CharField(required=False)
    products = SuggestedProductShape(many=True)
    categories = NamedShape(many=True)
    brands = NamedShape(many=True)


class StockShape(Shape):
    on_hand = serializers.IntegerField()
    reserved = serializers.IntegerField()
    available = serializers.IntegerField()


class MovementShape(Shape):
    kind = serializers.ChoiceField(choices=StockMovement.Kind.choices)
    on_hand_change = serializers.IntegerField()
    reserved_change = serializers.IntegerField()
    order = serializers.CharField(allow_null=True)
    note = serializers.CharField()
    actor = serializers.CharField()
    at = serializers.DateTimeField()


class StockWithMovementsShape(StockShape):
    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    count_capped = serializers.BooleanField(required=False)
    movements = MovementShape(many=True)


class BrandShape(NamedShape):
    product_count = serializers.IntegerField()


class CategoryShape(BrandShape):
    children = serializers.ListField(child=serializers.DictField(), help_text="Categories like this one.")


class CategoryFacetShape(NamedShape):
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    count = serializers.IntegerField()


class BrandFacetShape(NamedShape):
    count = serializers.IntegerField()


class VendorFacetShape(ProductVendorShape):
    count = serializers.IntegerField()


class PriceFacetShape(Shape):
    min_price = MoneyField()
    max_price = MoneyField(allow_null=True)
    count = serializers.IntegerField()


class FacetsShape(Shape):
    categories = CategoryFacetShape(many=True)
    brands = BrandFacetShape(many=True)
    vendors = VendorFacetShape(many=True)
    prices = PriceFacetShape(many=True)
