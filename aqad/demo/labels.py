"""The art of a label: brand, motif, name and size, in one of a few arrangements."""

import math
import unicodedata
import zlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from PIL import Image, ImageDraw, ImageFont

from aqad.demo.motifs import MOTIFS, Stencil
from aqad.demo.palette import WHITE, Colour, darker, lettering_on, mix, paint

Point = tuple[float, float]


@dataclass(frozen=True)
class Wording:
    """What stands on a pack: `title` may be empty where the brand says it all."""

    brand: str
    title: str
    size: str


@dataclass(frozen=True)
class Paints:
    body: Colour
    accent: Colour

    @property
    def paper(self) -> Colour:
        return paint("cream")


class LabelArt(Protocol):
    """Draws a label in pixels of `size`; `full` covers the pack in its colours, else it is paper on it."""

    def __call__(
        self, size: tuple[int, int], wording: Wording, paints: Paints, motif: str, *, full: bool
    ) -> Image.Image: ...


def draw_label(
    size: tuple[int, int], wording: Wording, paints: Paints, motif: str, *, full: bool
) -> Image.Image:
    """The front of a pack: a LabelArt."""
    width, height = size
    art = Image.new("RGB", size, paints.body if full else paints.paper)
    label = _Label(ImageDraw.Draw(art), width, height, wording, paints, motif)
    if width > height * 1.3:
        label.wide(paints.body if full else paints.paper)
    elif full:
        label.tall(short=height < width * 1.25)
    else:
        label.paper(low=height < width)
    return art


