"""Further pictures of some goods: the back with its small print, and the carton they come in."""

import math
import zlib
from collections.abc import Iterator
from dataclasses import replace

from PIL import Image, ImageDraw

from aqad.demo.goods import Goods
from aqad.demo.labels import Paints, Wording, text_in
from aqad.demo.packshots import pack_shot
from aqad.demo.palette import INK, WHITE, lettering_on, mix

KRAFT = "#cda678"
# Goods that are shown from all sides.
SHOWN_FULLY = frozenset(
    {"PEP-330", "7UP-330", "LIP-100", "NES-200", "LAY-SALT", "TIL-5", "BAR-500", "NOO-1800", "ALM-1000"}
)


def views_of(one: Goods) -> list[bytes]:
    """PNGs of the goods, the front first."""
    front = pack_shot(one.look, one.wording)
    if one.sku not in SHOWN_FULLY:
        return [front]
    carton = Wording(one.wording.brand, one.wording.title, one.pack.replace("×", "x"))
    return [
        front,
        pack_shot(one.look, one.wording, label=small_print),
        pack_shot(replace(one.look, shape="shipper", colour=KRAFT), carton),
    ]


def small_print(
    size: tuple[int, int], wording: Wording, paints: Paints, motif: str, *, full: bool
) -> Image.Image:
    """The back of a pack in pixels of `size`: its name, a table of what is in it, and a barcode."""
    width, height = size
    art = Image.new("RGB", size, paints.body if full else paints.paper)
    pencil = ImageDraw.Draw(art)
    ink = lettering_on(paints.body) if full else INK
    name = f"{wording.brand} {wording.title}".strip()
    text_in(pencil, name, (width / 2, height * 0.15), width * 0.7, height * 0.07, ink)
    panel = [width * 0.18, height * 0.26, width * 0.82, height * 0.62]
    pencil.rounded_rectangle(panel, height * 0.015, fill=WHITE, outline=mix(INK, WHITE, 0.4), width=3)
    for left, top, right, bottom, strength in _rows(panel):
        pencil.rectangle([left, top, right, bottom], fill=mix(INK, WHITE, 1 - strength))
    code = [width * 0.28, height * 0.69, width * 0.72, height * 0.87]
    pencil.rectangle(code, fill=WHITE)
    for left, right in _bars(name, code[0] + 16, code[2] - 16):
        pencil.rectangle([left, code[1] + 12, right, code[3] - 12], fill=INK)
    return art


def _rows(panel: list[float]) -> Iterator[tuple[float, float, float, float, float]]:
    """The lines of the table: a bold head, then a word and a figure each."""
    left, top, right, bottom = panel
    room, step = right - left, (bottom - top) / 8
    yield left + room * 0.08, top + step * 0.7, left + room * 0.66, top + step * 1.15, 0.9
    for number in range(5):
        middle = top + step * (2.2 + number * 1.1)
        word = 0.3 + 0.12 * math.sin(number * 2.3)
        yield left + room * 0.08, middle, left + room * (0.08 + word), middle + step * 0.3, 0.55
        yield right - room * 0.24, middle, right - room * 0.08, middle + step * 0.3, 0.55


def _bars(name: str, left: float, right: float) -> Iterator[tuple[float, float]]:
    """Bars of one to three units that differ from product to product, and stand for nothing."""
    bits, unit = zlib.crc32(name.encode()) | 1 << 32, (right - left) / 64
    at, number = 0, 0
    while at < 60:
        wide = 1 + (bits >> number * 2 % 32 & 1) + (bits >> number * 3 % 32 & 1)
        yield left + at * unit, left + (at + wide) * unit - 1
        at += wide + 1 + (bits >> number * 5 % 32 & 1)
        number += 1
