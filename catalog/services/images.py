"""The pictures of a product, first to last.

Files lie under content-hashed names in the product's own folder and are never deleted: caches keep them for a
year anyway, a page being read may still show them, and adding the same picture again finds it there.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from aqad.lib.errors import Invalid, InvalidTransition
from aqad.lib.files.clean_file import CleanFile
from aqad.lib.files.images import PRODUCT_IMAGE, clean_image
from aqad.lib.files.storage import store_public, stored_files
from audit import services as audit
from catalog.models import Product, ProductImage

MAX_IMAGES = 10


def add_image(product: Product, image: CleanFile, *, by: Any, alt: str = "") -> ProductImage:
    """Store a picture with its thumbnails and put it last. Raises Invalid when there are MAX_IMAGES."""
    with stored_files():
        picture = store(product, image)
        picture.alt = alt
        with transaction.atomic():
            present = _lock(product)
            check_count(len(present) + 1, "image")
            append(product, [picture], after=present)
            _changed(product, "added an image to", by=by)
    return picture


@transaction.atomic
def change_image(
    image: ProductImage, *, by: Any, alt: str | None = None, position: int | None = None
) -> ProductImage:
    """Give another text, or the place `position` counted from 1; the others make room."""
    present = _lock(image.product)
    image = next(one for one in present if one.pk == image.pk)
    if alt is not None:
        image.alt = alt
    if position is not None:
        present.remove(image)
        present.insert(max(position - 1, 0), image)
    _number(present)
    ProductImage.objects.bulk_update(present, ["alt", "position"])
    _changed(image.product, "changed an image of", by=by)
    return image


@transaction.atomic
def delete_image(image: ProductImage, *, by: Any) -> None:
    """Take a picture off the product. Safe to repeat."""
    present = [one for one in _lock(image.product) if one.pk != image.pk]
    ProductImage.objects.filter(pk=image.pk).delete()
    _number(present)
    ProductImage.objects.bulk_update(present, ["position"])
    _changed(image.product, "removed an image from", by=by)


def store(product: Product, image: CleanFile) -> ProductImage:
    """Put the files into the public storage; the row is not saved. Call outside of the transaction.

    A picture that comes without its thumbnails is cleaned once more, with them.
    """
    folder = f"products/{product.code}"
    small = image.thumbnails or clean_image(BytesIO(image.content), PRODUCT_IMAGE).thumbnails
    return ProductImage(
        product=product,
        key=store_public(image, folder),
        thumbnails={width: store_public(each, folder) for width, each in small.items()},
        width=image.width or 0,
        height=image.height or 0,
    )


def append(product: Product, pictures: Sequence[ProductImage], *, after: Sequence[ProductImage] = ()) -> None:
    """Save pictures behind those in `after`, within the caller's transaction."""
    for position, picture in enumerate(pictures, start=len(after) + 1):
        picture.product = product
        picture.position = position
    ProductImage.objects.bulk_create(pictures)


def check_count(count: int, field: str) -> None:
    """Raise Invalid beside `field` when a product would have more than MAX_IMAGES."""
    if count > MAX_IMAGES:
        raise Invalid(errors={field: [_("A product has at most %(count)s images.") % {"count": MAX_IMAGES}]})


def _lock(product: Product) -> list[ProductImage]:
    """The pictures in order, while nobody else changes them."""
    row = Product.objects.select_for_update(no_key=True).get(pk=product.pk)
    if row.status == Product.Status.ARCHIVED:
        raise InvalidTransition(_("An archived product does not change any more."))
    return list(ProductImage.objects.filter(product=row))


def _number(pictures: Sequence[ProductImage]) -> None:
    for position, picture in enumerate(pictures, start=1):
        picture.position = position


def _changed(product: Product, verb: str, *, by: Any) -> None:
    audit.record(by, verb, product)
