"""The picture that stands for a product or a category, with all that keeps the page from jumping."""

from dataclasses import dataclass
from typing import Any

from django.templatetags.static import static
from django.utils.text import slugify

from aqad.lib.files.storage import public_url
from catalog.models import Product
from catalog.services.starting_set import CATEGORIES

_DRAWN = {slugify(name) for name, _arabic, _below in CATEGORIES}
_ABOVE = {slugify(sub): slugify(name) for name, _arabic, below in CATEGORIES for sub, _ar in below}


@dataclass(frozen=True)
class Picture:
    """`srcset` is empty for a drawing; sizes are pixels."""

    src: str
    srcset: str
    width: int
    height: int
    alt: str
    is_drawn: bool = False

    @classmethod
    def of(cls, image: Any) -> "Picture":
        """A ProductImage; `src` is its smallest thumbnail of 320 pixels or more."""
        widths = sorted((int(width), public_url(key)) for width, key in image.thumbnails.items())
        own = public_url(image.key)
        src = next((url for width, url in widths if width >= 320), own)
        srcset = ", ".join(f"{url} {width}w" for width, url in [*widths, (image.width, own)])
        return cls(src, srcset, image.width, image.height, image.alt)


def picture_of(product: Product) -> Picture:
    """The first picture, or the drawing of the category. Reads `images`, which should be prefetched."""
    first = next(iter(product.images.all()), None)
    return Picture.of(first) if first else drawing_of(product.category.slug)


def drawing_of(slug: str) -> Picture:
    """The drawing of a category or of the one above it; a plain carton for categories that staff made."""
    name = slug if slug in _DRAWN else _ABOVE.get(slug, "carton")
    return Picture(static(f"img/placeholders/{name}.svg"), "", 240, 240, "", is_drawn=True)
