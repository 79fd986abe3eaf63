"""Documents that people send: PDFs without active content, or pictures of paper."""

import re
from io import BytesIO

from django.utils.translation import gettext as _

from aqad.lib.files import antivirus
from aqad.lib.files.clean_file import MIB, BadFile, CleanFile, Upload, read_bounded
from aqad.lib.files.images import PAPER, clean_image, heic
from aqad.lib.files.picture_structure import kind_of
from aqad.lib.limited_process.running import JobFailed, Limits, TooCostly, run_limited
from aqad.lib.limited_process.turns import Lane

DOCUMENT_MAX_BYTES = 10 * MIB
INSPECTOR = "aqad.lib.files.pdf_inspector:inspect_pdf"
INSPECTION_LIMITS = Limits(memory=768 * MIB, processor=5, wall=30, output=4096)
PAPERS = Lane("papers", at_once=2)

# Viewers look for the header in the first kilobyte and for the end in the last one.
AROUND_BYTES = 1024
PDF_START = re.compile(rb"%PDF-\d")
PDF_END = re.compile(rb"startxref\s+\d+\s+(?:%(?!%EOF)[^\r\n]*\s+)*%%EOF")
# How programs, archives, pictures and pages begin: a PDF around which one of these lies is two files in one.
OTHER_KIND = re.compile(
    rb"\A[\0\s]*(?:MZ|BM|ID3|#!)|PK[\x01\x03\x05\x07]|\x7fELF|GIF8|Rar!|7z\xbc\xaf|\x89PNG|\xff\xd8\xff|RIFF"
    rb"|\x1f\x8b|BZh|MSCF|\xd0\xcf\x11\xe0|\xca\xfe\xba\xbe|%!PS|%PDF-|<[A-Za-z!?/]|javascript:|\d+\s+\d+\s+obj\b"
)


def clean_document(file: Upload, *, max_bytes: int = DOCUMENT_MAX_BYTES, stranger: bool = False) -> CleanFile:
    """A PDF without what lies around it, or a PNG or JPEG written anew; decided by content.

    `stranger`: nobody is signed in. Raises BadFile: too large, of another kind, broken, encrypted, with
    active content or a virus; ScannerUnavailable if a virus scanner is configured and does not answer; Busy
    when no turn to be checked comes up.
    """
    content = read_bounded(file, max_bytes)
    kind = kind_of(content)
    if kind in PAPER.formats:
        clean = clean_image(BytesIO(content), PAPER, stranger=stranger)
    elif kind == "HEIC":
        raise heic()
    elif (start := PDF_START.search(content, 0, AROUND_BYTES)) and not _is_two_files(
        content[: start.start()]
    ):
        clean = CleanFile(_clean_pdf(content[start.start() :]), "application/pdf", "pdf")
    else:
        raise BadFile(_("This is not a PDF, PNG or JPEG file. Send one of these."))
    antivirus.scan(clean.content)
    return clean


def _is_two_files(around: bytes) -> bool:
    return OTHER_KIND.search(around) is not None


def _clean_pdf(content: bytes) -> bytes:
    """The PDF to its end: a comment or some bytes behind it, which viewers pass over, are dropped."""
    verdict, end = "broken", _end_of_pdf(content)
    if end:
        content = content[:end] + b"\n" if content[end:].strip(b"\0 \t\r\n") else content
        verdict = _inspect(content)
    if verdict == "ok":
        return content
    if verdict == "encrypted":
        raise BadFile(_("The PDF is protected by a password or encrypted. Send an unprotected copy."))
    if verdict == "active":
        raise BadFile(
            _("The PDF carries scripts, actions or attached files. Print it to a new PDF and send that.")
        )
    if verdict == "empty":
        raise BadFile(_("The PDF has no pages. Send one with at least one page."))
    if verdict == "costly":
        raise BadFile(_("The PDF is too complex to be checked. Print it to a new PDF and send that."))
    raise BadFile(_("The PDF is damaged or incomplete. Save it again and send the new file."))


def _start_of_pdf(content: bytes) -> int | None:
    """Where the header begins, if nothing but some bytes stand before it, which are dropped."""
    header = PDF_START.search(content, 0, AROUND_BYTES)
    if header is None or _is_two_files(content[: header.start()]):
        return None
    return header.start()


def _end_of_pdf(content: bytes) -> int:
    """Where the last end mark ends; 0 where there is none, or what follows is more than some bytes."""
    window = max(len(content) - 2 * AROUND_BYTES, 0)
    ends = [found.end() for found in PDF_END.finditer(content, window)]
    behind = content[ends[-1] :] if ends else b""
    if not ends or len(behind.rstrip(b"\0 \t\r\n")) > AROUND_BYTES or _is_two_files(behind):
        return 0
    return ends[-1]


def _inspect(content: bytes) -> str:
    """The inspector's word; one that was stopped by its limits found the file costly."""
    try:
        found = run_limited(INSPECTOR, content, limits=INSPECTION_LIMITS, lanes=[PAPERS])
    except TooCostly:
        return "costly"
    except JobFailed:
        return "broken"
    return str(found.facts["verdict"])
