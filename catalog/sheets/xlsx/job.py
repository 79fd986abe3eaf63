"""The job of the limited child: a workbook's sheets, and the rows of one of them.

Imports nothing of Django. Rows are lines of JSON, packed: what a sheet says twice hardly counts twice.
"""

import json
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from catalog.sheets.xlsx.parts import Costly, Damaged, Hostile
from catalog.sheets.xlsx.rows import SheetReader
from catalog.sheets.xlsx.workbook import Look, SheetPart, look_at

MAX_ROWS_BYTES = 256 * 1024 * 1024  # of all lines, before they are packed

# What zipfile and zlib are known to raise on archives that are not what they should be.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError, RuntimeError, OSError)
_WRONG = (ValueError, OverflowError, IndexError, UnicodeError)

Answer = tuple[dict[str, Any], list[bytes]]


def read_workbook(file: IO[bytes], *, sheet: int, first: int, most_rows: int, most_columns: int) -> Answer:
    """Facts: `sheets`, a list of {"name", "first"} with the first filled rows of each but number `sheet`;
    `hidden`, likewise of those one cannot see; `merged`, the areas of that one; or `problem`: empty,
    entities, damaged, costly, rows. Part: its rows.
    """
    try:
        with zipfile.ZipFile(file) as book:
            return _read(book, sheet, first, most_rows, most_columns)
    except Hostile:
        return {"problem": "entities"}, []
    except (Costly, MemoryError):
        return {"problem": "costly"}, []
    except (Damaged, *_BROKEN, *_WRONG) as error:
        return {"problem": "damaged", "why": f"{type(error).__name__}: {error}"[:300]}, []


def _read(book: zipfile.ZipFile, sheet: int, first: int, most_rows: int, most_columns: int) -> Answer:
    look = look_at(book)
    if sheet >= len(look.sheets):
        return {"problem": "empty"}, []
    sheets = [
        {
            "name": each.name[:80],
            "first": [] if number == sheet else _first(book, each, look, first, most_columns),
        }
        for number, each in enumerate(look.sheets)
    ]
    reader = _reader(book, look.sheets[sheet], look, most_columns)
    packed = _pack(reader, most_rows)
    if packed is None:
        return {"problem": "rows"}, []
    hidden = [
        {"name": each.name[:80], "first": _first_if_readable(book, each, look, first, most_columns)}
        for each in look.hidden
    ]
    return {"sheets": sheets, "hidden": hidden, "merged": reader.merged}, [packed]


def _reader(book: zipfile.ZipFile, sheet: SheetPart, look: Look, most_columns: int) -> SheetReader:
    if not sheet.part:
        raise Damaged("the part of a sheet is missing")
    return SheetReader(book, sheet.part, look, most_columns)


def _first(book: zipfile.ZipFile, sheet: SheetPart, look: Look, count: int, most_columns: int) -> list[Any]:
    return list(islice(_reader(book, sheet, look, most_columns).rows(), count))


def _first_if_readable(
    book: zipfile.ZipFile, sheet: SheetPart, look: Look, count: int, most_columns: int
) -> list[Any]:
    """None of a sheet that is damaged: it is not to be read."""
    try:
        return _first(book, sheet, look, count, most_columns)
    except (Damaged, *_BROKEN, *_WRONG):
        return []


def _pack(reader: SheetReader, most_rows: int) -> bytes | None:
    """None where there are more filled rows than that."""
    packer, packed, size = zlib.compressobj(1), [], 0
    for count, row in enumerate(reader.rows(), start=1):
        if count > most_rows:
            return None
        line = (
            json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
            + b"\n"
        )
        size += len(line)
        if size > MAX_ROWS_BYTES:
            raise Costly
        packed.append(packer.compress(line))
    return b"".join([*packed, packer.flush()])


def unpack(packed: bytes) -> Iterator[tuple[int, list[Any]]]:
    """The rows again, a few in memory at a time."""
    unpacker, pending, rest = zlib.decompressobj(), packed, b""
    while pending:
        lines = (rest + unpacker.decompress(pending, 256 * 1024)).split(b"\n")
        pending, rest = unpacker.unconsumed_tail, lines.pop()
        for line in lines:
            yield tuple(json.loads(line))
    for line in (rest + unpacker.flush()).splitlines():
        yield tuple(json.loads(line))
