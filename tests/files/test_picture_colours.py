"""A picture looks on every screen as it looked to the sender: turned upright, its colours in sRGB."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms

from aqad.lib.files.colour import ADOBE_RGB_1998, matrix_profile
from aqad.lib.files.images import PAPER, PRODUCT_IMAGE, clean_image

DISPLAY_P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
P3, ADOBE = matrix_profile(DISPLAY_P3, 2.2), matrix_profile(ADOBE_RGB_1998, 563 / 256)
# The green of a leaf. Read as sRGB it is dull; both profiles mean a livelier one.
LEAF = (90, 170, 60)


def saved(kind: str, image: Image.Image, **options: Any) -> bytes:
    buffer = BytesIO()
    lossless = {"WEBP": {"lossless": True}, "JPEG": {"quality": 100, "subsampling": 0}}.get(kind, {})
    image.save(buffer, kind, **lossless, **options)
    return buffer.getvalue()


def shown(content: bytes) -> Any:
    """The colour of the middle, as browsers show what is kept."""
    image = Image.open(BytesIO(clean_image(BytesIO(content)).content))
    assert "icc_profile" not in image.info
    return image.getpixel((image.width // 2, image.height // 2))


def close(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= 4


def expected(profile: bytes, colour: tuple[int, int, int] = LEAF) -> tuple[int, ...]:
    image = Image.new("RGB", (1, 1), colour)
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    done = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"))
    return done.getpixel((0, 0))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("profile", [pytest.param(P3, id="Display P3"), pytest.param(ADOBE, id="Adobe RGB")])
def test_wide_colours_are_converted_before_their_profile_is_dropped(kind: str, profile: bytes) -> None:
    wanted = expected(profile)
    assert not close(wanted, LEAF)
    assert close(shown(saved(kind, Image.new("RGB", (16, 16), LEAF), icc_profile=profile)), wanted)


def test_transparency_stays_while_colours_are_converted() -> None:
    content = saved("PNG", Image.new("RGBA", (16, 16), (*LEAF, 77)), icc_profile=P3)
    assert close(shown(content), (*expected(P3), 77))


def test_a_palette_is_converted_as_well() -> None:
    content = saved("PNG", Image.new("RGB", (16, 16), LEAF).quantize(4), icc_profile=P3)
    assert close(shown(content), expected(P3))


def test_grey_with_a_profile_of_grey_is_converted() -> None:
    linear = grey_profile(1.0)
    for mode in ("L", "LA"):
        content = saved(
            "PNG", Image.new(mode, (16, 16), 55 if mode == "L" else (55, 255)), icc_profile=linear
        )
        colour = shown(content)
        assert abs((colour if isinstance(colour, int) else colour[0]) - 128) <= 3  # 22 percent of light


def test_deep_grey_keeps_its_profile_s_meaning() -> None:
    content = saved("PNG", Image.new("I;16", (16, 16), 55 * 257), icc_profile=grey_profile(1.0))
    assert abs(shown(content) - 128) <= 3


def test_cmyk_with_a_profile_is_converted_by_it_and_without_one_becomes_plain() -> None:
    image = Image.new("CMYK", (16, 16), (200, 20, 220, 10))
    assert len(shown(saved("JPEG", image))) == 3
    assert len(shown(saved("JPEG", image, icc_profile=P3))) == 3  # of another kind of image: ignored


def test_cmyk_is_converted_by_a_profile_of_cmyk() -> None:
    ink, profile = (0, 255, 255, 0), cmyk_profile()
    source = ImageCms.ImageCmsProfile(BytesIO(profile))
    assert source.profile.xcolor_space == "CMYK"
    srgb = ImageCms.createProfile("sRGB")
    wanted = ImageCms.profileToProfile(Image.new("CMYK", (1, 1), ink), source, srgb, outputMode="RGB")
    colour = shown(saved("JPEG", Image.new("CMYK", (16, 16), ink), icc_profile=profile))
    assert close(colour, wanted.getpixel((0, 0)))
    assert not close(colour, (255, 0, 0))  # what it would be without the profile


@pytest.mark.parametrize("colour_type", [2, 6])
def test_deep_colours_are_kept_in_eight_bits_and_converted(colour_type: int) -> None:
    profile = (b"iCCP", b"P3\0\0" + zlib.compress(P3))
    assert close(shown(deep_png(LEAF, colour_type))[:3], LEAF)
    assert close(shown(deep_png(LEAF, colour_type, profile))[:3], expected(P3))


@pytest.mark.parametrize("colour_type", [2, 6])
@pytest.mark.parametrize(
    "chunks",
    [
        [(b"gAMA", struct.pack("!L", 45455))],
        [(b"gAMA", bytes(4))],
        [(b"gAMA", b"")],
        [(b"gAMA", struct.pack("!L", 100000)), (b"cHRM", bytes(32))],
        [(b"cICP", bytes([1, 13, 0, 1]))],
        [(b"cICP", bytes([9, 16, 0, 1]))],
        [(b"cICP", b"\xff" * 400)],
        [(b"sRGB", b"\0"), (b"sBIT", b"\x10\x10\x10"), (b"mDCV", bytes(24)), (b"cLLI", bytes(8))],
        [(b"bKGD", bytes(6)), (b"hIST", b"x"), (b"pHYs", b"")],
    ],
    ids=str,
)
def test_what_a_png_says_of_its_light_spoils_nothing(
    chunks: list[tuple[bytes, bytes]], colour_type: int
) -> None:
    for depth in (8, 16):
        assert close(shown(deep_png(LEAF, colour_type, *chunks, depth=depth))[:3], LEAF)


def test_adobe_rgb_is_known_by_exif_alone_as_cameras_write_it() -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769).update({0xA001: 0xFFFF, 0xA005: {1: "R03"}})
    content = saved("JPEG", Image.new("RGB", (16, 16), LEAF), exif=exif)
    assert close(shown(content), expected(ADOBE))


def test_srgb_and_no_profile_change_nothing() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = Image.new("RGB", (16, 16), LEAF)
    for options in ({}, {"icc_profile": srgb}):
        assert shown(saved("PNG", plain, **options)) == LEAF


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize(
    "profile", [b"no profile at all", P3[:200], P3.replace(b"RGB ", b"CMYK"), P3[:128] + b"\xff" * 300]
)
def test_a_broken_profile_is_ignored(kind: str, profile: bytes) -> None:
    assert close(shown(saved(kind, Image.new("RGB", (16, 16), LEAF), icc_profile=profile)), LEAF)


def test_thumbnails_have_the_converted_colours() -> None:
    content = saved("JPEG", Image.new("RGB", (400, 400), LEAF), icc_profile=P3)
    made = clean_image(BytesIO(content), PRODUCT_IMAGE)
    for small in made.thumbnails.values():
        assert close(Image.open(BytesIO(small.content)).convert("RGB").getpixel((5, 5)), expected(P3))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_however_the_phone_was_held_the_picture_stands_upright(kind: str, orientation: int) -> None:
    upright = Image.new("RGB", (32, 16), "white")
    upright.paste("red", (0, 0, 16, 8))  # the upper left
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = saved(kind, as_held(upright, orientation), exif=exif)
    kept = Image.open(BytesIO(clean_image(BytesIO(content)).content)).convert("RGB")
    assert kept.size == (32, 16)
    assert close(kept.getpixel((4, 3)), (255, 0, 0))
    assert close(kept.getpixel((27, 12)), (255, 255, 255))


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0II*\0\xff\xff\xff\xff", b"Exif\0\0MM", b"Exif\0\0" + b"\xff" * 60]
)
def test_broken_notes_of_the_camera_spoil_nothing(exif: bytes) -> None:
    assert close(shown(saved("JPEG", Image.new("RGB", (16, 16), LEAF), exif=exif)), LEAF)


def test_a_turned_photo_of_a_paper_is_upright_in_its_smaller_form() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    content = saved("JPEG", Image.new("L", (5000, 3000), 200), exif=exif)
    kept = clean_image(BytesIO(content), PAPER)
    assert (kept.width or 0) < (kept.height or 0)
    assert (kept.width or 0) * (kept.height or 0) <= 12_000_000


def as_held(upright: Image.Image, orientation: int) -> Image.Image:
    """What the sensor saw; the inverse of what a viewer does."""
    turn = Image.Transpose
    undone = {
        2: turn.FLIP_LEFT_RIGHT,
        3: turn.ROTATE_180,
        4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE,
        6: turn.ROTATE_90,
        7: turn.TRANSVERSE,
        8: turn.ROTATE_270,
    }
    return upright.transpose(undone[orientation]) if orientation in undone else upright


def grey_profile(gamma: float) -> bytes:
    """A profile of grey is one of colours with one curve."""
    colours = matrix_profile(DISPLAY_P3, gamma)
    return colours.replace(b"RGB ", b"GRAY").replace(b"rTRC", b"kTRC")


def deep_png(
    colour: tuple[int, int, int], colour_type: int, *chunks: tuple[bytes, bytes], depth: int = 16
) -> bytes:
    """A PNG of 16 by 16 pixels, as cameras and editors write it and Pillow does not."""
    values = [*colour, *((255,) if colour_type == 6 else ())]
    pixel = (
        struct.pack(f"!{len(values)}H", *(each * 257 for each in values)) if depth == 16 else bytes(values)
    )
    header = struct.pack("!LLBBBBB", 16, 16, depth, colour_type, 0, 0, 0)
    pixels = zlib.compress((b"\0" + pixel * 16) * 16)
    whole = [(b"IHDR", header), *chunks, (b"IDAT", pixels), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!L", len(data)) + name + data + struct.pack("!L", zlib.crc32(name + data))
        for name, data in whole
    )


def cmyk_profile() -> bytes:
    """An ICC profile of a printer: a table from the 16 overprints of four inks to Lab (`A2B0`)."""
    paper, inks = (
        (95, 0, 0),
        ((55, -37, -50), (48, 74, -3), (89, -5, 93), (16, 0, 0)),
    )  # as of offset printing
    table = bytearray()
    for overprint in range(16):
        used = [ink for place, ink in enumerate(inks) if overprint >> (3 - place) & 1]
        light = 95.0
        for ink in used:
            light *= ink[0] / 95
        tint = [sum(ink[axis] for ink in used) for axis in (1, 2)] if light > 16 else [0, 0]
        whole = (light, *tint) if used else paper
        table += bytes([round(whole[0] * 2.55), *(min(max(round(each) + 128, 0), 255) for each in whole[1:])])
    straight = bytes(range(256))
    one = struct.pack("!9l", *(65536 * (place % 4 == 0) for place in range(9)))
    lut = b"mft1" + bytes(4) + bytes([4, 3, 2, 0]) + one + straight * 4 + bytes(table) + straight * 3
    white = b"XYZ " + bytes(4) + struct.pack("!3l", 63190, 65536, 54061)
    start = 128 + 4 + 2 * 12
    tags = struct.pack("!L", 2) + struct.pack("!4sLL", b"wtpt", start, len(white))
    tags += struct.pack("!4sLL", b"A2B0", start + len(white), len(lut))
    size = start + len(white) + len(lut)
    header = struct.pack("!L4xL4s4s4s12x4s", size, 0x02400000, b"prtr", b"CMYK", b"Lab ", b"acsp")
    return header + bytes(68 - len(header)) + white[8:] + bytes(48) + tags + white + lut
