"""Documents are judged by content, and PDFs by what they could do."""

import re
import socket
import struct
import threading
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

from aqad.lib.files.antivirus import ScannerUnavailable
from aqad.lib.files.clean_file import BadFile, CleanFile
from aqad.lib.files.documents import clean_document
from aqad.lib.files.pdf_inspector import inspect


def clean(content: bytes, name: str = "licence.pdf", **options: int) -> CleanFile:
    return clean_document(SimpleUploadedFile(name, content), **options)


def name(text: str) -> NameObject:
    return NameObject(f"/{text}")


def dictionary(**entries: Any) -> DictionaryObject:
    return DictionaryObject({name(key): value for key, value in entries.items()})


def pdf(change: Callable[[PdfWriter], Any] | None = None) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    if change:
        change(writer)
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def on_opening(action: Any) -> Callable[[PdfWriter], Any]:
    return lambda writer: writer.root_object.update({name("OpenAction"): action})


def on_the_page(**entries: Any) -> Callable[[PdfWriter], Any]:
    return lambda writer: writer.pages[0].update(dictionary(**entries))


def link(action: DictionaryObject) -> Callable[[PdfWriter], Any]:
    return on_the_page(Annots=ArrayObject([dictionary(Type=name("Annot"), Subtype=name("Link"), A=action)]))


SCRIPT = dictionary(S=name("JavaScript"), JS=TextStringObject("app.alert(1)"))


def test_a_plain_pdf_is_kept_as_it_came() -> None:
    content = pdf()
    result = clean(content, name="photo.exe")
    assert (result.content, result.content_type, result.extension) == (content, "application/pdf", "pdf")
    assert (result.width, result.height) == (None, None)


def test_a_pdf_that_opens_at_a_page_and_links_to_a_site_is_fine() -> None:
    assert clean(pdf(on_opening(ArrayObject([NumberObject(0), name("Fit")]))))
    assert clean(pdf(on_opening(dictionary(S=name("GoTo"), D=ArrayObject([NumberObject(0), name("Fit")])))))
    assert clean(pdf(link(dictionary(S=name("URI"), URI=TextStringObject("https://example.com")))))


def test_pictures_of_paper_are_rewritten(picture: Callable[..., bytes]) -> None:
    for kind, content_type in (("PNG", "image/png"), ("JPEG", "image/jpeg")):
        result = clean(picture(kind) + b"<script>")
        assert result.content_type == content_type
        assert b"<script>" not in result.content


def test_other_kinds_are_refused(picture: Callable[..., bytes]) -> None:
    for content in (b"MZ executable", b"PK\x03\x04", b"<html>", picture("WEBP"), picture("GIF")):
        with pytest.raises(BadFile, match="not a PDF, PNG or JPEG"):
            clean(content)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(
            lambda writer: writer.root_object.update(
                {name("Names"): dictionary(JavaScript=dictionary(Names=ArrayObject()))}
            ),
            id="script of the document",
        ),
        pytest.param(on_opening(SCRIPT), id="script on opening"),
        pytest.param(
            on_opening(dictionary(S=name("URI"), URI=TextStringObject("http://a"))), id="site on opening"
        ),
        pytest.param(on_the_page(AA=dictionary(O=SCRIPT)), id="script of a page"),
        pytest.param(on_the_page(AA=dictionary(O=dictionary(S=name("Named")))), id="additional action"),
        pytest.param(link(dictionary(S=name("Launch"), F=TextStringObject("cmd.exe"))), id="launch"),
        pytest.param(link(dictionary(S=name("SubmitForm"), F=TextStringObject("http://a"))), id="submit"),
        pytest.param(link(dictionary(S=name("ImportData"), F=TextStringObject("a"))), id="import"),
        pytest.param(link(dictionary(S=name("GoToR"), F=TextStringObject("\\\\host\\a"))), id="remote file"),
        pytest.param(
            link(dictionary(S=name("URI"), URI=TextStringObject("https://a"), Next=SCRIPT)),
            id="script after link",
        ),
        pytest.param(lambda writer: writer.add_attachment("a.exe", b"MZ"), id="attachment"),
        pytest.param(
            lambda writer: writer.root_object.update(
                {name("AcroForm"): dictionary(XFA=TextStringObject("<xdp/>"), Fields=ArrayObject())}
            ),
            id="XFA form",
        ),
        pytest.param(
            on_the_page(Annots=ArrayObject([dictionary(Type=name("Annot"), Subtype=name("RichMedia"))])),
            id="rich media",
        ),
    ],
)
def test_active_content_is_refused(change: Callable[[PdfWriter], Any]) -> None:
    with pytest.raises(BadFile, match="scripts, actions or attached files"):
        clean(pdf(change))


