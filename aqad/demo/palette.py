"""The colours of the demo's drawings: those of the pages, and neighbours that sit well beside them."""

from PIL import ImageColor

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)
INK: Colour = (18, 44, 43)

NAMED = {
    "ink": "#123330", "palm": "#0f6b4f", "mint": "#a9d8bd", "olive": "#7a8a35", "lime": "#a8bf3a",
    "sand": "#f3ead8", "cream": "#fbf6ea", "saffron": "#e3a21a", "honey": "#c97b12", "clay": "#b3603a",
    "coral": "#e05d49", "rose": "#eeb0a8", "berry": "#9c2748", "plum": "#6b2d5c", "lilac": "#b9a3d0",
    "sea": "#1f7ea6", "sky": "#8cc8e0", "navy": "#1c3f75", "cocoa": "#5b3526", "stone": "#8b9390",
    "white": "#ffffff",
}  # fmt: skip


def paint(name: str) -> Colour:
    """The colour of that name, or of that CSS notation."""
    red, green, blue = ImageColor.getrgb(NAMED.get(name, name))[:3]
    return red, green, blue


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """`first` with that share of `second`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def is_light(colour: Colour) -> bool:
    """Whether dark lettering reads better on it than white."""
    red, green, blue = colour
    return red * 0.299 + green * 0.587 + blue * 0.114 > 165


def lettering_on(colour: Colour) -> Colour:
    return INK if is_light(colour) else WHITE


def darker(colour: Colour, share: float) -> Colour:
    """A light colour with that share of black, so that it can be read on paper; a dark one as it is."""
    return mix(colour, (0, 0, 0), share) if is_light(colour) else colour
