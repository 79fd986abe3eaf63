"""Small drawings in the middle of a label, each in a circle of radius one round the origin."""

import math
from collections.abc import Callable

from PIL.ImageDraw import ImageDraw

from aqad.demo.palette import WHITE, Colour, mix

Point = tuple[float, float]
TAU = 2 * math.pi


class Stencil:
    """Draws on a part of the picture: the origin at `(x, y)`, one unit being `reach` pixels."""

    def __init__(self, pencil: ImageDraw, x: float, y: float, reach: float) -> None:
        self.pencil, self.x, self.y, self.reach = pencil, x, y, reach

    def polygon(self, points: list[Point], colour: Colour) -> None:
        self.pencil.polygon(
            [(self.x + x * self.reach, self.y + y * self.reach) for x, y in points], fill=colour
        )

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        left, top = self.x + (x - radius) * self.reach, self.y + (y - radius) * self.reach
        self.pencil.ellipse(
            [left, top, left + 2 * radius * self.reach, top + 2 * radius * self.reach], fill=colour
        )

    def leaf(self, start: Point, end: Point, colour: Colour, *, width: float = 0.28) -> None:
        """A pointed oval from `start` to `end`, with its vein."""
        steps = [index / 20 for index in range(21)]
        one = [_along(start, end, t, width * math.sin(math.pi * t)) for t in steps]
        other = [_along(start, end, t, -width * math.sin(math.pi * t)) for t in reversed(steps)]
        self.polygon(one + other, colour)
        thin = [_along(start, end, t, 0.018) for t in (0.1, 0.9)]
        thick = [_along(start, end, t, -0.018) for t in (0.9, 0.1)]
        self.polygon(thin + thick, mix(colour, WHITE, 0.45))

    def bar(self, start: Point, end: Point, colour: Colour, *, width: float) -> None:
        corners = ((0, width), (1, width), (1, -width), (0, -width))
        self.polygon([_along(start, end, share, aside) for share, aside in corners], colour)


def _along(start: Point, end: Point, share: float, aside: float) -> Point:
    """The point at that share of the way, `aside` to its left."""
    (ax, ay), (bx, by) = start, end
    length = math.hypot(bx - ax, by - ay)
    nx, ny = (ay - by) / length * aside, (bx - ax) / length * aside
    return ax + (bx - ax) * share + nx, ay + (by - ay) * share + ny


def _drop(stencil: Stencil, main: Colour, second: Colour) -> None:
    angles = [TAU * step / 60 for step in range(61)]
    curve = [(0.66 * math.sin(a) * math.sin(a / 2), 0.12 - 0.86 * math.cos(a)) for a in angles]
    stencil.polygon(curve, main)
    stencil.disc(-0.16, 0.42, 0.15, mix(main, WHITE, 0.55))
    stencil.disc(0.46, -0.42, 0.12, second)


def _leaf(stencil: Stencil, main: Colour, second: Colour) -> None:
    stencil.leaf((0, 0.8), (0, -0.85), main, width=0.3)
    stencil.leaf((-0.02, 0.8), (-0.82, -0.15), second, width=0.24)
    stencil.leaf((0.02, 0.8), (0.82, -0.15), second, width=0.24)


def _wheat(stencil: Stencil, main: Colour, second: Colour) -> None:
    stencil.polygon([(-0.03, -0.5), (0.03, -0.5), (0.03, 0.95), (-0.03, 0.95)], second)
    for row in range(4):
        y = 0.45 - row * 0.34
        stencil.leaf((0, y), (-0.5, y - 0.42), main, width=0.14)
        stencil.leaf((0, y), (0.5, y - 0.42), main, width=0.14)
    stencil.leaf((0, -0.45), (0, -0.98), main, width=0.14)


def _sun(stencil: Stencil, main: Colour, second: Colour) -> None:
    for ray in range(12):
        a = TAU * ray / 12
        tip = (math.cos(a) * 0.98, math.sin(a) * 0.98)
        base = [(math.cos(a + turn) * 0.66, math.sin(a + turn) * 0.66) for turn in (-0.14, 0.14)]
        stencil.polygon([tip, *base], second)
    stencil.disc(0, 0, 0.56, main)


def _flower(stencil: Stencil, main: Colour, second: Colour) -> None:
    for petal in range(8):
        a = TAU * petal / 8
        stencil.leaf((0, 0), (math.cos(a) * 0.95, math.sin(a) * 0.95), main, width=0.2)
    stencil.disc(0, 0, 0.26, second)


def _bubbles(stencil: Stencil, main: Colour, second: Colour) -> None:
    for x, y, radius in ((-0.3, 0.28, 0.52), (0.46, 0.36, 0.34), (0.2, -0.42, 0.4), (-0.52, -0.55, 0.2)):
        stencil.disc(x, y, radius, main)
        stencil.disc(x - radius * 0.32, y - radius * 0.34, radius * 0.24, mix(main, WHITE, 0.7))
    stencil.disc(0.72, -0.3, 0.12, second)