def test_a_script_is_found_behind_an_escaped_name_and_behind_a_reference() -> None:
    escaped = pdf(on_opening(SCRIPT)).replace(b"/JavaScript", b"/Java#53cript").replace(b"/JS", b"/J#53")
    assert inspect(escaped) == "active"

    def indirect(writer: PdfWriter) -> None:
        kind = writer._add_object(name("GoToR"))
        link(dictionary(S=kind, F=TextStringObject("a")))(writer)

    assert inspect(pdf(indirect)) == "active"


def test_a_script_that_nothing_points_to_is_found() -> None:
    assert inspect(pdf(lambda writer: writer._add_object(dictionary(JS=TextStringObject("a"))))) == "active"


def test_a_script_inside_a_compressed_object_stream_is_found() -> None:
    content = pdf_with_object_stream(b"<< /JS (a) >>")
    assert b"/JS" not in content
    assert inspect(content) == "active"
    assert inspect(pdf_with_object_stream(b"<< /Fine (a) >>")) == "ok"
    assert inspect(pdf_with_object_stream(b"<< /Fine (a) >> << /S /Launch >>")) == "active"


def pdf_with_object_stream(hidden: bytes) -> bytes:
    """A small PDF 1.5 by hand, whose object 5 lives deflated in object stream 4."""
    stream = zlib.compress(b"5 0 " + hidden)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /X 5 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(stream), stream),
    ]
    content = b"%PDF-1.5\n"
    rows = struct.pack("!BLB", 0, 0, 255)
    for number, body in enumerate(objects, 1):
        rows += struct.pack("!BLB", 1, len(content), 0)
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    rows += struct.pack("!BLB", 2, 4, 0) + struct.pack("!BLB", 1, start, 0)
    table = b"<< /Type /XRef /Size 7 /W [1 4 1] /Root 1 0 R /Length %d >>" % len(rows)
    content += b"6 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (table, rows)
    return content + b"startxref\n%d\n%%%%EOF\n" % start


def test_an_encrypted_pdf_is_refused() -> None:
    for password in ("", "secret"):
        with pytest.raises(BadFile, match="protected by a password or encrypted"):
            clean(pdf(lambda writer, word=password: writer.encrypt(word, "owner", algorithm="RC4-128")))


def test_a_cipher_the_parser_does_not_know_counts_as_encrypted() -> None:
    cipher = (
        b"/Encrypt << /Filter /Standard /V 5 /R 6 /Length 256 /P -4 /O (%b) /U (%b) /OE (%b) /UE (%b)"
        % ((b"a" * 48, b"b" * 48, b"c" * 32, b"d" * 32))
    )
    cipher += b" /Perms (eeeeeeeeeeeeeeee) /StmF /StdCF /StrF /StdCF /CF << /StdCF << /CFM /AESV3 >> >> >>"
    content = pdf().replace(
        b"trailer\n<<", b"trailer\n<<\n/ID [(0123456789abcdef) (0123456789abcdef)] " + cipher
    )
    with pytest.raises(BadFile, match="encrypted"):
        clean(content)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda content: content[: len(content) // 2], id="cut"),
        pytest.param(lambda content: content[:20] + content[-30:], id="without a middle"),
        pytest.param(lambda content: content + b"PK\x03\x04 an archive", id="payload behind the end"),
        pytest.param(lambda content: content + b"MZ%%EOF", id="payload with an end of its own"),
        pytest.param(lambda content: content.replace(b"/Root", b"/Toor"), id="without a root"),
    ],
)
def test_a_broken_pdf_or_one_with_a_payload_is_refused(spoil: Callable[[bytes], bytes]) -> None:
    with pytest.raises(BadFile, match="damaged or incomplete"):
        clean(spoil(pdf()))


def test_white_space_behind_the_end_is_fine() -> None:
    assert clean(pdf() + b"\r\n\0\n")


@pytest.mark.parametrize(
    "behind",
    [
        b"% Printed by an office of the free zone\n",
        "% طُبع في دبي\n".encode(),
        b"\x1a",
        b"\r\n\x00\x00garbage of a printer",
        b"%%EOF\n",
        b"\n" + b"%" * 900,
    ],
)
def test_what_viewers_pass_over_behind_the_end_is_dropped(behind: bytes) -> None:
    content = pdf().rstrip()
    result = clean(content + b"\n" + behind)
    assert result.content.rstrip() in (content, content + b"\n%%EOF")
    assert b"garbage" not in result.content


@pytest.mark.parametrize("before", [b"\n", b"\xef\xbb\xbf", b"\x1b%-12345X@PJL\r\n", b"\0" * 128, b"junk "])
def test_some_bytes_before_the_header_are_dropped(before: bytes) -> None:
    result = clean(before + pdf())
    assert result.content == pdf()


