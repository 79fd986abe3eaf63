"""A picture is decoded and written anew, so that only its pixels survive: the job of a limited child.

Imports nothing but Pillow. What may be decoded at all has been judged by `images.py` before.
"""

from collections.abc import Callable, Sequence
from io import BytesIO
from math import sqrt
from typing import IO, Any

from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from aqad.lib.files.picture_structure import Structure, read_structure

READERS: dict[str, Callable[[BytesIO], Image.Image]] = {
    "PNG": PngImagePlugin.PngImageFile,
    "JPEG": JpegImagePlugin.JpegImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
}
SAVE_OPTIONS: dict[str, dict[str, Any]] = {
    "PNG": {},
    "JPEG": {"quality": 90, "optimize": True},
    "WEBP": {"quality": 90, "method": 4},
}
ORIENTATION = 0x0112  # Exif: how the camera was held
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
Made = tuple[bytes, int, int]


def rewrite_picture(
    file: IO[bytes], shrink: int, max_pixels: int, widths: Sequence[int]
) -> tuple[dict[str, Any], list[bytes]]:
    """The picture upright, in sRGB and its own format, without anything else; thumbnails behind it.

    A JPEG is decoded at 1/`shrink` of its size; the result has at most `max_pixels`.
    """
    structure = read_structure(file.read())
    image = _decode(structure, shrink)
    if image.width * image.height > max_pixels:
        factor = sqrt(max_pixels / (image.width * image.height))
        size = (max(int(image.width * factor), 1), max(int(image.height * factor), 1))
        image.thumbnail(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    made = [encode(image, structure.kind), *make_thumbnails(image, widths)]
    facts = {"kind": structure.kind, "sizes": [(width, height) for _content, width, height in made]}
    return facts, [content for content, _width, _height in made]


def make_thumbnails(image: Image.Image, widths: Sequence[int]) -> list[Made]:
    """The image as WebP for each of the widths, which go down. Changes `image`.

    Never enlarged, and at most four times as high as wide: WebP has a limit of 16383 pixels.
    """
    made = []
    for width in widths:
        image.thumbnail((width, 4 * width), Image.Resampling.LANCZOS, reducing_gap=3.0)
        made.append(encode(image, "WEBP"))
    return made


def encode(image: Image.Image, kind: str) -> Made:
    """The bytes of a new file, its width and height."""
    buffer = BytesIO()
    image.save(buffer, format=kind, **SAVE_OPTIONS[kind])
    return buffer.getvalue(), image.width, image.height


def _decode(structure: Structure, shrink: int) -> Image.Image:
    """Upright pixels in sRGB, in a mode that every format can hold, held once."""
    Image.MAX_IMAGE_PIXELS = None  # the limit has been judged by the header, and memory is limited
    image = READERS[structure.kind](BytesIO(structure.needed))
    if image.size != (structure.width, structure.height):
        raise ValueError("two headers")
    profile = structure.profile or image.info.get("icc_profile") or b""
    exif = _read_exif(image)
    if shrink > 1:
        image.draft(None, (structure.width // shrink, structure.height // shrink))
    image.load()
    turned = _turn(image, exif)
    plain = _only_pixels(_in_srgb(_plain_colours(turned), profile, exif))
    plain.info = {}
    return plain


def _read_exif(image: Image.Image) -> Image.Exif:
    """What the camera wrote; empty where that is broken."""
    try:
        exif = image.getexif()
        exif.get(ORIENTATION)
    except Exception:  # noqa: BLE001 - its parser raises nearly anything on hostile bytes
        return Image.Exif()
    return exif


def _turn(image: Image.Image, exif: Image.Exif) -> Image.Image:
    """Upright, and without the file and its decoder, which hold several times the pixels."""
    method = TURNS.get(exif.get(ORIENTATION) or 0)
    if method is not None:
        return image.transpose(method)
    return image._new(image.im)  # noqa: SLF001 - a copy would hold the pixels twice


def _plain_colours(image: Image.Image) -> Image.Image:
    """Eight bits a channel, no palette; in the colour space of its profile still."""
    if image.mode.startswith("I"):  # 16 bits of grey, which convert("L") would clip
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in ("L", "LA", "RGB", "RGBA", "CMYK") and "transparency" not in image.info:
        return image
    if image.mode == "1":
        return image.convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _in_srgb(image: Image.Image, profile: bytes, exif: Image.Exif) -> Image.Image:
    """Loads what knows colours only where something says more than nothing about them."""
    if not profile and not exif:
        return image
    from aqad.lib.files import colour  # noqa: PLC0415 - 15 ms that most pictures do without

    if not profile and colour.is_adobe_rgb(exif):
        profile = colour.adobe_rgb_profile()
    return colour.convert_to_srgb(image, profile)


def _only_pixels(image: Image.Image) -> Image.Image:
    if image.mode == "LA":
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "RGBA") else image.convert("RGB")
