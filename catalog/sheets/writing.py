"""CSV and XLSX as streams: one row after the other, however many there are.

Texts that a spreadsheet would run as a formula get an apostrophe in front, which reading takes off again.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from django.utils import translation

from aqad.lib.spreadsheet_formulas import shield_formula
from aqad.lib.text.characters import LINE_BREAKS, NO_TEXT
from catalog.sheets.cells import DateCell
from catalog.sheets.guard import XLSX

BOM = "\ufeff"  # without it Excel does not see that a CSV file is UTF-8
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_LINE_END = re.compile(f"\r\n|[{LINE_BREAKS}]")
_BLOCK = 256 * 1024

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FONT = '<font>%s<sz val="11"/><name val="Calibri"/></font>'

Page = tuple[str, Iterable[Sequence[Any]]]  # its name, its rows, the first a heading


def stream(kind: str, pages: Sequence[Page], *, language: str) -> Iterator[bytes]:
    """The file in pieces. A CSV file has the first page alone. Rows are made in `language`: a streamed answer
    is made after the request has forgotten its own."""
    pieces = _xlsx(pages, rtl=language == "ar") if kind == XLSX else _csv(pages[0][1])
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _csv(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    lines = io.StringIO(BOM, newline="")
    lines.seek(0, io.SEEK_END)
    writer = csv.writer(lines)
    for row in rows:
        writer.writerow([_as_text(value) for value in row])
        if lines.tell() > _BLOCK:
            yield lines.getvalue().encode()
            lines.seek(0)
            lines.truncate()
    yield lines.getvalue().encode()


def _as_text(value: Any) -> str:
    return "" if value is None else str(shield_formula(value))


class _Pipe(io.RawIOBase):
    """Takes what a zip file writes and gives it away in pieces."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pieces.append(bytes(data))
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        return self._at

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


def _xlsx(pages: Sequence[Page], *, rtl: bool) -> Iterator[bytes]:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as book:
        for name, text in _frame([name for name, _rows in pages]).items():
            book.writestr(name, _HEAD + text)
        for number, (_name, rows) in enumerate(pages, start=1):
            with book.open(f"xl/worksheets/sheet{number}.xml", "w", force_zip64=True) as part:
                for piece in _sheet(rows, rtl=rtl):
                    part.write(piece.encode())
                    if ready := pipe.take():
                        yield ready
    yield pipe.take()


def _sheet(rows: Iterable[Sequence[Any]], *, rtl: bool) -> Iterator[str]:
    view = f'<sheetView workbookViewId="0"{" rightToLeft=" + quoteattr("1") if rtl else ""}>'
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView>'
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews>{view}{frozen}</sheetViews>'
    widths = '<cols><col min="1" max="100" width="18" customWidth="1" style="1"/></cols>'
    yield f'<sheetFormatPr defaultRowHeight="15"/>{widths}<sheetData>'
    block: list[str] = []
    for number, row in enumerate(rows, start=1):
        style = ' s="2"' if number == 1 else ' s="1"'
        block.append(f"<row>{''.join(_cell(value, style) for value in row)}</row>")
        if len(block) == 500:
            yield "".join(block)
            block.clear()
    yield f"{''.join(block)}</sheetData></worksheet>"


def _cell(value: Any, style: str) -> str:
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float | Decimal):
        return f"<c><v>{value}</v></c>"
    if isinstance(value, DateCell) and value.serial is not None:
        return f'<c s="3"><v>{value.serial}</v></c>'
    text = _as_xml_holds_it(str(value)) if value is not None else ""
    if not text:
        return "<c/>"
    kept = _LOOKS_ESCAPED.sub("_x005F_", shield_formula(text))
    return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{escape(kept)}</t></is></c>'


def _as_xml_holds_it(text: str) -> str:
    """One kind of line end and no control characters, which XML has not, where rows are given back as they
    came. What is listed has none."""
    return NO_TEXT.sub("", _LINE_END.sub("\n", text)).strip()


def _frame(names: Sequence[str]) -> dict[str, str]:
    """All parts but the sheets. Style 1 is text, so that codes keep their zeros; 2 a heading; 3 a date."""
    numbers = range(1, len(names) + 1)
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_OFFICE}.worksheet+xml"/>'
        for n in numbers
    )
    sheets = "".join(
        f'<sheet name={quoteattr(name[:31])} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, names, strict=True)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_REL}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_OFFICE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_OFFICE}.styles+xml"/>{types}</Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_REL}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        f'<Relationship Id="rId{len(names) + 1}" Type="{_REL}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="2">{_FONT % ""}{_FONT % "<b/>"}</fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="4"><xf/><xf numFmtId="49" applyNumberFormat="1"/>'
        '<xf numFmtId="49" fontId="1" applyFont="1" applyNumberFormat="1"/>'
        '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    }
