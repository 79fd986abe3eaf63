"""Files that are sent for a sheet and are none: called by the name people know them by."""

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from aqad.lib.files.clean_file import BadFile
from catalog.models import Product, ProductImport
from catalog.sheets.guard import clean_sheet
from catalog.tests.conftest import MakeProduct
from catalog.tests.sheets.conftest import Send, contents, errors

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
HTML = "<table><tr><td>sku</td><td>price</td></tr></table>"
EXCEL_2003 = '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:x"/>'


def archive(*names: str, first: bytes = b"") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as kept:
        if first:
            kept.writestr("mimetype", first)
        for name in names:
            kept.writestr(name, b"x")
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (OLE + "Workbook".encode("utf-16-le"), "an old .xls file"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a file with a password"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "an old Excel file"),
        (archive("content.xml", first=b"application/vnd.oasis.opendocument.spreadsheet"), ".ods"),
        (archive("Index/Document.iwa", "Metadata/Properties.plist"), ".numbers"),
        (archive("Index.zip", "QuickLook/Preview.pdf"), ".numbers"),
        (archive("xl/workbook.bin", "[Content_Types].xml"), ".xlsb"),
        (archive("word/document.xml"), "a document"),
        (archive("prices.xlsx"), "a compressed archive"),
        (b"\x1f\x8b\x08\x00 and so on", "a compressed archive"),
        (b"Rar!\x1a\x07", "a compressed archive"),
        (HTML.encode(), "a web page"),
        (
            ("\ufeff\r\n <HTML xmlns:x='urn:schemas-microsoft-com:office:excel'>" + HTML).encode(),
            "a web page",
        ),
        (("<!DOCTYPE html>" + HTML).encode("utf-16"), "a web page"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "a web page"),
        (EXCEL_2003.encode(), "an Excel 2003 file"),
        (b'<?xml version="1.0"?><products/>', "an XML file"),
        (b"{\\rtf1\\ansi sku price}", "a text document"),
        (b"%PDF-1.7", "a PDF document"),
        (b"\xff\xd8\xff\xe0", "a picture"),
        (bytes(range(32)) * 9, "a file of another kind"),
    ],
)
def test_a_file_is_called_what_it_is(content: bytes, word: str) -> None:
    with pytest.raises(BadFile, match=f"This is {word}" if word[0] != "." else word):
        clean_sheet(io.BytesIO(content))


@pytest.mark.django_db
def test_the_api_and_the_page_say_the_same_and_keep_nothing(vendor_api: Any, shelves: None) -> None:
    file = SimpleUploadedFile("prices.xls", HTML.encode())
    answer = vendor_api.post("/api/products/import", {"file": file}, format="multipart")
    assert answer.status_code == 400
    assert "web page" in answer.json()["errors"]["file"][0]
    assert not ProductImport.objects.exists()


@pytest.mark.django_db
def test_a_workbook_of_another_library_is_read_and_its_formulas_are_named(
    make_product: MakeProduct, send: Send
) -> None:
    make_product(sku="P-1", barcode="6291003000003", description="Cold.")
    before = contents()
    book = openpyxl.Workbook()
    book.active.append(["sku", "barcode", "description", "price"])
    book.active.append(["P-1", "=CONCAT(6,2)", "=A2", 44.5])
    written = io.BytesIO()
    book.save(written)
    made = send(written.getvalue(), kind="xlsx", partial=True)
    assert (errors(made), contents()) == ({2: ["barcode", "description"]}, before)
    book.active["B2"], book.active["C2"] = None, "Fresh."
    again = io.BytesIO()
    book.save(again)
    assert send(again.getvalue(), kind="xlsx").status == "done"
    now = Product.objects.get()
    assert (now.barcode, now.description, str(now.price)) == ("", "Fresh.", "44.50")
