"""Pack shots for the demo and the story: goods on a white ground, drawn from scratch in one manner.

Flat colours and lettering at twice the size, reduced for smooth edges; then light and shadow, which are the
same for all goods of one shape and made once.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from aqad.demo.labels import LabelArt, Paints, Wording, draw_label
from aqad.demo.palette import WHITE, Colour, mix, paint
from aqad.demo.shapes import CENTRE, GROUND, SHAPES, SIZE, Part, Shape

SCALE = 2
FULL = (SIZE * SCALE, SIZE * SCALE)
# How dark it is from the left edge of a pack to its right one, and how bright the gleam is, of 255.
ROUND_SHADE = (86, 40, 12, 0, 0, 0, 4, 18, 44, 84, 120)
ROUND_GLEAM = (0, 30, 96, 60, 14, 0, 0, 0, 10, 22, 0)
FLAT_SHADE = (0, 0, 0, 2, 4, 8, 12, 18, 24, 32, 40)
FLAT_GLEAM = (34, 24, 16, 10, 6, 0, 0, 0, 0, 0, 0)
UNLIT = (0,) * 11


@dataclass(frozen=True)
class Look:
    """`shape` is a key of SHAPES, `motif` one of MOTIFS, the colours names of the palette or of CSS."""

    shape: str
    colour: str
    accent: str
    motif: str


def pack_shot(look: Look, wording: Wording, label: LabelArt = draw_label) -> bytes:
    """A PNG of one product, always the same for the same arguments; `label` draws what stands on it."""
    shape, paints = SHAPES[look.shape], Paints(paint(look.colour), paint(look.accent))
    flat = Image.new("RGB", FULL, WHITE)
    pencil = ImageDraw.Draw(flat)
    for part in shape.parts:
        pencil.polygon(_scaled(part), fill=_tone(part, paints))
    left, top, right, bottom = (edge * SCALE for edge in shape.label)
    size = (right - left, bottom - top)
    art = label(size, wording, paints, look.motif, full=shape.full)
    flat.paste(art, (left, top), _label_mask(look.shape))
    picture = _shadow(look.shape).copy()
    picture.paste(flat.reduce(SCALE), mask=_outline(look.shape))
    _light(picture, look.shape)
    picture = ImageChops.offset(picture, 0, -_lift(look.shape))  # what wraps round is white
    buffer = BytesIO()
    picture.save(buffer, format="PNG")
    return buffer.getvalue()


def _tone(part: Part, paints: Paints) -> Colour:
    body = paints.body
    colours: dict[str, Colour] = {
        "body": body,
        "accent": paints.accent,
        "deep": mix(body, (10, 30, 30), 0.28),
        "fill": mix(body, WHITE, 0.12),
        "glass": mix(body, WHITE, 0.62),
        "paper": mix(body, WHITE, 0.8),
        "metal": (205, 210, 211),
        "white": WHITE,
    }
    return colours[part.tone]


def _scaled(part: Part) -> list[tuple[float, float]]:
    return [(x * SCALE, y * SCALE) for x, y in part.outline]


def _mask(parts: tuple[Part, ...]) -> Image.Image:
    mask = Image.new("L", FULL, 0)
    pencil = ImageDraw.Draw(mask)
    for part in parts:
        pencil.polygon(_scaled(part), fill=255)
    return mask


@lru_cache(maxsize=64)
def _outline(name: str) -> Image.Image:
    """Where the pack is, and not the white seen through a handle."""
    return _mask(SHAPES[name].parts).reduce(SCALE)


@lru_cache(maxsize=64)
def _label_mask(name: str) -> Image.Image:
    """The label within its pack, in pixels of the label; a wrapped label ends where the pack does."""
    shape = SHAPES[name]
    left, top, right, bottom = shape.label
    box = (left * SCALE, top * SCALE, right * SCALE, bottom * SCALE)
    return _mask(_labelled(shape)).crop(box)


def _labelled(shape: Shape) -> tuple[Part, ...]:
    """The part that carries the label: the one made of the body's colour, or the glass."""
    bodies = [part for part in shape.parts if part.tone == "body"]
    return (bodies[-1],) if bodies else tuple(part for part in shape.parts if part.tone == "glass")


@lru_cache(maxsize=64)
def _shadow(name: str) -> Image.Image:
    """White ground with the soft shadow of a pack and the dark line where it stands."""
    xs = [x for part in SHAPES[name].parts for x, _y in part.outline]
    low = Image.new("L", (SIZE // 4, SIZE // 4), 0)
    pencil = ImageDraw.Draw(low)
    half = (max(xs) - min(xs)) / 2
    for spread, high, dark in ((1.16, 26, 46), (1.0, 12, 92)):
        reach = half * spread
        box = [(CENTRE - reach + 14) / 4, (GROUND - high) / 4, (CENTRE + reach + 14) / 4, (GROUND + high) / 4]
        pencil.ellipse(box, fill=dark)
        low = low.filter(ImageFilter.GaussianBlur(3.2))
        pencil = ImageDraw.Draw(low)
    mask = low.resize((SIZE, SIZE), Image.Resampling.BICUBIC)
    ground = Image.new("RGB", (SIZE, SIZE), WHITE)
    ground.paste(Image.new("RGB", (SIZE, SIZE), (38, 60, 58)), mask=mask)
    return ground


def _lift(name: str) -> int:
    """How far a low pack is moved up: half of the way to the middle, so that a row keeps a shelf."""
    top = min(y for part in SHAPES[name].parts for _x, y in part.outline)
    return max(0, round((top - (SIZE - GROUND)) / 4))


@lru_cache(maxsize=64)
def _lights(name: str) -> tuple[Image.Image, Image.Image]:
    """How dark and how bright each pixel of a shape becomes."""
    shape = SHAPES[name]
    shade, gleam = Image.new("L", (SIZE, SIZE), 0), Image.new("L", (SIZE, SIZE), 0)
    profiles = (ROUND_SHADE, ROUND_GLEAM) if shape.round else (FLAT_SHADE, FLAT_GLEAM)
    for part in shape.parts:
        if part.tone == "fill" and not part.lit:
            continue  # what is inside a glass is lit as the glass is
        mask = _mask((part,)).reduce(SCALE)
        for light, profile in zip((shade, gleam), profiles, strict=True):
            light.paste(_across(part, profile if part.lit else UNLIT), mask=mask)
    return shade, gleam


def _across(part: Part, profile: tuple[int, ...]) -> Image.Image:
    """The profile stretched from the left edge of a part to its right one."""
    left, right = round(min(x for x, _y in part.outline)), round(max(x for x, _y in part.outline))
    row = Image.new("L", (len(profile), 1))
    row.putdata(profile)
    whole = Image.new("L", (SIZE, 1), 0)
    whole.paste(row.resize((max(right - left, 1), 1), Image.Resampling.BICUBIC), (left, 0))
    return whole.resize((SIZE, SIZE), Image.Resampling.NEAREST)


def _light(picture: Image.Image, name: str) -> None:
    shade, gleam = _lights(name)
    picture.paste((14, 34, 36), (0, 0, SIZE, SIZE), shade)
    picture.paste(WHITE, (0, 0, SIZE, SIZE), gleam)
