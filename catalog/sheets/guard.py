"""What is let in as a sheet: CSV or XLSX, judged by content, bounded before anything is unpacked."""

import io
import zipfile

from django.conf import settings
from django.utils.translation import gettext as _

from aqad.lib.files import antivirus
from aqad.lib.files.clean_file import MIB, BadFile, CleanFile, Upload, read_bounded

CSV, XLSX = "csv", "xlsx"
TYPES = {CSV: "text/csv", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MAX_PARTS = 1000
MAX_SHEET_BYTES = 256 * MIB  # unpacked; read as a stream
MAX_OTHER_BYTES = 48 * MIB  # unpacked, each: shared texts are held in memory

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and every Office file under a password
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def clean_sheet(file: Upload) -> CleanFile:
    """The sheet as it came. Raises BadFile, FileTooLarge; ScannerUnavailable where a scanner is silent."""
    content = read_bounded(file, settings.IMPORT_MAX_BYTES)
    kind = _kind_of(content)
    if kind == XLSX:
        _check_archive(content)
    antivirus.scan(content)
    return CleanFile(content, TYPES[kind], kind)


def _kind_of(content: bytes) -> str:
    if content.startswith(_OLD_OFFICE):
        raise BadFile(
            _("This is an old .xls file or has a password. Save it as .xlsx without a password, or as CSV.")
        )
    if content.startswith(_ZIP):
        return XLSX
    if not content.startswith(_UTF16) and _is_binary(content[:4096]):
        raise BadFile(_("This is not a CSV or XLSX file. Save the sheet as one of these."))
    return CSV


def _is_binary(start: bytes) -> bool:
    """Control characters no text has. UTF-16 without its mark has a zero in every other byte."""
    if b"\0" in start:
        few, many = sorted((start[::2].count(0), start[1::2].count(0)))
        return few > 0 or many < len(start) // 20
    return start.startswith(b"%PDF") or any(byte < 9 or 14 <= byte < 27 for byte in start)


def _check_archive(content: bytes) -> None:
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadFile(_("The file is damaged. Save it again and send the new one.")) from error
    names = {part.filename.lower() for part in parts}
    if any(name.endswith(("vbaproject.bin", ".bas")) for name in names):
        raise BadFile(_("The file carries macros. Save it as .xlsx, which has none."))
    if "xl/workbook.xml" not in names:
        raise BadFile(_("This is not a CSV or XLSX file. Save the sheet as one of these."))
    if any(part.flag_bits & 0x1 for part in parts):
        raise BadFile(_("The file has a password. Save it without one."))
    largest = max((part.file_size for part in parts if not _is_sheet(part)), default=0)
    sheets = sum(part.file_size for part in parts if _is_sheet(part))
    if len(parts) > MAX_PARTS or largest > MAX_OTHER_BYTES or sheets > MAX_SHEET_BYTES:
        raise BadFile(_("Unpacked, the file is far too large. Copy the rows into a new sheet and send that."))


def _is_sheet(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().startswith("xl/worksheets/")