def _berry(stencil: Stencil, main: Colour, second: Colour) -> None:
    for x, y in ((-0.36, 0.2), (0.36, 0.2), (0, 0.56), (0, -0.08)):
        stencil.disc(x, y, 0.38, mix(main, WHITE, 0.06 if y > 0.3 else 0.0))
        stencil.disc(x - 0.12, y - 0.13, 0.09, mix(main, WHITE, 0.6))
    stencil.leaf((0, -0.3), (0.62, -0.86), second, width=0.18)
    stencil.leaf((0, -0.3), (-0.5, -0.8), second, width=0.16)


def _fruit(stencil: Stencil, main: Colour, second: Colour) -> None:
    stencil.disc(0, 0.14, 0.72, main)
    stencil.disc(0, 0.14, 0.6, mix(main, WHITE, 0.72))
    for slice_ in range(8):
        a, b = TAU * slice_ / 8 + 0.07, TAU * (slice_ + 1) / 8 - 0.07
        points = [(0.06 * math.cos((a + b) / 2), 0.14 + 0.06 * math.sin((a + b) / 2))]
        points += [(0.52 * math.cos(t), 0.14 + 0.52 * math.sin(t)) for t in (a, (a + b) / 2, b)]
        stencil.polygon(points, main)
    stencil.leaf((0.1, -0.5), (0.66, -0.92), second, width=0.16)


def _bean(stencil: Stencil, main: Colour, second: Colour) -> None:
    for x, y, turn in ((-0.34, -0.3, 0.6), (0.38, -0.12, 2.4), (-0.05, 0.5, 1.3)):
        dx, dy = math.cos(turn) * 0.46, math.sin(turn) * 0.46
        stencil.leaf((x - dx, y - dy), (x + dx, y + dy), main, width=0.3)
    stencil.disc(0.62, 0.62, 0.1, second)
    stencil.disc(-0.72, 0.28, 0.08, second)


def _fish(stencil: Stencil, main: Colour, second: Colour) -> None:
    stencil.polygon([(0.42, 0), (0.95, -0.42), (0.82, 0), (0.95, 0.42)], second)
    stencil.leaf((-0.95, 0), (0.6, 0), main, width=0.44)
    stencil.disc(-0.58, -0.08, 0.09, WHITE)
    for x in (-0.2, 0.04, 0.28):
        scale = [(x, -0.22), (x + 0.05, -0.22), (x + 0.12, 0), (x + 0.05, 0.22), (x, 0.22), (x + 0.07, 0)]
        stencil.polygon(scale, mix(main, WHITE, 0.4))


def _snow(stencil: Stencil, main: Colour, second: Colour) -> None:
    for arm in range(6):
        a = TAU * arm / 6 + TAU / 12
        stencil.bar((0, 0), _towards((0, 0), a, 0.95), main, width=0.07)
        for back in (0.45, 0.68):
            at = _towards((0, 0), a, back)
            for turn in (0.8, -0.8):
                stencil.bar(at, _towards(at, a + turn, 0.26), main, width=0.055)
    stencil.disc(0, 0, 0.16, second)


def _towards(start: Point, turn: float, length: float) -> Point:
    return start[0] + math.cos(turn) * length, start[1] + math.sin(turn) * length


def _star(stencil: Stencil, main: Colour, second: Colour) -> None:
    stencil.disc(0, 0, 0.95, second)
    arms = [(0.8 if step % 2 == 0 else 0.34, TAU * step / 16) for step in range(16)]
    points = [(reach * math.sin(a), -reach * math.cos(a)) for reach, a in arms]
    stencil.polygon(points, main)


def _wave(stencil: Stencil, main: Colour, second: Colour) -> None:
    for row, colour in enumerate((second, main, second)):
        y = -0.5 + row * 0.42
        line = [(-1 + step / 20, y + 0.13 * math.sin(step / 20 * TAU)) for step in range(41)]
        stencil.polygon(line + [(x, at + 0.22) for x, at in reversed(line)], colour)


def _palm(stencil: Stencil, main: Colour, second: Colour) -> None:
    stencil.polygon([(-0.07, -0.2), (0.07, -0.2), (0.13, 0.95), (-0.13, 0.95)], second)
    for x, y in ((-0.95, 0.1), (-0.72, -0.6), (0, -0.98), (0.72, -0.6), (0.95, 0.1)):
        stencil.leaf((0, -0.25), (x, y), main, width=0.15)
    for x in (-0.2, 0, 0.2):
        stencil.disc(x, 0.0, 0.11, second)


def _heart(stencil: Stencil, main: Colour, second: Colour) -> None:
    curve = [
        (0.056 * 16 * math.sin(a) ** 3,
         -0.056 * (13 * math.cos(a) - 5 * math.cos(2 * a) - 2 * math.cos(3 * a) - math.cos(4 * a)))
        for a in (TAU * step / 60 for step in range(60))
    ]  # fmt: skip
    stencil.polygon(curve, main)
    stencil.disc(-0.42, -0.34, 0.13, mix(main, WHITE, 0.55))
    stencil.disc(0.72, 0.62, 0.14, second)


MOTIFS: dict[str, Callable[[Stencil, Colour, Colour], None]] = {
    "drop": _drop, "leaf": _leaf, "wheat": _wheat, "sun": _sun, "flower": _flower, "bubbles": _bubbles,
    "berry": _berry, "fruit": _fruit, "bean": _bean, "fish": _fish, "snow": _snow, "star": _star,
    "wave": _wave, "palm": _palm, "heart": _heart,
}  # fmt: skip
