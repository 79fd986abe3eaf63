"""The Arabic texts and where they are used, read without gettext's programs: Babel and Django do it."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from aqad.lib import naming

Key: TypeAlias = tuple[str | None, str | tuple[str, ...]]

ROOT = Path(settings.BASE_DIR)
PO = ROOT / "locale" / "ar" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
PLURAL_FORMS = 6

# Where no text for people is, and what is not ours.
_ELSEWHERE = {".git", ".venv", "var", "node_modules", "static", "bench", "deploy", "tests", "conftest.py"}
_WORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (1,)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}


class ArabicTexts(Catalog):
    """A catalogue whose head holds nothing that differs from day to day, so that changes stay readable."""

    def __init__(self) -> None:
        super().__init__(locale="ar", header_comment="", fuzzy=False)

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """None, one, two, few (3 to 10), many (11 to 99), others: as Django counts in Arabic, too."""
        plural = "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 && n%100<=99 ? 4 : 5"
        return [
            ("Project-Id-Version", "AQAD"),
            ("Language", "ar"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Content-Transfer-Encoding", "8bit"),
            ("Plural-Forms", f"nplurals=6; plural={plural};\n"),
        ]


def key(message: Message) -> Key:
    return message.context, message.id if isinstance(message.id, str) else tuple(message.id)


def texts(catalogue: Catalog) -> dict[Key, Message]:
    """The messages without the head."""
    return {key(message): message for message in catalogue if message.id}


def written() -> Catalog:
    with PO.open("rb") as file:
        return read_po(file, locale="ar")


def used() -> Catalog:
    """Every text in the code, the templates and the names of models, each with the files it stands in."""
    catalogue = ArabicTexts()
    for path in _sources():
        for _, text, _, context in extract("python", BytesIO(_as_python(path)), keywords=_WORDS):
            catalogue.add(text, locations=[(path.relative_to(ROOT).as_posix(), 0)], context=context)
    for (context, word), module in naming.WORDS.items():
        catalogue.add(word, locations=[(module.replace(".", "/") + ".py", 0)], context=context)
    return catalogue


def brought_up_to_date() -> Catalog:
    """What is used, with the translations that are written; a new text stands there without one."""
    known, catalogue = texts(written()), used()
    for each, message in texts(catalogue).items():
        if each in known and not known[each].fuzzy:
            message.string = known[each].string
    return catalogue


def compiled(catalogue: Catalog) -> bytes:
    plain = ArabicTexts()
    for message in texts(catalogue).values():
        plain.add(message.id, message.string, flags=message.flags, context=message.context)
    file = BytesIO()
    write_mo(file, plain)
    return file.getvalue()


def write(catalogue: Catalog) -> None:
    with PO.open("wb") as file:
        write_po(file, catalogue, width=110, include_lineno=False)
    MO.write_bytes(compiled(catalogue))


def _sources() -> Iterator[Path]:
    for folder in sorted(path for path in ROOT.iterdir() if path.is_dir() and path.name not in _ELSEWHERE):
        for path in sorted(folder.rglob("*")):
            code = path.suffix == ".py" and not _ELSEWHERE & set(path.relative_to(folder).parts)
            if code or (path.suffix in {".html", ".txt"} and "templates" in path.relative_to(ROOT).parts):
                yield path


def _as_python(path: Path) -> bytes:
    """Of a template, the calls that Django makes of it; each line at its start: it is no block."""
    source = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        source = "\n".join(line.lstrip() for line in templatize(source).splitlines())
    return source.encode()


def is_whole(message: Message) -> bool:
    """Whether every form of it is translated."""
    forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return all(forms) and len(forms) == (1 if isinstance(message.id, str) else PLURAL_FORMS)
