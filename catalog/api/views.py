from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rights
from aqad.lib import codes
from aqad.lib.api.json import Parser
from aqad.lib.api.pagination import page_of
from aqad.lib.api.permissions import ANYONE
from aqad.lib.api.shapes import PageQuery
from aqad.lib.api.shapes import page_of as page_shape_of
from aqad.lib.api.uploads import Multipart
from aqad.lib.api.views import View
from aqad.lib.errors import Invalid, NotFound
from aqad.lib.files.images import IMAGE_MAX_BYTES
from aqad.lib.web.bodies import with_files
from catalog import reads, selectors
from catalog.api import answers, pages, public, serializers, shapes
from catalog.models import Product, ProductImage, StockMovement
from catalog.services import images, products, stock
from vendors.models import Vendor
from vendors.selectors import vendor_of

OWNERS = ("vendor", "admin")


class ProductsView(View):
    roles = {"GET": ANYONE, "POST": OWNERS}
    parser_classes = [Parser, Multipart]
    longest_body = with_files(images.MAX_IMAGES * IMAGE_MAX_BYTES)

    @extend_schema(
        parameters=[serializers.PublicProductQuery, PageQuery],
        responses=shapes.ProductPageShape,
    )
    def get(self, request: Request) -> HttpResponseBase:
        return public.products.respond(request._request)  # noqa: SLF001

    @extend_schema(request=serializers.NewProductInput, responses={201: shapes.ProductShape})
    def post(self, request: Request) -> Response:
        wanted = self.input(serializers.NewProductInput)
        vendor = _seller(request.user, wanted.pop("vendor", ""))
        product = products.create_product(vendor, by=request.user, **wanted)
        return Response(_shown(Product.objects.filter(pk=product.pk)), status.HTTP_201_CREATED)


class FacetsView(View):
    roles = ANYONE

    @extend_schema(parameters=[serializers.ProductQuery], responses=shapes.FacetsShape)
    def get(self, request: Request) -> HttpResponseBase:
        return public.facets.respond(request._request)  # noqa: SLF001


class SuggestView(View):
    roles = ANYONE

    @extend_schema(parameters=[serializers.SuggestQuery], responses=shapes.SuggestionsShape)
    def get(self, request: Request) -> HttpResponseBase:
        """What to offer while one types: the best finds, and names of categories and brands."""
        return public.suggestions.respond(request._request)  # noqa: SLF001


class VendorProductsView(View):
    roles = ("vendor",)

    @extend_schema(
        parameters=[serializers.OwnProductQuery, PageQuery],
        responses=page_shape_of(shapes.ProductShape),
    )
    def get(self, request: Request) -> Response:
        asked = self.query(serializers.OwnProductQuery)
        own = Product.objects.owned_by(request.user)
        if asked["status"]:
            own = own.filter(status=asked["status"])
        every, filters = selectors.read_and_listed(own, asked["filters"], asked["ordering"])
        ordering = selectors.ordering_of(filters, asked["ordering"])
        body, rows = pages.page(request._request, every, ordering, asked["cursor"])  # noqa: SLF001
        return Response(body | {"results": [answers.product_json(row) for row in rows]})


