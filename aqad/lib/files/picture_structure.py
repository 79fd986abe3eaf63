"""How a picture's file is built: what its header promises, where it ends, and what of it is needed.

Reads bytes alone, nothing is decoded. Phones and editors write behind the end of a picture (motion photos,
second pictures, depth maps); where that begins, only the structure says: the bytes of a marker also stand in
thumbnails and in what lies behind the end. ITU T.81 annex B (JPEG), PNG third edition 5, RFC 9649 (WebP).
"""

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

PNG_START = b"\x89PNG\r\n\x1a\n"
JPEG_START = b"\xff\xd8\xff"
# Of other segments and chunks nothing is taken over, and a broken one must not spoil the picture.
JPEG_NEEDED = {0xE0: b"JFIF\0", 0xE1: b"Exif\0\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
PNG_NEEDED = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf")
JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
SCAN, END = 0xDA, 0xD9
ALONE = frozenset({0x01, *range(0xD0, 0xD8)})  # markers without a length
MARKER = re.compile(
    rb"\xff[^\x00\xd0-\xd7\xff]"
)  # in the data of a scan: not a stuffed zero, restart or fill
PROFILE_MAX_BYTES = 4 * 1024 * 1024
# Real files have some dozens, a PNG one for each few kilobytes: millions of empty ones would only take time.
MAX_SEGMENTS = 20_000


class BrokenStructure(ValueError):
    """The file is not built as its format says, or ends before its end."""


@dataclass(frozen=True)
class Structure:
    """`needed` is the file without what lies behind its end and without notes; `profile` the colour profile
    where it was taken out of it. `held` are bytes that its decoder keeps besides the pixels."""

    kind: str
    width: int
    height: int
    needed: bytes
    animated: bool = False
    scans: int = 1
    held: int = 0
    profile: bytes = b""

    @property
    def pixels(self) -> int:
        return self.width * self.height


def kind_of(content: bytes) -> str:
    """PNG, JPEG, WEBP, HEIC or empty, by how the content begins."""
    if content.startswith(PNG_START):
        return "PNG"
    if content.startswith(JPEG_START):
        return "JPEG"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "WEBP"
    return "HEIC" if _is_heic(content) else ""


def read_structure(content: bytes) -> Structure:
    """Of a PNG, JPEG or WebP. Raises BrokenStructure."""
    reader = {"PNG": _read_png, "JPEG": _read_jpeg, "WEBP": _read_webp}[kind_of(content)]
    try:
        return reader(content)
    except (struct.error, IndexError) as error:
        raise BrokenStructure("the file ends too early") from error


def _is_heic(content: bytes) -> bool:
    """ISO/IEC 23008-12: a box `ftyp` with a brand of HEVC pictures; `mif1` alone may also hold others."""
    if content[4:8] != b"ftyp":
        return False
    length = min(int.from_bytes(content[:4], "big"), 256)
    brands = {content[at : at + 4] for at in (8, *range(16, length, 4))}
    return bool(brands & {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis"}) or content[8:12] == b"mif1"


def _read_jpeg(content: bytes) -> Structure:
    needed, frame, scans, progressive = bytearray(b"\xff\xd8"), b"", 0, False
    at = 2
    for _ in range(MAX_SEGMENTS):
        start, marker = _next_marker(content, at)
        at = start + 2
        if marker == END:
            break
        if marker in ALONE:
            continue
        (length,) = struct.unpack_from("!H", content, at)
        body = content[at + 2 : at + length]
        at += max(length, 2)
        if marker == SCAN:
            scans += 1
            at = _end_of_scan(content, at)
        elif marker in JPEG_FRAMES:
            if frame:
                raise BrokenStructure("two frames")
            frame, progressive = body, marker in JPEG_PROGRESSIVE
        if _is_needed(marker, body):
            needed += content[start:at]
    else:
        raise BrokenStructure("too many segments")
    if not frame or not scans:
        raise BrokenStructure("no picture")
    height, width = struct.unpack_from("!xHH", frame)
    held = _coefficients(frame, width * height) if progressive or scans > 1 else 0
    return Structure("JPEG", width, height, bytes(needed) + b"\xff\xd9", scans=scans, held=held)


def _next_marker(content: bytes, at: int) -> tuple[int, int]:
    """Where the next marker begins, and which it is; what stands before it is passed over as decoders do."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0:
            raise BrokenStructure("no end")
        if content[at + 1] not in (0x00, 0xFF):
            return at, content[at + 1]
        at += 1


def _end_of_scan(content: bytes, at: int) -> int:
    found = MARKER.search(content, at)
    if found is None:
        raise BrokenStructure("a scan without end")
    return found.start()


def _is_needed(marker: int, body: bytes) -> bool:
    if 0xE0 <= marker <= 0xEF or marker == 0xFE:
        return marker in JPEG_NEEDED and body.startswith(JPEG_NEEDED[marker])
    return True


def _coefficients(frame: bytes, pixels: int) -> int:
    """Bytes of all coefficients, two for each sample: a picture in several scans is kept so until its end."""
    factors = [frame[at] for at in range(7, 6 + 3 * frame[5], 3)]
    samples = [(each >> 4) * (each & 15) for each in factors]
    most = max((each >> 4 for each in factors), default=1) * max((each & 15 for each in factors), default=1)
    return 2 * pixels * max(sum(samples), 1) // max(most, 1)


def _read_png(content: bytes) -> Structure:
    needed, profile, animated, width, height = bytearray(PNG_START), b"", False, 0, 0
    for number, (name, data, whole) in enumerate(_png_chunks(content)):
        if (number == 0) != (name == b"IHDR") or number > MAX_SEGMENTS:
            raise BrokenStructure("a header out of place")
        if name == b"IHDR":
            width, height = struct.unpack_from("!LL", data)
        elif name == b"acTL":
            animated = struct.unpack_from("!L", data)[0] > 1
        elif name == b"iCCP":
            profile = _inflate_profile(data)
        if name in PNG_NEEDED:
            needed += whole
    return Structure("PNG", width, height, bytes(needed), animated=animated, profile=profile)


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Name, data and the whole of each chunk to the last; wrong checksums are no picture."""
    at, name = len(PNG_START), b""
    while name != b"IEND":
        length, name = struct.unpack_from("!L4s", content, at)
        end = at + 12 + length
        data = content[at + 8 : end - 4]
        (checksum,) = struct.unpack_from("!L", content, end - 4)
        if zlib.crc32(data, zlib.crc32(name)) == checksum:
            yield name, data, content[at:end]
        elif not name[0] & 0x20:  # an upper-case letter: critical
            raise BrokenStructure("a wrong checksum")
        at = end


def _inflate_profile(data: bytes) -> bytes:
    """The profile of an iCCP chunk; nothing where that is broken or absurdly large."""
    _name, _, packed = data.partition(b"\0")
    inflater = zlib.decompressobj()
    try:
        profile = inflater.decompress(packed[1:], PROFILE_MAX_BYTES)
    except zlib.error:
        return b""
    return profile if inflater.eof else b""


def _read_webp(content: bytes) -> Structure:
    end = 8 + struct.unpack_from("<L", content, 4)[0]
    if end > len(content):
        raise BrokenStructure("the file ends too early")
    size, animated, at = (0, 0), False, 12
    for _ in range(MAX_SEGMENTS):
        if at + 8 > end:
            break
        name, length = struct.unpack_from("<4sL", content, at)
        data = content[at + 8 : min(at + 8 + length, end)]
        if name in (b"VP8X", b"VP8 ", b"VP8L"):
            found = _webp_size(name, data)
            size = (max(size[0], found[0]), max(size[1], found[1]))
        animated = animated or name in (b"ANIM", b"ANMF") or (name == b"VP8X" and bool(data[0] & 2))
        at += 8 + length + length % 2
    if not all(size):
        raise BrokenStructure("no picture")
    return Structure("WEBP", *size, content[:end], animated=animated, held=12 * size[0] * size[1])


def _webp_size(name: bytes, data: bytes) -> tuple[int, int]:
    if name == b"VP8X":
        return 1 + int.from_bytes(data[4:7], "little"), 1 + int.from_bytes(data[7:10], "little")
    if name == b"VP8L":
        (bits,) = struct.unpack_from("<L", data, 1)
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", data, 6)
    return width & 0x3FFF, height & 0x3FFF
