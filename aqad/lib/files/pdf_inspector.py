"""Look through one PDF for what a document of ours may not carry.

Runs in a limited child (`aqad.lib.limited_process`), and imports nothing but pypdf.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import IO

from pypdf import PdfReader, apply_configuration
from pypdf.errors import DependencyError, FileNotDecryptedError, PdfReadError
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    PdfObject,
    StreamObject,
)

MAX_OBJECTS = 100_000
MAX_NODES = 1_000_000
MAX_DECODED_BYTES = 32 * 1024 * 1024  # of one stream that the parser itself must read

# ISO 32000-2: 7.11.4 embedded files, 12.6 actions, 12.6.4.17 JavaScript, 12.7.8 forms (XFA), 13.7 rich media.
ACTIVE_KEYS = {
    "/AA",
    "/EF",
    "/EmbeddedFiles",
    "/JS",
    "/JavaScript",
    "/OnInstantiate",
    "/RichMediaContent",
    "/RichMediaSettings",
    "/XFA",
}
ACTIVE_NAMES = {
    "/EmbeddedFile",
    "/FileAttachment",
    "/GoToE",
    "/GoToR",
    "/ImportData",
    "/JavaScript",
    "/Launch",
    "/Movie",
    "/Rendition",
    "/RichMedia",
    "/RichMediaExecute",
    "/Sound",
    "/SubmitForm",
}
# Also searched in the raw bytes, because another reader may find objects that pypdf does not.
ACTIVE_RAW = re.compile(rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia\w*|SubmitForm|ImportData)\b")
ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


class Costly(Exception):
    """More objects than a document of ours could need."""


def inspect_pdf(file: IO[bytes]) -> tuple[dict[str, str], list[bytes]]:
    """The job of the limited child: the verdict and no parts."""
    return {"verdict": inspect(file.read())}, []


def inspect(content: bytes) -> str:
    """The verdict on one PDF: ok, empty, broken (the parser cannot read it), encrypted, active or costly."""
    if _names_action(content):
        return "active"
    try:
        with apply_configuration(
            jbig2dec_binary=None,
            zlib_maximum_output_length=MAX_DECODED_BYTES,
            lzw_maximum_output_length=MAX_DECODED_BYTES,
            run_length_maximum_output_length=MAX_DECODED_BYTES,
        ):
            return _verdict(PdfReader(BytesIO(content), xref_stream_maximum_entries=2 * MAX_OBJECTS))
    except (DependencyError, FileNotDecryptedError):  # a cipher we do not even try
        return "encrypted"
    except (Costly, MemoryError):
        return "costly"
    except Exception:  # noqa: BLE001 - a parser of hostile bytes raises nearly anything
        return "broken"


def _names_action(raw: bytes) -> bool:
    return ACTIVE_RAW.search(ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), raw)) is not None


def _verdict(reader: PdfReader) -> str:
    if reader.is_encrypted:
        return "encrypted"
    if "/Root" not in reader.trailer:  # which the parser would look for elsewhere
        return "broken"
    reader.strict = (
        True  # a sloppy cross-reference table may pass, objects that are read only in part may not
    )
    if any(_is_active(node) for node in _nodes(reader)):
        return "active"
    return "ok" if len(reader.pages) and reader.pages[0].get("/Type") == "/Page" else "empty"


def _nodes(reader: PdfReader) -> Iterator[PdfObject]:
    """Every object of the file, reachable or not, and everything inside it; references are not followed."""
    numbers = {(number, generation) for generation, entries in reader.xref.items() for number in entries}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MAX_OBJECTS:
        raise Costly
    seen = 0
    for root in [reader.trailer, *(IndirectObject(*number, reader) for number in sorted(numbers))]:
        pending = [root.get_object()]
        while pending:
            node = pending.pop()
            seen += 1
            if seen > MAX_NODES:
                raise Costly
            if node is None:
                raise PdfReadError("an object is missing")
            yield node
            if isinstance(node, DictionaryObject):
                pending += node.values()
            elif isinstance(node, ArrayObject):
                pending += node


def _is_active(node: PdfObject) -> bool:
    if isinstance(node, NameObject):
        return node in ACTIVE_NAMES
    if not isinstance(node, DictionaryObject):
        return False
    if isinstance(node, StreamObject) and node.get("/Type") == "/ObjStm" and _names_action(node.get_data()):
        return True
    return not ACTIVE_KEYS.isdisjoint(node) or not _opens_quietly(node.get("/OpenAction"))


def _opens_quietly(action: PdfObject | None) -> bool:
    """Whether opening the document at most shows one of its own pages."""
    action = action.get_object() if action is not None else None
    if isinstance(action, DictionaryObject):
        return action.get("/S") == "/GoTo"
    return action is None or isinstance(action, ArrayObject | NullObject)