def test_a_pdf_that_counts_from_the_first_byte_of_the_file_is_read_as_well() -> None:
    before = b"junk of a mail program\n"
    moved = re.sub(rb"(\d{10}) (\d{5}) n", lambda m: b"%010d %s n" % (int(m[1]) + len(before), m[2]), pdf())
    moved = re.sub(rb"startxref\n(\d+)", lambda m: b"startxref\n%d" % (int(m[1]) + len(before)), moved)
    assert clean(before + moved).content == moved


@pytest.mark.parametrize(
    "other",
    [
        b"PK\x05\x06" + bytes(18),
        b"<script>alert(1)</script>",
        b"<html>",
        b"<?php ?>",
        b"\x7fELF",
        b"\xff\xd8\xff\xe0",
        b"%PDF-1.4\n",
        b"9 0 obj\n<< /S /Launch >>\nendobj",
    ],
)
def test_a_second_file_behind_the_pdf_is_refused(other: bytes) -> None:
    with pytest.raises(BadFile, match="damaged or incomplete"):
        clean(pdf() + other)
    if not other.startswith(b"%PDF"):
        with pytest.raises(BadFile):
            clean(other + b"\n" + pdf())


def test_more_than_some_bytes_around_a_pdf_are_refused() -> None:
    with pytest.raises(BadFile, match="damaged"):
        clean(pdf() + b"%" * 1500)
    with pytest.raises(BadFile, match="not a PDF"):
        clean(b" " * 1500 + pdf())


def test_active_content_is_found_with_a_comment_around_it() -> None:
    for content in (b"junk " + pdf(on_opening(SCRIPT)), pdf(on_opening(SCRIPT)) + b"% a comment"):
        with pytest.raises(BadFile, match="scripts, actions"):
            clean(content)


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"heix", b"hevc"])
def test_a_photo_as_an_iphone_keeps_it_is_called_what_it_is(brand: bytes) -> None:
    content = b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0mif1heic" + bytes(500)
    with pytest.raises(BadFile, match=r"HEIC.*Save it as JPEG"):
        clean(content, name="IMG_2041.jpg")


def test_another_format_in_front_of_the_pdf_is_refused() -> None:
    with pytest.raises(BadFile, match="not a PDF"):
        clean(b"GIF89a" + pdf())


def test_a_pdf_without_pages_is_refused() -> None:
    writer = PdfWriter()
    buffer = BytesIO()
    writer.write(buffer)
    with pytest.raises(BadFile, match="no pages"):
        clean(buffer.getvalue())


def test_a_pdf_that_unpacks_to_far_more_than_it_is_worth_is_refused() -> None:
    content = pdf_with_object_stream(b"[" + b"0 " * 40_000_000 + b"]")
    assert len(content) < 200_000
    with pytest.raises(BadFile, match=r"damaged|complex"):
        clean(content)


def test_a_deeply_nested_pdf_is_refused() -> None:
    deep = b"<< /A " * 20_000 + b"0" + b" >>" * 20_000
    with pytest.raises(BadFile, match=r"damaged|complex"):
        clean(pdf_with_object_stream(deep))


def test_a_too_large_document_is_refused() -> None:
    with pytest.raises(BadFile, match="larger than 10 MiB"):
        clean(b"%PDF-1.4" + b" " * (10 * 1024 * 1024))


@pytest.fixture
def clamd() -> Iterator[Callable[[bytes], str]]:
    """A little clamd: `clamd(answer)` gives its URL; it answers `answer` if it was sent a whole stream."""
    listeners = []

    def start(answer: bytes) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threading.Thread(target=serve, args=(listener, answer), daemon=True).start()
        return f"tcp://127.0.0.1:{listener.getsockname()[1]}"

    def serve(listener: socket.socket, answer: bytes) -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            received = b""
            while size := struct.unpack("!L", stream.read(4))[0]:
                received += stream.read(size)
            if received.startswith(b"%PDF-"):
                connection.sendall(answer)

    yield start
    for listener in listeners:
        listener.close()


def test_a_clean_scan_passes(clamd: Callable[[bytes], str]) -> None:
    with override_settings(CLAMD_URL=clamd(b"stream: OK\0")):
        assert clean(pdf())


def test_a_virus_is_refused(clamd: Callable[[bytes], str]) -> None:
    with (
        override_settings(CLAMD_URL=clamd(b"stream: Eicar-Signature FOUND\0")),
        pytest.raises(BadFile, match="virus"),
    ):
        clean(pdf())


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b""])
def test_a_scanner_that_cannot_tell_lets_nothing_pass(clamd: Callable[[bytes], str], answer: bytes) -> None:
    with override_settings(CLAMD_URL=clamd(answer)), pytest.raises(ScannerUnavailable):
        clean(pdf())


@pytest.mark.parametrize("url", ["tcp://127.0.0.1:1", "unix:///nonexistent/clamd.sock"])
def test_a_scanner_that_is_down_lets_nothing_pass(url: str) -> None:
    with override_settings(CLAMD_URL=url), pytest.raises(ScannerUnavailable):
        clean(pdf())
