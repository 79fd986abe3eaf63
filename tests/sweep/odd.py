"""What nobody means and somebody sends, and where a page can be sent it: its parameters and its forms."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.signals import got_request_exception
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

ODD = (
    "", " ", "0", "-1", "12,50", "abc", "10 AED", "-0", "NaN", "-Infinity", "1e400", "1e-9", "1.234,50",
    "9" * 40, "9" * 5000, "x" * 5000, "\0", "a\0b", "\ud800", "a\udfff", "\uffff", "٣", "²", "½", "١٢٫٥٠",
    "1_000", "\u202e\u200f", "\ufeff1", "a\r\nSet-Cookie: a=b", "\t1\n", "<script>alert(1)</script>",
    "' OR 1=1 --", "%", "\\", "{}", '{"a": [1]}', "[1, null]", "%s%n%(a)s{0.__class__}", "../../etc/passwd",
    "//evil.example", "http://[::1", "javascript:alert(1)", "2026-13-45", "0000-00-00", "9999-12-31",
    "0001-01-01", "2026-12-01T25:61", "99999999999-01-01", "P1001", "ORD99999999999999999999", "CHK-1",
    "true", "None", "e\u0301" * 50, "9223372036854775808", "2147483648", "-9223372036854775809",
    "999999999999.999", "\N{FAMILY}\u200d\N{GIRL}", "=1+1", "a,b,,c",
)  # fmt: skip
ODD_PARTS = (
    "0", "-1", "9" * 19, "9" * 400, "P0", "P9223372036854775808", "ORD1001x", "%00", "a%00b", "%ED%A0%80",
    "%FF", "٣", "²", "a%20b", "%0A", "x:y", "..%2F..%2Fsettings.py", "%252e%252e", "{}", "a" * 3000,
    "%E2%80%AE", "None", "V1001",
)  # fmt: skip
# What pages of other shops, htmx and Django's admin site are asked: tried everywhere, known there or not.
USUAL = ("page", "page_size", "next", "ordering", "q", "search", "status", "from", "lang", "format", "x[]")
OF_ADMIN = (
    "q", "o", "p", "e", "all", "_popup", "_to_field", "_changelist_filters", "_facets", "nope__x", "next",
)  # fmt: skip
# What follows a field in the address of a list of Django's admin site, and what it is asked for.
LOOKUPS = (
    ("exact", "abc"), ("in", "abc,,9e9"), ("isnull", "maybe"), ("gt", "9" * 40), ("regex", "[("), ("lt", "²"),
    ("", "NaN"), ("iregex", "*"), ("contains", "{"), ("range", "1"), ("gte", "0001-01-01"), ("year", "99999"),
    ("has_key", "x"), ("nope", "1"), ("", "1e999999"), ("month__gt", "x"), ("lte", "9999-12-31"), ("", "a"),
    ("in", "9" * 400), ("startswith", "\\"), ("id__exact", "-1"), ("date", "2026-13-45"), ("isempty", "2"),
    ("trigram_similar", "x"), ("search", "' &"), ("overlap", "{,"), ("in", ""), ("", "fe80::%x"), ("0", "x"),
    ("len", "9" * 20), ("", "1"),
)  # fmt: skip
FILES = (
    ("a.pdf", b"", "application/pdf"),
    ("b.png", b"%PDF-1.4 no", "image/png"),
    ("c\u202egpj.exe", b"MZ" + bytes(64), "image/jpeg"),
    ("../../d.csv", "sku,price\n٣,12,50\n\"".encode(), "text/csv"),
    ("e" * 400 + ".xlsx", b"PK\x03\x04 no", "application/vnd.ms-excel"),
)  # fmt: skip


@dataclass(frozen=True)
class Form:
    """A form as a page offers it: where it goes, and the fields with what stands in them."""

    action: str
    fields: tuple[tuple[str, str], ...]
    files: frozenset[str]

    @property
    def kind(self) -> tuple[Any, ...]:
        """Forms of one kind differ by what they are about only."""
        return (_without_numbers(self.action), *sorted({_without_numbers(name) for name, _ in self.fields}))


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path, self.forms, self.links = path, [], set()
        self._by_id: dict[str, Any] = {}
        self._form: Any = None
        self._select: tuple[Any, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name in ("href", "hx-get"):
            self.links.add(given.get(name, ""))
        for name in ("hx-post", "formaction"):
            if given.get(name):
                self.forms.append({"action": given[name], "method": "post", "fields": [], "files": set()})
        if tag == "form":
            made = {"action": given.get("action") or self.path, "method": given.get("method", "get").lower()}
            self._form = {**made, "fields": [], "files": set()}
            self.forms.append(self._form)
            self._by_id[given.get("id", "")] = self._form
        form = self._by_id.get(given.get("form", "-"), self._form)
        if form is None:
            return
        if tag in ("input", "textarea", "button") and given.get("name"):
            if given.get("type") == "file":
                form["files"].add(given["name"])
            else:
                form["fields"].append((given["name"], given.get("value", "")))
        elif tag == "select" and given.get("name"):
            self._select = (form, given["name"])
        elif tag == "option" and self._select:
            where, name = self._select
            where["fields"].append((name, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None


def read_page(path: str, text: str) -> tuple[list[Form], set[str]]:
    """The forms of a page, and the parameters that its links and GET forms name."""
    reader = _Reader(path)
    reader.feed(text)
    names = {name for link in reader.links for name, _ in parse_qsl(urlsplit(link).query, True)}
    forms = []
    for found in reader.forms:
        action = urlsplit(found["action"])
        if action.netloc or found["method"] == "dialog":
            continue
        fields = {name: value for name, value in found["fields"] if name != "csrfmiddlewaretoken"}
        if found["method"] == "get":
            names |= set(fields)
            continue
        forms.append(Form(action.path or path, tuple(fields.items()), frozenset(found["files"])))
    return forms, names


@contextmanager
def names_asked() -> Iterator[set[str]]:
    """Within it the set grows by each name that a view looks for in an address or a form."""
    asked: set[str] = set()
    kept = {name: MultiValueDict.__dict__[name] for name in ("__getitem__", "_getlist")}

    def recording(original: Any) -> Any:
        def read(self: Any, key: Any, *rest: Any, **named: Any) -> Any:
            if isinstance(self, QueryDict) and isinstance(key, str):
                asked.add(key)
            return original(self, key, *rest, **named)

        return read

    for name, original in kept.items():
        setattr(MultiValueDict, name, recording(original))
    try:
        yield asked
    finally:
        for name, original in kept.items():
            setattr(MultiValueDict, name, original)


@contextmanager
def crashes() -> Iterator[list[str]]:
    """Within it the list grows by each exception that no layer of AQAD foresaw."""
    found: list[str] = []

    def note(**_signal: Any) -> None:
        error = sys.exc_info()[1]
        found.append(f"{type(error).__name__}: {error}"[:200])

    got_request_exception.connect(note)
    try:
        yield found
    finally:
        got_request_exception.disconnect(note)


class Rotation:
    """Gives each name its own next odd value each time, so that over pages it has them all."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def together(self, names: Iterable[str], unknown: Iterable[str], *, least: int) -> Iterator[str]:
        """Query strings of all names, until each of `names` had every value, and `least` at the least."""
        known, every = sorted(names), sorted({*names, *unknown})
        left = max((len(ODD) - self._given[name] for name in known), default=0)
        for _ in range(max(left, least)):
            yield "&".join(self._pair(name) for name in every)

    def alone(self, names: Iterable[str]) -> Iterator[str]:
        """Query strings of one name each, so that no other's refusal hides it."""
        for name in sorted(names):
            yield self._pair(name)

    def repeated(self, names: Iterable[str]) -> Iterator[str]:
        for name in sorted(names):
            yield f"{_coded(name)}=1&{self._pair(name)}&{_coded(name)}"

    def _pair(self, name: str) -> str:
        self._given[name] += 1
        return f"{_coded(name)}={_odd(self._given[name] + 5 * len(name))}"


