"""Paper for the demo and the story: a PDF of one page, written from scratch."""

from collections.abc import Mapping

WIDTH, HEIGHT = 595, 842  # A4 in points
LEFT, RIGHT = 72, 523
LONG = 36  # letters of a value that would run over the edge
INK, PALE = "0.11 0.18 0.24", "0.55 0.60 0.64"


def certificate(title: str, holder: str, facts: Mapping[str, str]) -> bytes:
    """A specimen of a document about `holder`, with `facts` as its lines. Latin letters only."""
    marks = [
        f"{PALE} RG 1 w 48 48 {WIDTH - 96} {HEIGHT - 96} re S",
        _text(LEFT, 744, 24, "F2", title),
        _text(LEFT, 700, 15, "F1", holder),
        f"{PALE} RG 0.5 w {LEFT} 676 m {RIGHT} 676 l S",
    ]
    for row, (name, value) in enumerate(facts.items()):
        height = 640 - 34 * row
        size = 12 if len(value) <= LONG else 10
        marks += [_text(LEFT, height, 11, "F1", name, colour=PALE), _text(250, height, size, "F2", value)]
    marks.append(_text(LEFT, 84, 9, "F1", "Specimen for trying AQAD. Not a real document.", colour=PALE))
    return _assemble("\n".join(marks).encode("latin-1"))


def trade_licence(company: str, number: str, *, authority: str, expires: str) -> bytes:
    return certificate(
        "Trade Licence",
        company,
        {
            "Licence number": number,
            "Issued by": authority,
            "Valid until": expires,
            "Activity": "Food trading",
        },
    )


def vat_certificate(company: str, trn: str) -> bytes:
    return certificate(
        "Tax Registration Certificate",
        company,
        {"Tax registration number": trn, "Tax": "Value Added Tax", "Standard rate": "5 %"},
    )


def _text(x: int, y: int, size: int, font: str, text: str, *, colour: str = INK) -> str:
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"BT {colour} rg /{font} {size} Tf {x} {y} Td ({escaped}) Tj ET"


def _assemble(content: bytes) -> bytes:
    fonts = b"<< /F1 5 0 R /F2 6 0 R >>"
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents 4 0 R /Resources << /Font %b >> >>"
        % (WIDTH, HEIGHT, fonts),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    document, places = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"), []
    for number, part in enumerate(parts, start=1):
        places.append(len(document))
        document += b"%d 0 obj\n%b\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start, size = len(document), len(parts) + 1
    document += b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, table)
    document += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(document)
