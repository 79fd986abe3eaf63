"""What lies behind a picture is dropped by the file's structure, and what it costs is known by its header."""

import io
import os
import random
import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from aqad.lib.files.clean_file import BadFile
from aqad.lib.files.images import LOGO, PAPER, PHOTO, clean_image
from aqad.lib.files.picture_structure import BrokenStructure, read_structure

MIB = 1024 * 1024
VIDEO = b"\0\0\0\x18ftypmp42" + random.Random(4).randbytes(2_600_000) + b"\xff\xd8\xff\xda\xff\xd9" * 500

NOISE = Image.effect_noise((120, 90), 90).convert("RGB")


def noisy(kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    NOISE.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "behind",
    [
        pytest.param(VIDEO, id="a video, as of motion photos"),
        pytest.param(noisy("JPEG"), id="a second picture"),
        pytest.param(b"\0" * 4096, id="padding"),
        pytest.param(b"<script>alert(1)</script>PK\x03\x04", id="a payload"),
        pytest.param(b"\xff", id="half a marker"),
    ],
)
def test_what_lies_behind_the_end_is_dropped(kind: str, behind: bytes) -> None:
    content = noisy(kind)
    assert clean_image(io.BytesIO(content + behind)).content == clean_image(io.BytesIO(content)).content


def test_a_progressive_photo_with_a_trailer_full_of_scans_is_taken() -> None:
    content = noisy("JPEG", progressive=True)
    assert clean_image(io.BytesIO(content + b"\xff\xda" * 5000)).width == 120


def test_markers_inside_a_thumbnail_or_note_of_the_file_end_nothing() -> None:
    content = noisy("JPEG", comment=b"\xff\xd9 no end \xff\xda" * 100)
    inside = b"\xff\xe1" + struct.pack("!H", 2 + 6 + 3000) + b"Other\0" + (b"\xff\xd9\xff\xda" * 750)
    spiked = content[:2] + inside + content[2:]
    assert clean_image(io.BytesIO(spiked)).content == clean_image(io.BytesIO(noisy("JPEG"))).content


def test_a_photo_with_depth_map_keeps_the_first_picture() -> None:
    buffer = io.BytesIO()
    first, second = Image.new("RGB", (80, 60), "red"), Image.new("RGB", (40, 30), "blue")
    first.save(buffer, "MPO", save_all=True, append_images=[second])
    for content in (buffer.getvalue(), buffer.getvalue() + VIDEO, buffer.getvalue()[:-40]):
        kept = clean_image(io.BytesIO(content))
        assert (kept.content_type, kept.width) == ("image/jpeg", 80)
        pixel = Image.open(io.BytesIO(kept.content)).getpixel((5, 5))
        assert pixel[0] > 200
        assert pixel[2] < 50


def test_notes_that_are_broken_spoil_no_png() -> None:
    content = noisy("PNG")
    broken = struct.pack("!L", 4) + b"tEXt" + b"a\0bc" + b"\0\0\0\0"  # a wrong checksum
    bomb = zlib.compress(bytes(50 * MIB))
    zipped = chunk(b"zTXt", b"a\0\0" + bomb) + chunk(b"iCCP", b"a\0\0" + bomb)
    spoiled = content[:33] + broken + zipped + content[33:]
    assert clean_image(io.BytesIO(spoiled)).content == clean_image(io.BytesIO(content)).content


def test_an_interlaced_png_is_read() -> None:
    header = struct.pack("!LLBBBBB", 2, 2, 8, 2, 0, 0, 1)
    data = b"\0" + bytes(3) + b"\0" + bytes(3) + b"\0" + bytes(6)
    content = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(data))
    assert clean_image(io.BytesIO(content + chunk(b"IEND", b""))).width == 2


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_cut_anywhere_a_picture_is_refused_and_nothing_crashes(kind: str) -> None:
    content = noisy(kind)
    for end in range(12, len(content) - 1, max(len(content) // 200, 1)):
        with pytest.raises(BrokenStructure):
            read_structure(content[:end])


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_random_changes_end_in_a_structure_or_a_refusal(kind: str) -> None:
    chance = random.Random(11)
    for _ in range(300):
        content = bytearray(noisy(kind))
        for _ in range(3):
            content[chance.randrange(16, len(content))] = chance.randrange(256)
        try:
            assert read_structure(bytes(content)).width >= 0
        except BrokenStructure:
            continue


def test_millions_of_empty_segments_are_refused() -> None:
    jpeg = noisy("JPEG")
    png = noisy("PNG")
    for content in (
        jpeg[:2] + b"\xff\xfe\0\2" * 1_000_000 + jpeg[2:],
        png[:33] + chunk(b"tEXt", b"") * 300_000,
    ):
        with pytest.raises(BrokenStructure):
            read_structure(content)


def test_an_animation_is_known_by_any_of_its_signs() -> None:
    still = noisy("PNG")
    animated = still[:33] + chunk(b"acTL", struct.pack("!LL", 2, 0)) + still[33:]
    assert read_structure(animated).animated
    webp = noisy("WEBP", exif=b"Exif\0\0II")
    flagged = webp[:20] + bytes([webp[20] | 2]) + webp[21:]
    assert read_structure(flagged).animated


def test_a_heic_photo_is_called_what_it_is_for_pictures_too() -> None:
    with pytest.raises(BadFile, match="HEIC"):
        clean_image(io.BytesIO(b"\0\0\0\x24ftypheic\0\0\0\0" + bytes(90)))


def test_a_large_photo_of_a_paper_is_kept_readable_and_smaller(picture: Callable[..., bytes]) -> None:
    """48 megapixels, as phones take them."""
    content = picture("JPEG", size=(8064, 6048), mode="L")
    kept = clean_image(io.BytesIO(content), PAPER, stranger=True)
    assert 7_000_000 < (kept.width or 0) * (kept.height or 0) <= 12_000_000
    assert (kept.width or 0) / (kept.height or 1) == pytest.approx(8064 / 6048, rel=0.01)


def test_caps_are_smaller_where_nobody_is_signed_in(picture: Callable[..., bytes]) -> None:
    page = picture("PNG", size=(6000, 4000), mode="L")
    assert clean_image(io.BytesIO(page), PAPER).width
    with pytest.raises(BadFile, match="more than 20 megapixels"):
        clean_image(io.BytesIO(page), PAPER, stranger=True)


def test_a_logo_may_have_as_many_pixels_as_the_contract_says_and_is_kept_small(
    picture: Callable[..., bytes],
) -> None:
    content = picture("PNG", size=(8000, 5000), mode="L")
    kept = clean_image(io.BytesIO(content), LOGO, stranger=True)
    assert (kept.width or 0) * (kept.height or 0) <= 4_000_000
    with pytest.raises(BadFile, match="more than 40 megapixels"):
        clean_image(io.BytesIO(picture("PNG", size=(8000, 5001), mode="L")), LOGO, stranger=True)


def test_forty_megapixels_cost_this_process_nothing(picture: Callable[..., bytes]) -> None:
    contents = [picture(kind, size=(7300, 5475)) for kind in ("PNG", "JPEG", "WEBP")]
    before = resident()
    for content in contents:
        assert clean_image(io.BytesIO(content), PHOTO).width == 7300
    assert resident() - before < 40 * MIB


def resident() -> int:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack("!L", len(data)) + name + data + struct.pack("!L", zlib.crc32(name + data))
