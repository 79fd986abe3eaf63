"""Images are decoded and written anew, so that only pixels survive an upload.

What a file promises is judged here, by its bytes alone; decoding happens in a limited child
(`picture_work.py`), few at once on a machine and fewer for people who are not signed in, because a picture
of some kilobytes can take hundreds of megabytes (docs/decisions/limited-children.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from aqad.lib.files.clean_file import MIB, BadFile, CleanFile, Upload, read_bounded
from aqad.lib.files.picture_structure import BrokenStructure, Structure, kind_of, read_structure
from aqad.lib.limited_process.running import JobFailed, Limits, TooCostly, run_limited
from aqad.lib.limited_process.turns import Lane

IMAGE_MAX_BYTES = 5 * MIB
IMAGE_MAX_PIXELS = 40_000_000
THUMBNAIL_WIDTHS = (160, 320, 640)

KINDS = {"PNG": ("image/png", "png"), "JPEG": ("image/jpeg", "jpg"), "WEBP": ("image/webp", "webp")}
NAMES = {"PNG": "PNG", "JPEG": "JPEG", "WEBP": "WebP"}
# Real cameras and encoders write about ten. Every scan is a pass over all pixels, so thousands of
# empty ones in a small file would keep a process busy for minutes.
JPEG_MAX_SCANS = 32
DECODED_PIXELS, STRANGER_PIXELS = 32_000_000, 16_000_000  # of a JPEG of which less is kept
JPEG_SHRINKS = (1, 2, 4, 8)  # what a decoder of JPEG can leave out while it reads

WORK = "aqad.lib.files.picture_work:rewrite_picture"
SECONDS, PROCESSOR_SECONDS = 40, 15  # 40 megapixels take up to 3 of the processor
BASE_MEMORY = 128 * MIB  # Python, Pillow and its libraries, as address space
BYTES_PER_PIXEL = 4
LARGE_MEMORY = 320 * MIB  # who asks for more is alone with it
MAX_MEMORY = 1024 * MIB


@dataclass(frozen=True)
class PictureRules:
    """What a picture may be, and what is kept of it.

    `max_pixels` counts for what must be decoded whole, of strangers `stranger_pixels`; a JPEG may have
    `jpeg_pixels`, because it is decoded at a fraction of its size. The result has at most `kept_pixels`.
    """

    max_bytes: int = IMAGE_MAX_BYTES
    formats: tuple[str, ...] = ("PNG", "JPEG", "WEBP")
    max_pixels: int = IMAGE_MAX_PIXELS
    stranger_pixels: int = IMAGE_MAX_PIXELS
    jpeg_pixels: int = IMAGE_MAX_PIXELS
    kept_pixels: int = IMAGE_MAX_PIXELS
    thumbnail_widths: tuple[int, ...] = ()


PHOTO = PictureRules()
PRODUCT_IMAGE = PictureRules(thumbnail_widths=THUMBNAIL_WIDTHS)
LOGO = PictureRules(kept_pixels=4_000_000)
# A phone's photo of a licence has 12 to 50 megapixels, some 108 and more; 12 show a page at 300 dots an inch.
# A PNG is what scanners write: 16 megapixels are a page at 400.
PAPER = PictureRules(
    formats=("PNG", "JPEG"),
    max_bytes=10 * MIB,
    stranger_pixels=20_000_000,
    jpeg_pixels=210_000_000,
    kept_pixels=12_000_000,
)


def clean_image(file: Upload, rules: PictureRules = PHOTO, *, stranger: bool = False) -> CleanFile:
    """The image upright, in sRGB and its own format, without metadata or anything behind the pixels.

    Decided by content, whatever name and type the sender gave. `stranger`: nobody is signed in. Raises
    BadFile: too large, another format, too many pixels (read from the header, before decoding), animated,
    damaged; Busy (503) when no turn to decode it comes up.
    """
    content = read_bounded(file, rules.max_bytes)
    structure = _judge(content, rules, stranger=stranger)
    shrink = _shrink(structure, rules, stranger=stranger)
    memory = _memory(structure, shrink)
    widths = sorted(rules.thumbnail_widths, reverse=True)
    try:
        made = run_limited(
            WORK,
            content,
            limits=Limits(memory, PROCESSOR_SECONDS, SECONDS, output=64 * MIB),
            lanes=_lanes(memory, stranger=stranger),
            shrink=shrink,
            max_pixels=rules.kept_pixels,
            widths=widths,
        )
    except TooCostly as error:
        raise _too_costly() from error
    except JobFailed as error:  # decoders of hostile bytes raise nearly anything
        raise _damaged() from error
    return _clean_file(made.facts["kind"], made.facts["sizes"], made.parts, widths)


def _clean_file(
    kind: str, sizes: Sequence[tuple[int, int]], parts: Sequence[bytes], widths: Sequence[int]
) -> CleanFile:
    files = [
        CleanFile(content, *KINDS[kind if number == 0 else "WEBP"], *size)
        for number, (content, size) in enumerate(zip(parts, sizes, strict=True))
    ]
    image, *small = files
    thumbnails = dict(zip(map(str, widths), small, strict=True))
    return CleanFile(
        image.content,
        image.content_type,
        image.extension,
        image.width,
        image.height,
        thumbnails={str(width): thumbnails[str(width)] for width in sorted(widths)},
    )


def _judge(content: bytes, rules: PictureRules, *, stranger: bool) -> Structure:
    """The structure of a file that is worth decoding."""
    kind = kind_of(content)
    if kind == "HEIC":
        raise heic()
    if kind not in rules.formats:
        names = ", ".join(NAMES[kind] for kind in rules.formats)
        raise BadFile(_("This is not an image of a known kind. Send one of: %(names)s.") % {"names": names})
    try:
        structure = read_structure(content)
    except BrokenStructure as error:
        raise _damaged() from error
    if structure.pixels > (most := _most_pixels(structure.kind, rules, stranger=stranger)):
        raise BadFile(
            _("The image has more than %(limit)s megapixels. Send a smaller one.")
            % {"limit": f"{most / 1_000_000:g}"}
        )
    if structure.animated:
        raise BadFile(_("The image is animated. Send a still image."))
    if structure.scans > JPEG_MAX_SCANS:
        raise _damaged()
    return structure


def _most_pixels(kind: str, rules: PictureRules, *, stranger: bool) -> int:
    if kind == "JPEG":
        return rules.jpeg_pixels
    return min(rules.max_pixels, rules.stranger_pixels) if stranger else rules.max_pixels


def _shrink(structure: Structure, rules: PictureRules, *, stranger: bool) -> int:
    """By what a JPEG is made smaller while it is decoded; others are decoded whole."""
    decoded = STRANGER_PIXELS if stranger else DECODED_PIXELS
    if structure.kind != "JPEG" or structure.pixels <= rules.kept_pixels:
        return 1
    return next((each for each in JPEG_SHRINKS if structure.pixels <= decoded * each**2), JPEG_SHRINKS[-1])


def _memory(structure: Structure, shrink: int) -> int:
    """What decoding may take: pixels twice, as they are turned and converted, and what the decoder holds."""
    decoded = structure.pixels // shrink**2
    memory = BASE_MEMORY + 2 * BYTES_PER_PIXEL * decoded + structure.held
    if memory > MAX_MEMORY:
        raise _too_costly()
    return memory


def _lanes(memory: int, *, stranger: bool) -> list[Lane]:
    """Strangers one at a time, so that who is signed in has the other turn; large ones alone likewise."""
    lanes = [Lane("strangers", at_once=1, threads=2)] if stranger else []
    if memory > LARGE_MEMORY:
        lanes.append(Lane("large-pictures", at_once=1))
    return [*lanes, Lane("pictures", at_once=settings.PICTURES_AT_ONCE)]


def heic() -> BadFile:
    """For whoever sends a phone's photo as it lies on the phone."""
    return BadFile(
        _(
            "This is a HEIC photo, which cannot be read here. Save it as JPEG and send that; an iPhone takes"
            " JPEG by itself with Settings, Camera, Formats, Most Compatible."
        )
    )


def _too_costly() -> BadFile:
    return BadFile(
        _("The image takes too much memory to be read. Save it smaller, as a JPEG, and send that.")
    )


def _damaged() -> BadFile:
    return BadFile(_("The image is damaged or incomplete. Save it again and send the new file."))
