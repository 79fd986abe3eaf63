"""Images are decoded and written anew, so that only pixels survive an upload."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from aqad.lib.files.clean_file import MIB, BadFile, CleanFile, Upload, read_bounded

IMAGE_MAX_BYTES = 5 * MIB
IMAGE_MAX_PIXELS = 40_000_000
THUMBNAIL_WIDTHS = (160, 320, 640)

KINDS = {"PNG": ("image/png", "png"), "JPEG": ("image/jpeg", "jpg"), "WEBP": ("image/webp", "webp")}
NAMES = {"PNG": "PNG", "JPEG": "JPEG", "WEBP": "WebP"}
SAVE_OPTIONS: dict[str, dict[str, Any]] = {
    "PNG": {},
    "JPEG": {"quality": 90, "optimize": True},
    "WEBP": {"quality": 90, "method": 4},
}
# Real cameras and encoders write about ten. Every scan is a pass over all pixels, so thousands of
# empty ones in a small file would keep a process busy for minutes.
JPEG_MAX_SCANS = 32


def clean_image(
    file: Upload,
    *,
    max_bytes: int = IMAGE_MAX_BYTES,
    formats: Sequence[str] = ("PNG", "JPEG", "WEBP"),
    max_pixels: int = IMAGE_MAX_PIXELS,
) -> CleanFile:
    """The image upright, in its own format, without metadata or anything behind the pixels.

    Decided by content, whatever name and type the sender gave. Raises BadFile: too large, another
    format, too many pixels (read from the header, before decoding), animated, damaged.
    """
    content = read_bounded(file, max_bytes)
    with _damage_is_a_bad_file(formats):
        kind = _kind(content, formats, max_pixels)
        return _encode(_decode(content, kind), kind)


def thumbnails(image: CleanFile, widths: Sequence[int] = THUMBNAIL_WIDTHS) -> dict[str, CleanFile]:
    """The image as WebP by width (`{"160": …}`), aspect kept.

    Never enlarged, and at most four times as high as `width`: WebP has a limit of 16383 pixels.
    """
    made: dict[str, CleanFile] = {}
    picture = Image.open(BytesIO(image.content), formats=tuple(KINDS))
    for width in sorted(widths, reverse=True):
        picture.thumbnail((width, 4 * width), Image.Resampling.LANCZOS, reducing_gap=3.0)
        made[str(width)] = _encode(_only_pixels(picture), "WEBP")
    return {str(width): made[str(width)] for width in widths}


def _kind(content: bytes, formats: Sequence[str], max_pixels: int) -> str:
    """The format by the header alone, once that promises an image that is worth decoding."""
    header = Image.open(BytesIO(content), formats=tuple(formats))
    _refuse_costly(header, content, max_pixels)
    header.verify()  # checksums, for PNG
    return "JPEG" if header.format == "MPO" else str(header.format)  # a phone's JPEG with a second picture


def _decode(content: bytes, kind: str) -> Image.Image:
    """Upright pixels; the decoder's own memory, a few times the image, is given back on return."""
    image = Image.open(BytesIO(content), formats=(kind,))
    image.load()
    ImageOps.exif_transpose(image, in_place=True)
    return _only_pixels(image)


def _refuse_costly(header: Image.Image, content: bytes, max_pixels: int) -> None:
    if header.width * header.height > max_pixels:
        raise _too_many_pixels(max_pixels)
    if header.format != "MPO" and getattr(header, "is_animated", False):
        raise BadFile(_("The image is animated. Send a still image."))
    if header.format in ("JPEG", "MPO") and content.count(b"\xff\xda") > JPEG_MAX_SCANS:
        raise _damaged()


def _only_pixels(image: Image.Image) -> Image.Image:
    """A copy in a mode that every format can hold, without the metadata that `save` would carry over."""
    if image.mode.startswith("I"):  # 16 bits of grey, which convert("L") would clip
        image = image.convert("I").point(lambda value: value / 256)
        plain = image.convert("L")
    elif image.has_transparency_data:
        plain = image.convert("RGBA")
    else:
        plain = image.convert("L" if image.mode in ("1", "L") else "RGB")
    plain.info = {}
    return plain


def _encode(image: Image.Image, kind: str) -> CleanFile:
    buffer = BytesIO()
    image.save(buffer, format=kind, **SAVE_OPTIONS[kind])
    content_type, extension = KINDS[kind]
    return CleanFile(buffer.getvalue(), content_type, extension, image.width, image.height)


@contextmanager
def _damage_is_a_bad_file(formats: Sequence[str]) -> Iterator[None]:
    try:
        yield
    except BadFile:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels(IMAGE_MAX_PIXELS) from error
    except UnidentifiedImageError as error:
        names = ", ".join(NAMES[kind] for kind in formats)
        raise BadFile(
            _("This is not an image of a known kind. Send one of: %(names)s.") % {"names": names}
        ) from error
    except Exception as error:  # decoders of hostile bytes raise nearly anything
        raise _damaged() from error


def _too_many_pixels(max_pixels: int) -> BadFile:
    return BadFile(
        _("The image has more than %(limit)s megapixels. Send a smaller one.")
        % {"limit": f"{max_pixels / 1_000_000:g}"}
    )


def _damaged() -> BadFile:
    return BadFile(_("The image is damaged or incomplete. Save it again and send the new file."))