class ProductView(View):
    roles = {"GET": ANYONE, "PATCH": OWNERS, "DELETE": OWNERS}
    parser_classes = [Parser, Multipart]

    @extend_schema(responses=shapes.ProductShape)
    def get(self, request: Request, code: str) -> HttpResponseBase:
        """What is sold, to anyone; to its vendor and to admins in every status."""
        if _sees_more(request.user):
            mine = Product.objects.visible_to(request.user)
            return Response(_shown(mine.filter(pk=codes.parse(code, Product.CODE_PREFIX) or 0)))
        return public.product.respond(request._request)  # noqa: SLF001

    @extend_schema(request=serializers.ProductChangesInput, responses=shapes.ProductShape)
    def patch(self, request: Request, code: str) -> Response:
        product = _own(request.user, code, "change_product")
        changes = self.input(serializers.ProductChangesInput, partial=True)
        products.update_product(product, by=request.user, **changes)
        return Response(_shown(Product.objects.filter(pk=product.pk)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, code: str) -> Response:
        """Archive the product: it is sold no more, orders keep their lines. Safe to repeat."""
        products.archive_product(_own(request.user, code, "change_product"), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ImagesView(View):
    roles = ("vendor",)
    parser_classes = [Multipart]
    longest_body = with_files(IMAGE_MAX_BYTES)

    @extend_schema(request=serializers.NewImageInput, responses={201: shapes.ImageShape})
    def post(self, request: Request, code: str) -> Response:
        product = _own(request.user, code, "change_product")
        image = images.add_image(product, by=request.user, **self.input(serializers.NewImageInput))
        return Response(answers.image_json(image), status.HTTP_201_CREATED)


class ImageView(View):
    roles = ("vendor",)

    @extend_schema(request=serializers.ImageChangesInput, responses=shapes.ImageShape)
    def patch(self, request: Request, code: str, image_id: int) -> Response:
        image = _image(request.user, code, image_id)
        changes = self.input(serializers.ImageChangesInput, partial=True)
        return Response(answers.image_json(images.change_image(image, by=request.user, **changes)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, code: str, image_id: int) -> Response:
        images.delete_image(_image(request.user, code, image_id), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class StockView(View):
    roles = {"GET": OWNERS, "POST": ("vendor",)}

    @extend_schema(parameters=[PageQuery], responses=shapes.StockWithMovementsShape)
    def get(self, request: Request, code: str) -> Response:
        product = _own(request.user, code, "view_stock")
        figures = product.stock

        def each(movement: StockMovement) -> dict[str, Any]:
            nonlocal figures
            figures = movement.stock  # read with the movement: both of one moment
            return answers.movement_json(movement, reader=request.user)

        movements = StockMovement.objects.filter(stock=product.pk).select_related("stock").order_by("-pk")
        page = page_of(request, movements, each)
        rows = page.pop("results")
        return Response({**answers.stock_json(figures), **page, "movements": rows})

    @extend_schema(request=serializers.StockChangeInput, responses=shapes.StockShape)
    def post(self, request: Request, code: str) -> Response:
        product = _own(request.user, code, "change_product")
        wanted = self.input(serializers.StockChangeInput)
        kind = wanted.pop("reason")
        return Response(answers.stock_json(stock.adjust_stock(product, kind=kind, by=request.user, **wanted)))


class CategoriesView(View):
    roles = ANYONE

    @extend_schema(parameters=[PageQuery], responses=page_shape_of(shapes.CategoryShape))
    def get(self, request: Request) -> HttpResponseBase:
        """The tree: each category with those below it; a page holds whole trunks."""
        return public.categories.respond(request._request)  # noqa: SLF001


class BrandsView(View):
    roles = ANYONE

    @extend_schema(parameters=[PageQuery], responses=page_shape_of(shapes.BrandShape))
    def get(self, request: Request) -> HttpResponseBase:
        return public.brands.respond(request._request)  # noqa: SLF001


def _sees_more(user: Any) -> bool:
    role = getattr(user, "role", "")
    return role == "vendor" or (role == "admin" and user.has_perm("catalog.view_product"))


def _own(user: Any, code: str, right: str) -> Product:
    """A product of the caller's company, or any for staff with the permission. Raises NotFound, Forbidden."""
    if user.role == "admin":
        rights.require(user, f"catalog.{right}")
    return _find(Product.objects.owned_by(user).select_related("stock"), code)


def _find(among: Any, code: str) -> Product:
    product: Product | None = among.filter(pk=codes.parse(code, Product.CODE_PREFIX) or 0).first()
    if product is None:
        raise NotFound()
    return product


def _image(user: Any, code: str, image_id: int) -> ProductImage:
    image = ProductImage.objects.filter(product=_own(user, code, "change_product"), pk=image_id).first()
    if image is None:
        raise NotFound()
    return image


def _seller(user: Any, code: str) -> Vendor:
    """Whose product it becomes: a vendor's own, or the one that staff name. Raises Invalid, Forbidden."""
    if user.role == "vendor":
        vendor = vendor_of(user)
        if code and codes.parse(code, Vendor.CODE_PREFIX) != vendor.pk:
            raise Invalid(errors={"vendor": [_("You can list products of your own company only.")]})
        return vendor
    rights.require(user, "catalog.add_product")
    if not code:
        raise Invalid(errors={"vendor": [_("Name the vendor whose product this is.")]})
    named = Vendor.objects.filter(pk=codes.parse(code, Vendor.CODE_PREFIX) or 0).first()
    if named is None:
        raise Invalid(errors={"vendor": [_("There is no such vendor.")]})
    return named


def _shown(product: Any) -> dict[str, Any]:
    row = reads.one(product)
    if row is None:
        raise NotFound()
    return answers.product_json(row)
