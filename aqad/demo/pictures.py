"""Pictures for the demo and the story: goods on a shelf and company marks, drawn from scratch."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageColor, ImageDraw, ImageFont

SIZE = 800
SCALE = 2  # drawn larger and reduced, for smooth edges
CENTRE = SIZE // 2

Colour = tuple[int, int, int]
Pencil = ImageDraw.ImageDraw


def product_picture(label: str, pack: str, *, shape: str, colour: str) -> bytes:
    """A PNG of one product: `shape` is a key of SHAPES, `colour` that of its brand."""
    paint = _rgb(colour)
    picture = Image.new("RGB", (SIZE * SCALE, SIZE * SCALE), _mix(paint, (255, 255, 255), 0.88))
    pencil = ImageDraw.Draw(picture)
    _ellipse(pencil, (220, 640, 580, 700), _mix(paint, (240, 240, 240), 0.7))
    SHAPES[shape](pencil, paint)
    _write(pencil, label, 430, 46, (255, 255, 255), fits=230)
    _write(pencil, pack, 748, 34, _mix(paint, (30, 30, 30), 0.6), fits=700)
    return _png(picture)


def company_mark(name: str, *, colour: str) -> bytes:
    """A PNG logo: the company's initials on a coloured tile."""
    picture = Image.new("RGB", (SIZE * SCALE, SIZE * SCALE), (255, 255, 255))
    pencil = ImageDraw.Draw(picture)
    _rectangle(pencil, (40, 40, 760, 760), _rgb(colour), radius=150)
    initials = "".join(word[0] for word in name.split()[:2]).upper()
    _write(pencil, initials, CENTRE, 360, (255, 255, 255), fits=560)
    return _png(picture)


def _can(pencil: Pencil, paint: Colour) -> None:
    metal = (206, 211, 216)
    _rectangle(pencil, (270, 150, 530, 675), metal, radius=40)
    _rectangle(pencil, (262, 190, 538, 640), paint, radius=18)
    _rectangle(pencil, (285, 190, 310, 640), _mix(paint, (255, 255, 255), 0.35))
    _ellipse(pencil, (285, 138, 515, 176), _mix(metal, (255, 255, 255), 0.5))


def _bottle(pencil: Pencil, paint: Colour) -> None:
    glass = _mix(paint, (255, 255, 255), 0.45)
    _rectangle(pencil, (360, 90, 440, 140), _mix(paint, (0, 0, 0), 0.35), radius=12)
    _rectangle(pencil, (368, 135, 432, 270), glass, radius=20)
    _rectangle(pencil, (268, 230, 532, 675), glass, radius=90)
    _rectangle(pencil, (268, 350, 532, 540), paint)


def _box(pencil: Pencil, paint: Colour) -> None:
    _polygon(pencil, [(250, 240), (330, 170), (620, 170), (550, 240)], _mix(paint, (255, 255, 255), 0.35))
    _polygon(pencil, [(550, 240), (620, 170), (620, 590), (550, 670)], _mix(paint, (0, 0, 0), 0.3))
    _rectangle(pencil, (250, 240, 550, 670), paint)


def _bag(pencil: Pencil, paint: Colour) -> None:
    _polygon(pencil, [(255, 170), (545, 170), (570, 400), (550, 670), (250, 670), (230, 400)], paint)
    _polygon(pencil, [(255, 170), (545, 170), (552, 225), (248, 225)], _mix(paint, (0, 0, 0), 0.25))


SHAPES: dict[str, Callable[[Pencil, Colour], None]] = {
    "can": _can,
    "bottle": _bottle,
    "box": _box,
    "bag": _bag,
}


def _write(pencil: Pencil, text: str, y: int, size: int, colour: Colour, *, fits: int) -> None:
    """Write `text` in the middle of the line at `y`, smaller where it would be wider than `fits`."""
    text = text.replace("×", "x")  # not in the font
    width = pencil.textlength(text, font=ImageFont.load_default(size * SCALE))
    font = ImageFont.load_default(size * SCALE * min(1.0, fits * SCALE / max(width, 1)))
    pencil.text((CENTRE * SCALE, y * SCALE), text, fill=colour, font=font, anchor="mm")


def _rectangle(pencil: Pencil, box: tuple[int, int, int, int], colour: Colour, radius: int = 0) -> None:
    pencil.rounded_rectangle([edge * SCALE for edge in box], radius * SCALE, fill=colour)


def _ellipse(pencil: Pencil, box: tuple[int, int, int, int], colour: Colour) -> None:
    pencil.ellipse([edge * SCALE for edge in box], fill=colour)


def _polygon(pencil: Pencil, points: list[tuple[int, int]], colour: Colour) -> None:
    pencil.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)


def _rgb(colour: str) -> Colour:
    red, green, blue = ImageColor.getrgb(colour)[:3]
    return red, green, blue


def _mix(first: Colour, second: Colour, share: float) -> Colour:
    """`first` with that share of `second`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def _png(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.resize((SIZE, SIZE), Image.Resampling.LANCZOS).save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