def lookup(field: str, turn: int) -> str:
    """A query string that asks a list of the admin site for this field, in another way each turn."""
    asked, value = LOOKUPS[turn % len(LOOKUPS)]
    return f"{'__'.join(filter(None, (field, asked)))}={_coded(value)}"


def bodies(form: Form, turns: Sequence[int]) -> Iterator[dict[str, Any]]:
    """What is sent of a form: all fields odd, in turns; then each alone among those as they stand."""
    fields = dict(form.fields)
    files = sorted(form.files)
    for turn in turns:
        odd: dict[str, Any] = {name: ODD[(turn + 5 * at) % len(ODD)] for at, name in enumerate(fields)}
        yield odd | {name: _file(turn + at) for at, name in enumerate(files)}
    for at, name in enumerate(fields):
        yield {**fields, name: ODD[(turns[0] + at * 7) % len(ODD)]}
    for name in files:
        yield {**fields, name: "no file"}


def urlencoded(body: dict[str, Any]) -> bytes:
    return "&".join(f"{_coded(name)}={_coded(str(value))}" for name, value in body.items()).encode()


def multipart(body: dict[str, Any], boundary: str) -> bytes:
    """As a program writes it that escapes nothing: halves of characters and zeros come as they are."""
    parts = []
    for name, value in body.items():
        file = value if isinstance(value, SimpleUploadedFile) else None
        named = f'; filename="{file.name}"\r\nContent-Type: {file.content_type}' if file else ""
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'
        content = file.read() if file else str(value).encode("utf-8", "surrogatepass")
        parts.append(head.encode("utf-8", "surrogatepass") + content + b"\r\n")
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def _file(turn: int) -> SimpleUploadedFile:
    name, content, kind = FILES[turn % len(FILES)]
    return SimpleUploadedFile(name, content, kind)


def _odd(turn: int) -> str:
    return _coded(ODD[turn % len(ODD)])


def _coded(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def _without_numbers(text: str) -> str:
    return "".join(char for char in text if not char.isdigit())