@dataclass(frozen=True)
class _Label:
    pencil: ImageDraw.ImageDraw
    width: int
    height: int
    wording: Wording
    paints: Paints
    motif: str

    def tall(self, *, short: bool) -> None:
        """The pack's colour above, its accent below, the motif between."""
        middle, high, room = self.width / 2, self.height, self.width * 0.74
        below = lettering_on(self.paints.accent)
        self._field(high * (0.66 if short else 0.62))
        reach = min(self.width * 0.3, high * (0.2 if short else 0.19))
        self._medal(middle, high * (0.42 if short else 0.43), reach)
        brand = (middle, high * (0.13 if short else 0.155))
        self._write(self.wording.brand, brand, room, high * 0.13, lettering_on(self.paints.body), bold=True)
        self._write_title((middle, high * 0.785), room, high * 0.15, below)
        self._pill((middle, high * 0.925), high * 0.05, below)

    def paper(self, *, low: bool) -> None:
        """A paper label; a low one has no room for the motif."""
        middle, high, room = self.width / 2, self.height, self.width * 0.84
        ink, accent = darker(self.paints.body, 0.55), self.paints.accent
        self._field(high * 0.74)
        self.pencil.rectangle([0, 0, self.width, high * 0.035], fill=accent)
        brand = (middle, high * (0.24 if low else 0.16))
        self._write(self.wording.brand, brand, room, high * 0.2, ink, bold=True)
        if not low:
            reach = min(self.width * 0.19, high * 0.11)
            MOTIFS[self.motif](Stencil(self.pencil, middle, high * 0.385, reach), ink, accent)
        title = (middle, high * (0.53 if low else 0.59))
        self._write_title(title, room, high * (0.3 if low else 0.19), ink)
        self._write(self.wording.size, (middle, high * 0.88), room, high * 0.1, lettering_on(accent))

    def wide(self, back: Colour) -> None:
        """The motif at the left, the words beside it."""
        high, ink = self.height, lettering_on(back)
        reach = min(high * 0.32, self.width * 0.17)
        self.pencil.ellipse([-reach, -high * 0.25, reach * 2.8, high * 1.25], fill=self.paints.accent)
        self._medal(reach * 1.35, high * 0.5, reach)
        middle, room = (self.width + reach * 2.8) / 2, (self.width - reach * 2.8) * 0.86
        self._write(self.wording.brand, (middle, high * 0.27), room, high * 0.2, ink, bold=True)
        self._write_title((middle, high * 0.56), room, high * 0.26, ink)
        self._pill((middle, high * 0.84), high * 0.085, ink)

    def _field(self, top: float) -> None:
        """The lower field in the accent's colour, with a pale line along its edge."""
        colour, band = self.paints.accent, self.height * 0.018
        shares = [step / 40 for step in range(41)]
        edge = [(share * self.width, top + self.height * 0.045 * self._rise(share)) for share in shares]
        corners = [(self.width, self.height), (0, self.height)]
        self.pencil.polygon([*((x, y - band) for x, y in edge), *corners], fill=mix(colour, WHITE, 0.65))
        self.pencil.polygon([*edge, *corners], fill=colour)

    def _rise(self, share: float) -> float:
        """The line between the two fields, from -1 to 1: all goods of a brand have the same."""
        match zlib.crc32(self.wording.brand.encode()) >> 4 & 3:
            case 0:
                return math.sin(share * 2 * math.pi)
            case 1:
                return 1 - 2 * share
            case 2:
                return 1 - 2 * math.sin(share * math.pi)
            case _:
                return 2 * math.sin(share * math.pi) - 1

    def _medal(self, x: float, y: float, reach: float) -> None:
        """The motif on a pale disc with a rim."""
        for radius, colour in ((reach, self.paints.accent), (reach * 0.93, self.paints.paper)):
            self.pencil.ellipse([x - radius, y - radius, x + radius, y + radius], fill=colour)
        main, second = darker(self.paints.body, 0.45), darker(self.paints.accent, 0.15)
        MOTIFS[self.motif](Stencil(self.pencil, x, y, reach * 0.66), main, second)

    def _write_title(self, at: Point, room: float, high: float, colour: Colour) -> None:
        """Write in one line, or in two where that makes the letters clearly larger."""
        x, y = at
        lines = _two_lines(self.wording.title)
        if len(lines) == 1 or len(self.wording.title) <= 11:
            self._write(self.wording.title, at, room, high * 0.55, colour)
            return
        for line, offset in zip(lines, (-0.27, 0.27), strict=True):
            self._write(line, (x, y + high * offset), room, high * 0.46, colour)

    def _pill(self, at: Point, high: float, colour: Colour) -> None:
        """The size, framed."""
        (x, y), text = at, self.wording.size
        if not text:
            return
        half = self.pencil.textlength(text, font=_font(round(high * 0.72))) / 2 + high * 0.5
        box = [x - half, y - high / 2, x + half, y + high / 2]
        self.pencil.rounded_rectangle(box, high / 2, outline=colour, width=max(2, round(high * 0.06)))
        self._write(text, at, half * 2, high * 0.72, colour)

    def _write(
        self, text: str, at: Point, room: float, high: float, colour: Colour, *, bold: bool = False
    ) -> None:
        text_in(self.pencil, text, at, room, high, colour, bold=bold)


def text_in(  # noqa: PLR0917 - a place and a look
    pencil: ImageDraw.ImageDraw, text: str, at: Point, room: float, high: float, colour: Colour,
    *, bold: bool = False,
) -> None:  # fmt: skip
    """Write centred on `at`, smaller where the text would be wider than `room`."""
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()  # all the typeface has
    if not text:
        return
    size = round(high * min(1.0, room / pencil.textlength(text, font=_font(round(high)))))
    weight = size / 44 if bold else 0
    pencil.text(at, text, fill=colour, font=_font(size), anchor="mm", stroke_width=weight)


def _two_lines(text: str) -> list[str]:
    words = text.split()
    if len(words) < 2:
        return [text]
    cuts = [(" ".join(words[:cut]), " ".join(words[cut:])) for cut in range(1, len(words))]
    return list(min(cuts, key=lambda lines: max(len(line) for line in lines)))


@lru_cache(maxsize=256)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own typeface: there on every machine."""
    return ImageFont.load_default(max(size, 8))
