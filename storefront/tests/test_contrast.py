"""Every text can be read on its ground, in light and in dark: WCAG 2.2 AA, computed from the tokens."""

import re
from pathlib import Path

import pytest
from django.conf import settings

CSS = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text()
GROUNDS = ("sand", "paper", "raised", "well")
TEXTS = [
    *((text, ground) for text in ("ink", "quiet", "palm", "saffron", "coral", "sea") for ground in GROUNDS),
    *((text, f"{text}-tint") for text in ("palm", "saffron", "coral", "sea")),
    *((text, f"{tint}-tint") for text in ("ink", "quiet") for tint in ("palm", "saffron", "coral", "sea")),
    *((f"on-{fill}", fill) for fill in ("palm", "coral", "sea", "hero")),
    ("on-palm", "palm-deep"),
    ("on-saffron", "saffron-fill"),
    ("hero-quiet", "hero"),
    ("sand", "ink"),
]
# Edges of controls and lines in plots need less: they are seen, not read.
SHAPES = [("line-strong", ground) for ground in GROUNDS]


def tokens_of(selector: str) -> dict[str, str]:
    block = CSS.split(selector, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block))


LIGHT = tokens_of(":root {")
DARK = tokens_of(':root[data-theme="dark"] {')
THEMES = {"light": LIGHT, "dark": {**LIGHT, **DARK}}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_text_is_told_from_its_ground(theme: str) -> None:
    colours = THEMES[theme]
    faint = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in TEXTS}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_controls_are_seen(theme: str) -> None:
    colours = THEMES[theme]
    faint = {pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in SHAPES}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 3} == {}


def test_dark_is_the_same_by_the_systems_wish_and_by_choice() -> None:
    assert tokens_of(':root:not([data-theme="light"]) {') == DARK


def test_the_error_pages_use_the_same_colours() -> None:
    css = (Path(settings.BASE_DIR) / "static" / "css" / "errors.css").read_text()
    light = dict(re.findall(r"--(ink|quiet|sand|palm|on-palm):\s*(#\w{6})", css.split("@media")[0]))
    dark = dict(re.findall(r"--(ink|quiet|sand|palm|on-palm):\s*(#\w{6})", css.split("@media")[1]))
    assert light == {name: LIGHT[name] for name in light}
    assert dark == {name: DARK[name] for name in dark}
