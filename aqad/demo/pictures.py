"""Company marks for the demo, drawn from scratch. Goods are drawn in `packshots`."""

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from aqad.demo.palette import WHITE, paint

SIZE = 400
SCALE = 2  # drawn larger and reduced, for smooth edges
MARGIN, RADIUS, LETTERS = 20, 75, 180


def company_mark(name: str, *, colour: str) -> bytes:
    """A PNG logo: the company's initials on a coloured tile."""
    side = SIZE * SCALE
    picture = Image.new("RGB", (side, side), WHITE)
    pencil = ImageDraw.Draw(picture)
    edge = MARGIN * SCALE
    pencil.rounded_rectangle([edge, edge, side - edge, side - edge], RADIUS * SCALE, fill=paint(colour))
    initials = "".join(word[0] for word in name.split()[:2]).upper()
    font = ImageFont.load_default(LETTERS * SCALE)
    pencil.text((side / 2, side / 2), initials, fill=WHITE, font=font, anchor="mm")
    buffer = BytesIO()
    picture.reduce(SCALE).save(buffer, format="PNG")
    return buffer.getvalue()
