"""Documents that people send: PDFs without active content, or pictures of paper."""

import re
from io import BytesIO

from django.utils.translation import gettext as _

from aqad.lib.files import antivirus
from aqad.lib.files.clean_file import MIB, BadFile, CleanFile, Upload, read_bounded
from aqad.lib.files.images import clean_image
from aqad.lib.limited_process.running import JobFailed, Limits, TooCostly, run_limited
from aqad.lib.limited_process.turns import Lane

DOCUMENT_MAX_BYTES = 10 * MIB
INSPECTOR = "aqad.lib.files.pdf_inspector:inspect_pdf"
INSPECTION_LIMITS = Limits(memory=768 * MIB, processor=5, wall=15, output=4096)
PAPERS = Lane("papers", at_once=2)

PDF_START = re.compile(rb"\A(\xef\xbb\xbf)?[\0\t\n\f\r ]{0,16}%PDF-\d")
PDF_END = re.compile(rb"startxref\s+\d+\s+%%EOF[\0\s]*\Z")
IMAGE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def clean_document(file: Upload, *, max_bytes: int = DOCUMENT_MAX_BYTES) -> CleanFile:
    """A PDF as it came, or a PNG or JPEG written anew; decided by content.

    Raises BadFile: too large, of another kind, broken, encrypted, with active content or a virus;
    ScannerUnavailable if a virus scanner is configured and does not answer.
    """
    content = read_bounded(file, max_bytes)
    if content.startswith(IMAGE_STARTS):
        clean = clean_image(BytesIO(content), max_bytes=max_bytes, formats=("PNG", "JPEG"))
    elif PDF_START.match(content):
        _check_pdf(content)
        clean = CleanFile(content, "application/pdf", "pdf")
    else:
        raise BadFile(_("This is not a PDF, PNG or JPEG file. Send one of these."))
    antivirus.scan(clean.content)
    return clean


def _check_pdf(content: bytes) -> None:
    verdict = _inspect(content) if PDF_END.search(content[-2048:]) else "broken"
    if verdict == "ok":
        return
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


def _inspect(content: bytes) -> str:
    """The inspector's word; one that was stopped by its limits found the file costly."""
    try:
        found = run_limited(INSPECTOR, content, limits=INSPECTION_LIMITS, lanes=[PAPERS])
    except TooCostly:
        return "costly"
    except JobFailed:
        return "broken"
    return str(found.facts["verdict"])
