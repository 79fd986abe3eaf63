"""One part of a workbook as a stream of elements: no part is ever held as a tree.

Runs in a limited child and imports nothing of Django. Names come without their prefix, so that files of the
transitional and of the strict standard (ISO/IEC 29500, other namespaces, the same names) read alike.
"""

import zipfile
from collections.abc import Callable, Iterator
from xml.parsers import expat

CHUNK = 64 * 1024
MAX_NAMES = 10_000
_MAIN = "spreadsheetml"

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


class Damaged(Exception):
    """The file is not what the standard says."""


class Hostile(Exception):
    """The file declares a document type, and with it entities, which no workbook does."""


class Costly(Exception):
    """The file has more of something than any sheet of products could need."""


def feed(book: zipfile.ZipFile, name: str, start: Start, end: End, text: Text) -> Iterator[None]:
    """Parse a part chunk by chunk and pause after each. Raises Damaged, Hostile, Costly, KeyError."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = CHUNK

    def begin(name: str, attributes: dict[str, str]) -> None:
        """The first element tells whether names have prefixes; without them nothing stands in between."""
        if ":" in name or any(each.startswith("xmlns:") and _MAIN in attributes[each] for each in attributes):
            parser.StartElementHandler, parser.EndElementHandler = _without_prefixes(start, end)
        else:
            parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.StartElementHandler(name, attributes)

    def declared(*_arguments: object) -> None:
        raise Hostile

    parser.StartElementHandler = begin
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = declared
    parser.EntityDeclHandler = declared
    try:
        with book.open(name) as part:
            while chunk := part.read(CHUNK):
                parser.Parse(chunk)
                yield
            parser.Parse(b"", True)  # noqa: FBT003 - the end
            yield
    except expat.ExpatError as error:
        raise Damaged(str(error)) from error


def _without_prefixes(start: Start, end: End) -> tuple[Start, End]:
    local: dict[str, str] = {}

    def started(name: str, attributes: dict[str, str]) -> None:
        if name not in local:
            local[name] = name.rpartition(":")[2]
            if len(local) > MAX_NAMES:
                raise Costly
        start(local[name], attributes)

    return started, lambda name: end(local[name])


def read_whole(book: zipfile.ZipFile, name: str, start: Start, end: End, text: Text) -> None:
    """As `feed`, to its end."""
    for _pause in feed(book, name, start, end, text):
        pass


def nothing(_text: str) -> None:
    """For those who do not look at texts or ends."""
