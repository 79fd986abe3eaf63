"""The packages of the demo's goods, seen from the front: outlines on a square of 900, standing on GROUND.

A shape is a list of parts, drawn back to front, and the box that its label fills.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

SIZE = 900
CENTRE = SIZE // 2
GROUND = 790

Point = tuple[float, float]
Box = tuple[int, int, int, int]
# What a part is made of: the pack's own colour, its accent, or a material that is the same for all.
Tone = Literal["body", "deep", "accent", "metal", "glass", "paper", "white", "fill"]


@dataclass(frozen=True)
class Part:
    outline: tuple[Point, ...]
    tone: Tone
    lit: bool = True


@dataclass(frozen=True)
class Shape:
    """`label` is filled by the label's art within the outline; `round` says how light falls on it."""

    parts: tuple[Part, ...]
    label: Box
    round: bool = True
    full: bool = False


def lathe(profile: Sequence[tuple[float, float]], centre: float = CENTRE) -> tuple[Point, ...]:
    """The outline of a turned body: (height, half width) from top to bottom, eased from one to the next."""
    right: list[Point] = []
    for (top, narrow), (bottom, wide) in pairwise(profile):
        steps = max(2, round((bottom - top) / 3)) if narrow != wide else 1
        for step in range(steps):
            share = step / steps
            eased = share * share * (3 - 2 * share)
            right.append((centre + narrow + (wide - narrow) * eased, top + (bottom - top) * share))
    last, half = profile[-1]
    right.append((centre + half, last))
    return (*right, *((2 * centre - x, y) for x, y in reversed(right)))


def rounded(box: Box, *radii: float) -> tuple[Point, ...]:
    """A rectangle with rounded corners: one radius for all, or four clockwise from the top left."""
    left, top, right, bottom = box
    corners = list(radii) * 4 if len(radii) == 1 else list(radii)
    centres = (
        (left + corners[0], top + corners[0], 180), (right - corners[1], top + corners[1], 270),
        (right - corners[2], bottom - corners[2], 0), (left + corners[3], bottom - corners[3], 90),
    )  # fmt: skip
    points: list[Point] = []
    for (x, y, start), radius in zip(centres, corners, strict=False):
        for degrees in range(start, start + 91, 6):
            turn = math.radians(degrees)
            points.append((x + radius * math.cos(turn), y + radius * math.sin(turn)))
    return tuple(points)


def disc(x: float, y: float, across: float, high: float | None = None) -> tuple[Point, ...]:
    down = across if high is None else high
    turns = (math.radians(degrees) for degrees in range(0, 360, 4))
    return tuple((x + across * math.cos(turn), y + down * math.sin(turn)) for turn in turns)


def crimped(left: float, right: float, y: float, high: float, *, teeth: int) -> list[Point]:
    """The zigzag edge of a sealed bag, from left to right."""
    step = (right - left) / teeth
    return [
        point
        for tooth in range(teeth)
        for point in ((left + tooth * step, y), (left + (tooth + 0.5) * step, y - high))
    ] + [(right, y)]


def _bag() -> tuple[Point, ...]:
    side = [(y, 196 + 16 * math.sin(math.pi * (y - 190) / 540)) for y in range(190, 731, 18)]
    top = crimped(CENTRE - 188, CENTRE + 188, 150, 9, teeth=22)
    bottom = [
        (x, 2 * 780 - y - 10) for x, y in reversed(crimped(CENTRE - 188, CENTRE + 188, 780, 9, teeth=22))
    ]
    right = [(CENTRE + half, float(y)) for y, half in side]
    left = [(CENTRE - half, float(y)) for y, half in reversed(side)]
    return (*top, *right, *bottom, *left)


def _jug() -> tuple[Point, ...]:
    return lathe([(236, 62), (300, 84), (372, 168), (400, 172), (748, 172), (790, 150)], CENTRE - 4)


