"""Two gunicorns beside AQAD's: Django with nothing but a view, and REST framework as its tutorial has it.

Both have AQAD's number of processes and threads, and the second reads AQAD's own tables.
"""

import os
from typing import Any

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.references.settings"
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import generics, pagination, permissions, serializers  # noqa: E402

from catalog.models import Brand, Category, PriceTier, Product, ProductImage, Stock  # noqa: E402
from vendors.models import Vendor  # noqa: E402


class _Named(serializers.ModelSerializer):
    class Meta:
        fields = ["slug", "name", "name_ar"]


class CategorySerializer(_Named):
    class Meta(_Named.Meta):
        model = Category


class BrandSerializer(_Named):
    class Meta(_Named.Meta):
        model = Brand


class VendorSerializer(serializers.ModelSerializer):
    class Meta:
        model = Vendor
        fields = ["id", "company_name"]


class TierSerializer(serializers.ModelSerializer):
    class Meta:
        model = PriceTier
        fields = ["min_quantity", "price"]


class ImageSerializer(serializers.ModelSerializer):
    class Meta:
        model = ProductImage
        fields = ["id", "key", "alt", "thumbnails"]


class StockSerializer(serializers.ModelSerializer):
    class Meta:
        model = Stock
        fields = ["available"]


class ProductSerializer(serializers.ModelSerializer):
    category = CategorySerializer()
    brand = BrandSerializer()
    vendor = VendorSerializer()
    images = ImageSerializer(many=True)
    price_tiers = TierSerializer(many=True)
    stock = StockSerializer()

    class Meta:
        model = Product
        fields = [
            *(
                "id",
                "name",
                "name_ar",
                "description",
                "description_ar",
                "sku",
                "barcode",
                "price",
                "unit_code",
            ),
            *(
                "pack_size",
                "min_order_quantity",
                "order_multiple",
                "vat_category",
                "lead_time_days",
                "category",
            ),
            *("brand", "vendor", "images", "price_tiers", "stock", "status"),
        ]


class Pages(pagination.PageNumberPagination):
    page_size = 20


class ProductList(generics.ListAPIView):
    queryset = (
        Product.objects.filter(status="active", vendor__status="active")
        .select_related("category", "brand", "vendor", "stock")
        .prefetch_related("images", "price_tiers")
        .order_by("-id")
    )
    serializer_class = ProductSerializer
    pagination_class = Pages
    permission_classes = [permissions.AllowAny]
    authentication_classes: list[Any] = []


def bare(_request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


urlpatterns = [path("bare", bare), path("products", ProductList.as_view())]
application = get_wsgi_application()
