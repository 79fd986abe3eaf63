"""What is let in as a sheet: CSV or XLSX, judged by content, bounded before anything is unpacked."""

import io
import zipfile

from django.conf import settings
from django.utils.translation import gettext as _

from aqad.lib.files import antivirus
from aqad.lib.files.clean_file import MIB, BadFile, CleanFile, Upload, read_bounded
from catalog.sheets.foreign_files import archive_name, foreign_name

CSV, XLSX = "csv", "xlsx"
TYPES = {CSV: "text/csv", XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
MAX_PARTS = 1000
MAX_ENTRIES = 4 * MAX_PARTS  # of the archive's list, with those of files that are parts themselves
MAX_SHEET_BYTES = 256 * MIB  # unpacked; read as a stream
MAX_OTHER_BYTES = 48 * MIB  # unpacked, each: shared texts are held in memory

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_ENTRY = b"PK\x01\x02"


def clean_sheet(file: Upload) -> CleanFile:
    """The sheet as it came. Raises BadFile, FileTooLarge; ScannerUnavailable where a scanner is silent."""
    content = read_bounded(file, settings.IMPORT_MAX_BYTES)
    kind = _kind_of(content)
    if kind == XLSX:
        _check_archive(content)
    antivirus.scan(content)
    return CleanFile(content, TYPES[kind], kind)


def _kind_of(content: bytes) -> str:
    if content.startswith(_ZIP):
        return XLSX
    if name := foreign_name(content):
        raise BadFile(
            _("This is %(name)s, not a CSV or XLSX file. Save the sheet as one of these and send it again.")
            % {"name": name}
        )
    return CSV


def _check_archive(content: bytes) -> None:
    if content.count(_ENTRY) > MAX_ENTRIES:  # before a list of them is made
        raise BadFile(_too_large())
    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadFile(_("The file is damaged. Save it again and send the new one.")) from error
    names = {part.filename.lower() for part in parts}
    if any(name.endswith(("vbaproject.bin", ".bas")) for name in names):
        raise BadFile(_("The file carries macros. Save it as .xlsx, which has none."))
    if "xl/workbook.xml" not in names:
        raise BadFile(
            _("This is %(name)s, not a CSV or XLSX file. Save the sheet as one of these and send it again.")
            % {"name": archive_name(names, content)}
        )
    if any(part.flag_bits & 0x1 for part in parts):
        raise BadFile(_("The file has a password. Save it without one."))
    largest = max((part.file_size for part in parts if not _is_sheet(part)), default=0)
    sheets = sum(part.file_size for part in parts if _is_sheet(part))
    if len(parts) > MAX_PARTS or largest > MAX_OTHER_BYTES or sheets > MAX_SHEET_BYTES:
        raise BadFile(_too_large())


def _too_large() -> str:
    return _("Unpacked, the file is far too large. Copy the rows into a new sheet and send that.")


def _is_sheet(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().startswith("xl/worksheets/")
