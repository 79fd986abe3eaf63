"""Workbooks as other programs write them, part by part: what no library would write on purpose."""

import io
import zipfile
from collections.abc import Mapping, Sequence

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)
_HEADING = ["sku", "name", "category", "brand", "price"]


def text(value: str, place: str = "") -> str:
    at = f' r="{place}"' if place else ""
    return f'<c{at} t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'


def number(value: object, style: int | None = None) -> str:
    look = "" if style is None else f' s="{style}"'
    return f"<c{look}><v>{value}</v></c>"


def row(*cells: str, at: int | None = None) -> str:
    place = "" if at is None else f' r="{at}"'
    return f"<row{place}>{''.join(cells)}</row>"


def heading(*more: str) -> str:
    return row(*(text(each) for each in (*_HEADING, *more)))


def product(sku: str, *more: str, price: str = "") -> str:
    """A good row of a new product."""
    told = [text(sku), text(f"Water {sku}"), text("water"), text("pepsi"), price or number("45.5")]
    return row(*told, *more)


def worksheet(*rows: str, before: str = "", after: str = "", main: str = MAIN) -> str:
    return f'<worksheet xmlns="{main}">{before}<sheetData>{"".join(rows)}</sheetData>{after}</worksheet>'


def workbook(
    *sheets: str,
    names: Sequence[str] = (),
    states: Mapping[int, str] | None = None,
    settings: str = "",
    parts: Mapping[str, str | bytes] | None = None,
    main: str = MAIN,
    without: Sequence[str] = (),
) -> bytes:
    """`sheets` are their XML; `parts` are put in or replaced by their name in the archive."""
    related = main.replace("spreadsheetml/2006/main", "officeDocument/2006/relationships").replace(
        "spreadsheetml/main", "officeDocument/relationships"
    )
    known, shown = dict(enumerate(names, start=1)), states or {}
    told = "".join(
        f'<sheet name="{known.get(n, n)}" sheetId="{n}" state="{shown.get(n, "visible")}" r:id="rId{n}"/>'
        for n in range(1, len(sheets) + 1)
    )
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{related}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    wanted: dict[str, str | bytes] = {
        "[Content_Types].xml": _TYPES,
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{related}">'
        f"{settings}<sheets>{told}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{links}</Relationships>',
        **{f"xl/worksheets/sheet{n}.xml": sheet for n, sheet in enumerate(sheets, start=1)},
        **(parts or {}),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in wanted.items():
            if name not in without:
                archive.writestr(name, content)
    return made.getvalue()


def styles(*codes: str | int) -> str:
    """A table of styles: style 0 is general, then one for each format, by its code or its built-in number."""
    own = "".join(
        f'<numFmt numFmtId="{200 + place}" formatCode="{code}"/>'
        for place, code in enumerate(codes)
        if isinstance(code, str)
    )
    used = "".join(
        f'<xf numFmtId="{200 + place if isinstance(code, str) else code}"/>'
        for place, code in enumerate(codes)
    )
    return f'<styleSheet xmlns="{MAIN}"><numFmts>{own}</numFmts><cellXfs><xf/>{used}</cellXfs></styleSheet>'


def shared(*texts: str) -> str:
    return f'<sst xmlns="{MAIN}">{"".join(f"<si><t>{each}</t></si>" for each in texts)}</sst>'
