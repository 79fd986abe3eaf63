"""A picture looks on every screen as it looked to the sender: turned upright, its colours in sRGB."""

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
