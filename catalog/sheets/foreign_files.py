"""Files that are sent for a sheet and are none that AQAD reads, by the name people know them by."""

import re
from collections.abc import Collection

from django.utils.translation import gettext as _

from catalog.sheets.text_encoding import marked_encoding, utf16_order

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and every Office file under a password
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_STARTS = (
    (b"%PDF", lambda: _("a PDF document")),
    (b"\x89PNG", lambda: _("a picture")),
    (b"\xff\xd8\xff", lambda: _("a picture")),
    (b"GIF8", lambda: _("a picture")),
    (b"Rar!", lambda: _("a compressed archive")),
    (b"7z\xbc\xaf\x27\x1c", lambda: _("a compressed archive")),
    (b"\x1f\x8b", lambda: _("a compressed archive")),
    (b"BZh", lambda: _("a compressed archive")),
    (b"{\\rtf", lambda: _("a text document (.rtf)")),
    (b"\x09\x00\x04\x00", lambda: _("an old Excel file (.xls)")),
    (b"\x09\x02\x06\x00", lambda: _("an old Excel file (.xls)")),
    (b"\x09\x04\x06\x00", lambda: _("an old Excel file (.xls)")),
)
_TAG = re.compile(r"\s*<(!doctype\s+html|html|head|body|table|meta|style|\?xml|!--)[\s>]", re.IGNORECASE)
_MHTML = re.compile(r"\s*(MIME-Version:|Content-Type:\s*multipart/related)", re.IGNORECASE)


def foreign_name(content: bytes) -> str:
    """What a file that is no ZIP archive is, in words; empty where it can be a CSV text."""
    if content.startswith(_OLD_OFFICE):
        if _ENCRYPTED in content:
            return _("a file with a password")
        return _("an old .xls file")
    for start, name in _STARTS:
        if content.startswith(start):
            return name()
    if encoding := marked_encoding(content) or utf16_order(content):
        return _markup_name(content[:4096].decode(encoding, "ignore"))
    if _is_binary(content[:4096]):
        return _("a file of another kind")
    return _markup_name(content[:4096].decode("latin-1"))


def archive_name(names: Collection[str], content: bytes) -> str:
    """What a ZIP archive without a workbook of XLSX is; `names` of its parts, in small letters."""
    if "xl/workbook.bin" in names:
        return _("a binary Excel workbook (.xlsb)")
    if "encryptedpackage" in names:
        return _("a file with a password")
    if b"opendocument.spreadsheet" in content[:200]:
        return _("an OpenDocument sheet (.ods)")
    if any(name.endswith(".iwa") or name == "index.zip" for name in names):
        return _("a Numbers sheet (.numbers)")
    if "word/document.xml" in names or "ppt/presentation.xml" in names or b"opendocument" in content[:200]:
        return _("a document or presentation")
    return _("a compressed archive")


def _markup_name(start: str) -> str:
    if _MHTML.match(start):
        return _("a web page (HTML), whatever its name says")
    found = _TAG.match(start)
    if found is None:
        return ""
    if 'progid="Excel.Sheet"' in start or "schemas-microsoft-com:office:spreadsheet" in start:
        return _("an Excel 2003 file (XML)")
    if "opendocument" in start:
        return _("an OpenDocument sheet (.ods)")
    if found[1] == "?xml" and not re.search("<(html|table)", start, re.IGNORECASE):
        return _("an XML file")
    return _("a web page (HTML), whatever its name says")


def _is_binary(start: bytes) -> bool:
    """More control characters than a text with a slip or two has."""
    controls = sum(byte < 9 or 14 <= byte < 27 for byte in start)
    return controls > max(4, len(start) // 50)
