"""Images are judged by content and written anew."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageSequence

from aqad.lib.files.clean_file import BadFile, CleanFile
from aqad.lib.files.images import PHOTO, PRODUCT_IMAGE, PictureRules, clean_image

Picture = Callable[..., bytes]


def clean(content: bytes, name: str = "photo.png", rules: PictureRules = PHOTO) -> CleanFile:
    return clean_image(SimpleUploadedFile(name, content), rules)


def pixels_of(clean_file: CleanFile) -> Image.Image:
    return Image.open(BytesIO(clean_file.content))


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!L", len(data)) + kind + data + struct.pack("!L", zlib.crc32(kind + data))


def png_claiming(width: int, height: int) -> bytes:
    header = struct.pack("!LLBBBBB", width, height, 8, 2, 0, 0, 0)
    data = png_chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + data + png_chunk(b"IEND", b"")


def animation(kind: str) -> bytes:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    buffer = BytesIO()
    frames[0].save(buffer, kind, save_all=True, append_images=frames[1:])
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("kind", "content_type", "extension"),
    [("PNG", "image/png", "png"), ("JPEG", "image/jpeg", "jpg"), ("WEBP", "image/webp", "webp")],
)
def test_each_allowed_format_keeps_its_format_and_size(
    picture: Picture, kind: str, content_type: str, extension: str
) -> None:
    result = clean(picture(kind), name="anything.exe")
    assert (result.content_type, result.extension) == (content_type, extension)
    assert (result.width, result.height) == (40, 30)
    assert pixels_of(result).format == kind


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_pixel_can_be_rewritten_and_made_small(picture: Picture, mode: str) -> None:
    result = clean(picture("PNG", mode=mode), rules=PRODUCT_IMAGE)
    assert pixels_of(result.thumbnails["160"]).size == (40, 30)


def test_transparency_and_deep_grey_survive() -> None:
    buffer = BytesIO()
    Image.new("P", (4, 4), 0).save(buffer, "PNG", transparency=0)
    assert pixels_of(clean(buffer.getvalue())).getpixel((0, 0)) == (0, 0, 0, 0)
    buffer = BytesIO()
    Image.new("I;16", (4, 4), 32768).save(buffer, "PNG")
    assert pixels_of(clean(buffer.getvalue())).getpixel((0, 0)) == 128


def test_a_cmyk_jpeg_becomes_one_that_browsers_show(picture: Picture) -> None:
    assert pixels_of(clean(picture("JPEG", mode="CMYK"))).mode == "RGB"


def test_orientation_is_applied_and_place_and_camera_are_gone(picture: Picture) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    exif[0x010F] = "Secret Camera"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (25.0, 12.0, 0.0)
    content = picture("JPEG", size=(40, 30), exif=exif, comment=b"secret comment")
    assert b"Secret Camera" in content
    result = clean(content)
    assert (result.width, result.height) == (30, 40)
    assert b"Secret Camera" not in result.content
    assert b"secret comment" not in result.content
    assert not pixels_of(result).getexif()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_metadata_of_the_other_formats_is_gone_too(picture: Picture, kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Secret Camera"
    content = picture(kind, exif=exif, icc_profile=b"secret profile" * 20)
    assert b"Secret Camera" in content
    result = clean(content)
    assert b"Secret Camera" not in result.content
    assert not {"exif", "icc_profile", "xmp"} & set(pixels_of(result).info)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_payload_behind_the_image_is_gone(picture: Picture, kind: str) -> None:
    assert b"<script>" not in clean(picture(kind) + b"<script>alert(1)</script>").content


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", id="svg"),
        pytest.param(b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", id="gif"),
        pytest.param(b"<html><body>no image</body></html>", id="html"),
        pytest.param(b"%PDF-1.4\n", id="pdf"),
    ],
)
def test_another_kind_is_refused_whatever_its_name(content: bytes) -> None:
    with pytest.raises(BadFile, match="PNG, JPEG, WebP"):
        clean(content, name="photo.png")


def test_a_gif_and_a_tiff_of_real_pixels_are_refused(picture: Picture) -> None:
    for kind in ("GIF", "TIFF", "BMP"):
        with pytest.raises(BadFile, match="not an image of a known kind"):
            clean(picture(kind))


@pytest.mark.parametrize("size", [(8000, 8000), (100_000, 100_000), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb_is_refused_by_its_header(size: tuple[int, int]) -> None:
    with pytest.raises(BadFile, match="more than 40 megapixels"):
        clean(png_claiming(*size))


def test_a_webp_that_claims_a_huge_canvas_is_refused(picture: Picture) -> None:
    content = bytearray(
        picture("WEBP", mode="RGBA", size=(8, 8), exif=Image.Exif().tobytes() or b"Exif\0\0II")
    )
    assert content[12:16] == b"VP8X"
    content[24:30] = (16382).to_bytes(3, "little") * 2
    with pytest.raises(BadFile):
        clean(bytes(content))


def test_a_jpeg_with_thousands_of_scans_is_refused_before_decoding(picture: Picture) -> None:
    content = picture("JPEG", size=(800, 800), progressive=True)
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00"
    with pytest.raises(BadFile, match="damaged"):
        clean(content[:-2] + scan * 1000 + b"\xff\xd9")


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_is_refused(kind: str) -> None:
    with pytest.raises(BadFile, match="animated"):
        clean(animation(kind))


def test_a_phone_photo_with_a_second_picture_keeps_the_first(picture: Picture) -> None:
    buffer = BytesIO()
    first, second = Image.new("RGB", (8, 6), "red"), Image.new("RGB", (4, 3), "blue")
    first.save(buffer, "MPO", save_all=True, append_images=[second])
    result = clean(buffer.getvalue())
    assert (result.content_type, result.width) == ("image/jpeg", 8)
    assert len(list(ImageSequence.Iterator(pixels_of(result)))) == 1


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_truncated_image_is_refused(kind: str) -> None:
    buffer = BytesIO()
    Image.effect_noise((200, 200), 80).convert("RGB").save(buffer, kind)
    for kept in (0.3, 0.9):
        with pytest.raises(BadFile):
            clean(buffer.getvalue()[: int(len(buffer.getvalue()) * kept)])


def test_a_flipped_byte_in_a_png_is_refused() -> None:
    buffer = BytesIO()
    Image.effect_noise((100, 100), 80).save(buffer, "PNG")
    content = bytearray(buffer.getvalue())
    content[len(content) // 2] ^= 0xFF
    with pytest.raises(BadFile, match="damaged"):
        clean(bytes(content))


def test_size_is_judged_by_what_was_sent(picture: Picture) -> None:
    content = picture("PNG")
    assert clean(content, rules=PictureRules(max_bytes=len(content))).width == 40
    with pytest.raises(BadFile, match="larger than 5 MiB"):
        clean(content + b"\0" * (5 * 1024 * 1024))
    with pytest.raises(BadFile, match="empty"):
        clean(b"")


def test_thumbnails_are_webp_keep_the_aspect_and_never_enlarge(picture: Picture) -> None:
    small = clean(picture("JPEG", size=(400, 300)), rules=PRODUCT_IMAGE).thumbnails
    assert list(small) == ["160", "320", "640"]
    assert [(made.width, made.height) for made in small.values()] == [(160, 120), (320, 240), (400, 300)]
    assert {made.content_type for made in small.values()} == {"image/webp"}
    assert all(pixels_of(made).size == (made.width, made.height) for made in small.values())


def test_a_ribbon_of_an_image_still_gets_thumbnails(picture: Picture) -> None:
    for size in ((10, 30_000), (30_000, 10)):
        made = clean(picture("PNG", size=size), rules=PRODUCT_IMAGE).thumbnails["160"]
        assert made.width is not None
        assert 1 <= made.width <= 160


def test_the_key_names_the_content(picture: Picture) -> None:
    result = clean(picture("PNG"))
    assert result.content_key("products/P1001") == (
        f"products/P1001/{result.sha256[:2]}/{result.sha256[2:]}.png"
    )
    assert clean(picture("PNG")).content_key("p") == result.content_key("p")