SHAPES: dict[str, Shape] = {
    "can": Shape(
        (
            Part(lathe([(146, 112), (160, 116), (176, 112)]), "metal"),
            Part(lathe([(172, 114), (222, 152), (732, 152), (772, 124)]), "body"),
            Part(lathe([(768, 124), (780, 122), (790, 114)]), "metal"),
        ),
        (298, 168, 602, 774),
        full=True,
    ),
    "slim": Shape(
        (
            Part(lathe([(120, 88), (132, 92), (146, 88)]), "metal"),
            Part(lathe([(142, 90), (188, 116), (738, 116), (774, 94)]), "body"),
            Part(lathe([(770, 94), (781, 92), (790, 86)]), "metal"),
        ),
        (334, 140, 566, 776),
        full=True,
    ),
    "bottle": Shape(
        (
            Part(lathe([(158, 32), (320, 110), (360, 116), (560, 116), (600, 110), (640, 116), (764, 116),
                        (790, 96)]), "glass"),
            Part(lathe([(262, 78), (320, 104), (360, 108), (560, 108), (600, 103), (640, 108), (760, 108),
                        (782, 90)]), "fill", lit=False),
            Part(rounded((410, 104, 490, 164), 10, 10, 4, 4), "accent"),
            Part(rounded((404, 160, 496, 174), 5), "deep"),
        ),
        (332, 384, 568, 566),
    ),
    "juice": Shape(
        (
            Part(lathe([(176, 52), (214, 52), (330, 138), (372, 144), (752, 144), (790, 120)]), "glass"),
            Part(lathe([(232, 62), (330, 130), (372, 136), (750, 136), (782, 114)]), "fill", lit=False),
            Part(rounded((388, 112, 512, 184), 14, 14, 6, 6), "accent"),
        ),
        (304, 396, 596, 700),
    ),
    "oil": Shape(
        (
            Part(lathe([(168, 44), (206, 46), (290, 132), (330, 142), (470, 142), (500, 130), (530, 142),
                        (756, 142), (790, 122)]), "glass"),
            Part(lathe([(222, 56), (290, 124), (330, 134), (470, 134), (500, 123), (530, 134), (752, 134),
                        (782, 116)]), "fill", lit=False),
            Part(rounded((398, 104, 502, 176), 12, 12, 6, 6), "accent"),
        ),
        (306, 352, 594, 716),
    ),
    "jug": Shape(
        (
            Part(rounded((470, 262, 640, 520), 70), "body"),
            Part(rounded((520, 312, 592, 470), 34), "white", lit=False),
            Part(_jug(), "body"),
            Part(rounded((386, 140, 506, 244), 18, 18, 8, 8), "accent"),
        ),
        (286, 420, 606, 744),
    ),
    "spray": Shape(
        (
            Part(lathe([(284, 40), (330, 46), (420, 128), (450, 132), (750, 132), (790, 112)]), "body"),
            Part(((352, 150), (500, 132), (548, 168), (548, 250), (500, 290), (408, 290), (400, 226),
                  (352, 222)), "accent"),
            Part(rounded((322, 164, 360, 208), 8), "deep"),
            Part(((392, 232), (414, 232), (404, 320), (372, 348), (366, 334), (386, 300)), "deep"),
        ),
        (326, 452, 574, 744),
    ),
    "carton": Shape(
        (
            Part(rounded((340, 118, 560, 168), 8), "deep"),
            Part(((342, 162), (558, 162), (604, 290), (296, 290)), "paper"),
            Part(rounded((296, 286, 604, 790), 0, 0, 8, 8), "body"),
            Part(rounded((404, 180, 496, 256), 16, 16, 6, 6), "accent"),
        ),
        (296, 288, 604, 790),
        round=False,
        full=True,
    ),
    "box": Shape(
        (
            Part(((252, 176), (648, 176), (634, 150), (266, 150)), "deep"),
            Part(rounded((246, 174, 654, 790), 6), "body"),
        ),
        (246, 176, 654, 790),
        round=False,
        full=True,
    ),
    "packet": Shape(
        (
            Part(((334, 150), (566, 150), (576, 132), (324, 132)), "deep"),
            Part(rounded((320, 148, 580, 790), 6), "body"),
        ),
        (320, 150, 580, 790),
        round=False,
        full=True,
    ),
    "case": Shape(
        (
            Part(((168, 420), (732, 420), (716, 392), (184, 392)), "deep"),
            Part(rounded((160, 418, 740, 790), 8), "body"),
        ),
        (160, 420, 740, 790),
        round=False,
        full=True,
    ),
    "shipper": Shape(
        (
            Part(((232, 330), (760, 330), (672, 408), (134, 408)), "fill"),
            Part(((458, 330), (524, 330), (436, 408), (368, 408)), "accent", lit=False),
            Part(((668, 408), (760, 330), (760, 706), (668, 790)), "deep"),
            Part(rounded((134, 406, 670, 790), 0, 0, 0, 6), "body"),
        ),
        (134, 408, 670, 790),
        round=False,
        full=True,
    ),
    "jar": Shape(
        (
            Part(lathe([(306, 140), (330, 140), (366, 168), (400, 172), (744, 172), (790, 146)]), "glass"),
            Part(lathe([(336, 132), (372, 158), (402, 163), (742, 163), (781, 140)]), "fill", lit=False),
            Part(rounded((294, 218, 606, 312), 16, 16, 8, 8), "accent"),
        ),
        (274, 430, 626, 706),
    ),
    "tin": Shape(
        (
            Part(lathe([(338, 190), (352, 196), (366, 192)]), "metal"),
            Part(rounded((258, 362, 642, 768), 2), "body"),
            Part(lathe([(764, 192), (778, 196), (790, 190)]), "metal"),
        ),
        (256, 364, 644, 768),
        full=True,
    ),
    "tall-tin": Shape(
        (
            Part(lathe([(236, 146), (250, 152), (264, 148)]), "metal"),
            Part(rounded((302, 260, 598, 768), 2), "body"),
            Part(lathe([(764, 148), (778, 152), (790, 146)]), "metal"),
        ),
        (300, 262, 600, 768),
        full=True,
    ),
    "sack": Shape(
        (
            Part((*crimped(274, 626, 142, 8, teeth=16), (622, 196), (278, 196)), "deep"),
            Part(lathe([(182, 174), (232, 190), (470, 212), (724, 200), (790, 178)]), "body"),
        ),
        (238, 184, 662, 790),
        full=True,
    ),
    "bag": Shape((Part(_bag(), "body"),), (238, 140, 662, 782), full=True),
    "tub": Shape(
        (
            Part(lathe([(430, 186), (600, 172), (760, 150), (790, 140)]), "body"),
            Part(rounded((248, 372, 652, 436), 18, 18, 10, 10), "accent"),
        ),
        (262, 440, 638, 790),
        full=True,
    ),
    "tube": Shape(
        (
            Part(((338, 128), (562, 128), (556, 170), (526, 700), (374, 700), (344, 170)), "body"),
            Part(rounded((334, 122, 566, 160), 4), "deep"),
            Part(rounded((392, 698, 508, 790), 4, 4, 14, 14), "accent"),
        ),
        (338, 164, 562, 698),
        full=True,
    ),
    "shampoo": Shape(
        (
            Part(lathe([(252, 70), (290, 122), (330, 136), (620, 136), (750, 128), (790, 108)]), "body"),
            Part(rounded((376, 140, 524, 258), 20, 20, 4, 4), "accent"),
        ),
        (316, 330, 584, 744),
    ),
    "aerosol": Shape(
        (
            Part(lathe([(272, 84), (320, 108), (770, 108), (790, 104)]), "body"),
            Part(rounded((362, 142, 538, 286), 40, 40, 4, 4), "accent"),
        ),
        (342, 312, 558, 780),
        full=True,
    ),
    "pack": Shape(
        (
            Part(rounded((396, 236, 504, 330), 40), "deep"),
            Part(rounded((424, 264, 476, 330), 22), "white", lit=False),
            Part(rounded((190, 300, 710, 790), 58, 58, 34, 34), "body"),
        ),
        (190, 302, 710, 790),
        round=False,
        full=True,
    ),
    "roll": Shape(
        (
            Part(rounded((226, 322, 674, 790), 40, 40, 26, 26), "body"),
            *(
                part
                for x in (338, 562)
                for part in (
                    Part(disc(x, 300, 108, 56), "white"),
                    Part(disc(x, 300, 34, 17), "paper", lit=False),
                )
            ),
        ),
        (226, 372, 674, 790),
        round=False,
        full=True,
    ),
    "tray": Shape(
        (
            *(Part(disc(246 + 102 * column, 500, 58, 70), "fill") for column in range(5)),
            *(Part(disc(297 + 102 * column, 540, 58, 72), "fill") for column in range(4)),
            Part(((168, 560), (732, 560), (694, 790), (206, 790)), "body"),
            Part(rounded((156, 540, 744, 580), 12), "deep"),
        ),
        (182, 582, 718, 790),
        round=False,
        full=True,
    ),
    "bread": Shape(
        (
            Part((*lathe([(128, 62), (170, 26), (200, 60)]),), "accent"),
            Part(lathe([(192, 58), (270, 178), (330, 196), (740, 196), (790, 176)]), "body"),
        ),
        (254, 250, 646, 788),
        round=False,
        full=True,
    ),
}  # fmt: skip
