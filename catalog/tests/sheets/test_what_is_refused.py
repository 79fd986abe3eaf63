"""Files that are no sheets, or hostile ones: refused by content, before anything is unpacked."""

import io
import zipfile
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from aqad.lib.files.clean_file import BadFile, FileTooLarge
from aqad.lib.text.cleaning import UnreadableText, clean_free_text
from catalog.models import ProductImport
from catalog.sheets import guard
from catalog.sheets.cells import BadCell, read_barcode, read_money, read_text, read_whole, refuse_lost
from catalog.sheets.guard import clean_sheet
from catalog.sheets.reading import Sheet
from catalog.sheets.writing import stream
from catalog.tests.sheets.conftest import KINDS, Send, rows_of, sheet

OLD_XLS = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
BOMB = """<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>"""


def _with(content: bytes, **parts: bytes) -> bytes:
    """An XLSX file with parts put in or replaced; dots and slashes of a name stand as _."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            key = name.replace("/", "_").replace(".", "_")
            new.writestr(name, parts.pop(key, old.read(name)))
        for key, text in parts.items():
            new.writestr(key, text)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (OLD_XLS, ".xls"),
        (b"%PDF-1.7 sku,price", "a PDF document, not a CSV"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a picture, not a CSV"),
        (b"PK\x03\x04 but no archive", "damaged"),
    ],
)
def test_what_is_no_sheet_is_told_so(content: bytes, word: str) -> None:
    with pytest.raises(BadFile, match=word):
        clean_sheet(io.BytesIO(content))


def test_macros_are_refused_whatever_the_file_is_called() -> None:
    with pytest.raises(BadFile, match="macros"):
        clean_sheet(io.BytesIO(_with(sheet("xlsx", rows_of(1)), **{"xl/vbaProject.bin": b"x"})))


def test_what_unpacks_to_too_much_is_refused_by_what_it_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = _with(sheet("xlsx", rows_of(1)), **{"xl/sharedStrings.xml": b" " * (guard.MAX_OTHER_BYTES + 1)})
    assert len(bomb) < 200_000
    with pytest.raises(BadFile, match="too large"):
        clean_sheet(io.BytesIO(bomb))


def test_many_parts_are_refused() -> None:
    many = {f"xl/media/{number}.bin": b"" for number in range(guard.MAX_PARTS)}
    with pytest.raises(BadFile, match="too large"):
        clean_sheet(io.BytesIO(_with(sheet("xlsx", rows_of(1)), **many)))


def test_a_large_file_is_refused_by_its_size(settings: Any) -> None:
    settings.IMPORT_MAX_BYTES = 100
    with pytest.raises(FileTooLarge):
        clean_sheet(io.BytesIO(b"sku,price\n" * 20))


def _part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return book.read(name)


@pytest.mark.parametrize("name", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
@pytest.mark.django_db
def test_entities_are_refused_in_every_part(send: Send, name: str) -> None:
    good = sheet("xlsx", rows_of(1))
    head, _end, rest = _part(good, name).partition(b"?>\n")
    bad = _with(good, **{name.replace("/", "_").replace(".", "_"): head + b"?>\n" + BOMB.encode() + rest})
    made = send(bad)
    assert (made.status, made.checked) == ("refused", 0)
    assert "entities" in made.problem


@pytest.mark.django_db
def test_too_many_rows_are_refused_and_nothing_is_written(send: Send, settings: Any) -> None:
    settings.IMPORT_MAX_ROWS = 3
    made = send(rows_of(4), partial=True)
    assert (made.status, made.applied) == ("refused", 0)
    assert "more than 3 rows" in made.problem
    assert ProductImport.objects.count() == 1


KEPT = (
    st.text(max_size=60)
    | st.sampled_from(["=1+1", "'=1", "''@x", "+971", "-5 %", "\t=1", "＝1", "a\r\nb"])
    | st.sampled_from(['"', "';", '="x"', "'", "_x0041_"])
)


@pytest.mark.parametrize("kind", KINDS)
@given(texts=st.lists(KEPT, max_size=20))
@examples(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_that_is_kept_comes_back_as_it_went_out(kind: str, texts: list[str]) -> None:
    kept = [text for each in texts if (text := _as_kept(each))]
    content = b"".join(
        stream(kind, [("P", [["sku", "name"], *(["x", text] for text in kept)])], language="en")
    )
    read = [cells[1] for _number, cells in Sheet(content, kind).rows()]
    assert [read_text(cell, longest=1000, clean=clean_free_text) for cell in read] == kept


def _as_kept(text: str) -> str:
    """As a product would have it; empty for what none has, and for what looks lost."""
    try:
        kept = clean_free_text(text)
        refuse_lost(kept)
    except (UnreadableText, BadCell):
        return ""
    return kept


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "=cmd|' /C calc'!A0"])
def test_no_text_leaves_as_a_formula(kind: str, text: str) -> None:
    content = b"".join(stream(kind, [("P", [["sku", "name"], ["x", text]])], language="en"))
    ((_number, cells),) = Sheet(content, kind).rows()
    assert cells[1] == f"'{text}"


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (45, "45.00"), (45.5, "45.50"), (45.099999999999994, "45.10"), ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"), ("45,5", "45.50"), ("AED 1,234", "1234.00"), ("٤٥٫٥٠", "45.50"),
        ("45.50 د.إ", "45.50"), ("١٬٢٣٤٫٥٠", "1234.50"),
    ],
)  # fmt: skip
def test_amounts_are_understood_to_the_fils(cell: Any, amount: str) -> None:
    assert str(read_money(cell)) == amount


@pytest.mark.parametrize(
    "cell", ["45.555", 45.555, "free", "1.234", "-5", 0, True, "12 34 56 x", "1e5", "NaN"]
)
def test_what_is_no_amount_is_refused(cell: Any) -> None:
    with pytest.raises(BadCell):
        read_money(cell)


def test_counts_and_barcodes_come_as_excel_has_them() -> None:
    assert read_whole(12.0, least=0, most=100) == 12
    assert read_whole("١٢", least=0, most=100) == 12
    assert read_barcode(6291003000003.0) == "6291003000003"
    assert read_barcode(96385074) == "96385074"
    assert read_barcode(12345670) == "12345670"
    with pytest.raises(BadCell, match="shortened"):
        read_barcode("6.291E+12")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1256"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters_are_found(encoding: str, delimiter: str) -> None:
    rows = [["رمز الصنف", "الاسم", "السعر"], ["P1", "مياه معدنية", "45.50"]]
    text = "\r\n".join(delimiter.join(row) for row in rows)
    read = Sheet(text.encode(encoding), "csv")
    assert read.heading.names == ("sku", "name", "price")
    assert [cells for _number, cells in read.rows()] == [rows[1]]


def test_western_letters_are_not_taken_for_arabic() -> None:
    read = Sheet("sku;name;price\nP1;Crème brûlée für Käse;4,50\n".encode("cp1252"), "csv")
    assert [cells for _number, cells in read.rows()] == [["P1", "Crème brûlée für Käse", "4,50"]]
