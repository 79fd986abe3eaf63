"""Colours as every screen shows them: what a profile says is converted to sRGB before it is dropped.

Runs in the limited child. Phones photograph in Display P3, cameras in Adobe RGB, printers send CMYK.
"""

import struct
from io import BytesIO

from PIL import Image, ImageCms

MODES_OF_SPACE = {"RGB ": ("RGB", "RGBA"), "GRAY": ("L", "LA"), "CMYK": ("CMYK",)}
# What a camera set to Adobe RGB writes instead of a profile (Exif 2.32, DCF option file): 65535 under
# ColorSpace and R03 under the interoperability index.
EXIF_IFD, INTEROPERABILITY_IFD, COLOUR_SPACE, INTEROPERABILITY_INDEX = 0x8769, 0xA005, 0xA001, 1
ADOBE_RGB_1998 = (
    (0.60974, 0.31111, 0.01947),
    (0.20528, 0.62567, 0.06087),
    (0.14919, 0.06322, 0.74457),
)


def convert_to_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """The image in sRGB; as it came where the profile is missing, broken, or of another kind of image."""
    if not profile:
        return image
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if image.mode not in MODES_OF_SPACE.get(source.profile.xcolor_space, ()) or _is_srgb(source):
            return image
        return _transform(image, source)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


def is_adobe_rgb(exif: Image.Exif) -> bool:
    """Whether the camera says so by Exif alone."""
    try:
        if exif.get_ifd(EXIF_IFD).get(COLOUR_SPACE) != 0xFFFF:
            return False
        return str(exif.get_ifd(INTEROPERABILITY_IFD).get(INTEROPERABILITY_INDEX, "")).startswith("R03")
    except Exception:  # noqa: BLE001 - its parser raises nearly anything on hostile bytes
        return False


def adobe_rgb_profile() -> bytes:
    """Adobe RGB (1998): its primaries seen under D50, gamma 563/256."""
    return matrix_profile(ADOBE_RGB_1998, 563 / 256)


def matrix_profile(primaries: tuple[tuple[float, ...], ...], gamma: float) -> bytes:
    """An ICC profile (version 2.4) of three primaries as XYZ under D50, and one gamma."""
    curve = b"curv" + bytes(4) + struct.pack("!LH2x", 1, round(gamma * 256))
    tags = [(b"wtpt", _xyz((0.9642, 1.0, 0.8249)))]
    for name, primary in zip((b"r", b"g", b"b"), primaries, strict=True):
        tags += [(name + b"XYZ", _xyz(primary)), (name + b"TRC", curve)]
    table, bodies = struct.pack("!L", len(tags)), b""
    for name, body in tags:
        table += struct.pack("!4sLL", name, 128 + 4 + 12 * len(tags) + len(bodies), len(body))
        bodies += body
    size = 128 + len(table) + len(bodies)
    header = struct.pack("!L4xL4s4s4s12x4s", size, 0x02400000, b"mntr", b"RGB ", b"XYZ ", b"acsp")
    white = _xyz((0.9642, 1.0, 0.8249))[8:]
    return header + bytes(68 - len(header)) + white + bytes(48) + table + bodies


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack("!3l", *(round(value * 65536) for value in values))


def _is_srgb(profile: ImageCms.ImageCmsProfile) -> bool:
    return (profile.profile.profile_description or "").startswith("sRGB")


def _transform(image: Image.Image, source: ImageCms.ImageCmsProfile) -> Image.Image:
    srgb = ImageCms.createProfile("sRGB")
    if image.mode in ("RGB", "RGBA"):  # in place: a large picture is held once
        transform = ImageCms.buildTransform(source, srgb, image.mode, image.mode)
        ImageCms.applyTransform(image, transform, inPlace=True)
        return image
    grey = image.getchannel(0) if image.mode == "LA" else image
    shown = ImageCms.applyTransform(grey, ImageCms.buildTransform(source, srgb, grey.mode, "RGB"))
    if shown is None or image.mode == "CMYK":
        return shown or image
    shown = shown.convert("L")
    return Image.merge("LA", (shown, image.getchannel(1))) if image.mode == "LA" else shown
