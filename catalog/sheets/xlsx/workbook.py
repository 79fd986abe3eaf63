"""What a workbook says of its sheets before their rows are read: names, texts, which numbers are dates.

Runs in a limited child and imports nothing of Django.
"""

import posixpath
import re
import zipfile
from dataclasses import dataclass, field

from catalog.sheets.xlsx.parts import Costly, Damaged, nothing, read_whole

MAX_SHEETS = 256
MAX_LINKS = 10_000
MAX_TEXT = 33_000  # characters kept of one cell; Excel itself has room for 32,767
MAX_TEXTS = 2_000_000
MAX_STYLES = 200_000

# ECMA-376 18.8.30: formats by number that show a date or a time, those of East Asian versions included.
_DATES = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[dmyhs]", re.IGNORECASE)
_FRACTIONS = re.compile(r"s\.0+", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # ECMA-376 22.4.2.4: characters that XML has not
_ZEROS = re.compile(r"0{2,30}")


@dataclass(frozen=True)
class SheetPart:
    name: str
    part: str


@dataclass
class Look:
    """`sheets` are those one can see. `dates` and `zeros` go by the number of a cell's style; `zeros`: how
    many digits it shows at least."""

    sheets: list[SheetPart] = field(default_factory=list)
    hidden: list[SheetPart] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    dates: frozenset[int] = frozenset()
    zeros: dict[int, int] = field(default_factory=dict)
    since_1904: bool = False
    formulas_are_stale: bool = False


def look_at(book: zipfile.ZipFile) -> Look:
    """The sheets, in their order, and what is needed to read their cells."""
    names = {name.lower().replace("\\", "/").lstrip("/"): name for name in book.namelist()}
    main = "xl/workbook.xml"
    links = _links(book, names, "xl/_rels/workbook.xml.rels")
    look = Look()
    _read_workbook(book, names[main], links, look)
    look.sheets = [SheetPart(each.name, names.get(each.part.lower(), "")) for each in look.sheets]
    look.hidden = [SheetPart(each.name, names.get(each.part.lower(), "")) for each in look.hidden]
    styles = _part_of(links, "styles", "xl/styles.xml", names)
    texts = _part_of(links, "sharedStrings", "xl/sharedStrings.xml", names)
    if styles:
        look.dates, look.zeros = _read_styles(book, styles)
    if texts:
        look.texts = _read_texts(book, texts)
    return look


@dataclass(frozen=True)
class _Link:
    kind: str  # the last word of its type: worksheet, styles, sharedStrings
    target: str


def _links(book: zipfile.ZipFile, names: dict[str, str], part: str) -> dict[str, _Link]:
    found: dict[str, _Link] = {}
    seen = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal seen
        seen += 1
        if seen > MAX_LINKS:
            raise Costly
        if name == "Relationship":
            target = attributes.get("Target", "").replace("\\", "/")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            kind = attributes.get("Type", "").rpartition("/")[2]
            found[attributes.get("Id", "")] = _Link(kind, posixpath.normpath(path))

    if part in names:
        read_whole(book, names[part], start, nothing, nothing)
    return found


def _part_of(links: dict[str, _Link], kind: str, usual: str, names: dict[str, str]) -> str:
    """The name of a part within the archive; empty where the workbook has none."""
    linked = next((link.target for link in links.values() if link.kind == kind), usual)
    return names.get(linked.lower()) or names.get(usual.lower()) or ""


def _read_workbook(book: zipfile.ZipFile, part: str, links: dict[str, _Link], look: Look) -> None:
    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            _add_sheet(attributes, links, look)
        elif name == "workbookPr":
            look.since_1904 = attributes.get("date1904", "") in ("1", "true", "on")
        elif name == "calcPr":
            look.formulas_are_stale = attributes.get("fullCalcOnLoad", "") in ("1", "true", "on")

    read_whole(book, part, start, nothing, nothing)


def _add_sheet(attributes: dict[str, str], links: dict[str, _Link], look: Look) -> None:
    link = next((value for name, value in attributes.items() if name.endswith(":id")), "")
    target = links.get(link)
    is_visible = attributes.get("state", "visible") == "visible"
    if target is None:
        if is_visible:
            raise Damaged("a sheet without a part")
        return
    if target.kind == "worksheet":  # and no sheet of a chart
        sheets = look.sheets if is_visible else look.hidden
        sheets.append(SheetPart(attributes.get("name", ""), target.target))
    if len(look.sheets) + len(look.hidden) > MAX_SHEETS:
        raise Costly


def _read_styles(book: zipfile.ZipFile, part: str) -> tuple[frozenset[int], dict[int, int]]:
    codes: dict[int, str] = {}
    formats: list[int] = []
    within = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal within
        if name == "cellXfs":
            within = True
        elif name == "xf" and within:
            formats.append(_whole(attributes.get("numFmtId", "0")))
        elif name == "numFmt":
            codes[_whole(attributes.get("numFmtId", "0"))] = attributes.get("formatCode", "")[:300]
        if len(formats) > MAX_STYLES or len(codes) > MAX_STYLES:
            raise Costly

    def end(name: str) -> None:
        nonlocal within
        if name == "cellXfs":
            within = False

    read_whole(book, part, start, end, nothing)
    dated = {number for number in formats if number in _DATES and number not in codes}
    dated |= {number for number, code in codes.items() if _shows_a_date(code)}
    zeros = {number: len(code) for number, code in codes.items() if _ZEROS.fullmatch(code)}
    return (
        frozenset(style for style, number in enumerate(formats) if number in dated),
        {style: zeros[number] for style, number in enumerate(formats) if number in zeros},
    )


def _shows_a_date(code: str) -> bool:
    """Whether a format has letters of dates outside quotes, escapes, colours and currencies, and no place for
    the digits of a number: some programs write `AED 0.00` without quotes."""
    first = _FRACTIONS.sub("s", _QUOTED.sub("", code.partition(";")[0]))
    return _DATE_LETTERS.search(first) is not None and not {"0", "#", "?"} & set(first)


def _read_texts(book: zipfile.ZipFile, part: str) -> list[str]:
    """Of a text with runs of different looks the runs together, without readings beside it (phonetics)."""
    texts: list[str] = []
    pieces: list[str] = []
    listening, beside = False, 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal listening, beside
        if name == "si":
            pieces.clear()
        elif name == "rPh":
            beside += 1
        listening = name == "t" and not beside

    def end(name: str) -> None:
        nonlocal listening, beside
        listening = False
        if name == "rPh":
            beside -= 1
        elif name == "si":
            texts.append(unescape("".join(pieces))[:MAX_TEXT])
            if len(texts) > MAX_TEXTS:
                raise Costly

    def text(data: str) -> None:
        if listening:
            pieces.append(data)

    read_whole(book, part, start, end, text)
    return texts


def unescape(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise Damaged("a number was expected") from error
