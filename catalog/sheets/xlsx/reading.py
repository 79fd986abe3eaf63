"""A workbook read in a limited child: which of its sheets has the products, and that sheet's rows."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from aqad.lib.files.clean_file import MIB, BadFile
from aqad.lib.limited_process.running import JobFailed, Limits, TooCostly, run_limited
from aqad.lib.limited_process.turns import Busy, Lane
from aqad.lib.text.cleaning import readable_search
from catalog.sheets.cells import Cell, DateCell, LostCell
from catalog.sheets.columns import HEADING_WITHIN, MOST_COLUMNS, understand
from catalog.sheets.xlsx.job import unpack

JOB = "catalog.sheets.xlsx.job:read_workbook"
LIMITS = Limits(memory=512 * MIB, processor=40, wall=60, output=64 * MIB)
SHEETS = Lane("sheets", at_once=2)

Row = tuple[int, list[Cell]]
Area = tuple[int, int, int, int]  # first column (from 0), first row (from 1), last column, last row


@dataclass(frozen=True)
class Workbook:
    """The sheet with the products: its rows, packed, and its merged areas. `hidden`: names of hidden sheets
    that have products as well."""

    merged: Sequence[Area]
    packed: bytes
    hidden: Sequence[str] = ()

    def rows(self) -> Iterator[Row]:
        """Every row with something in it, as often as asked for."""
        for number, cells in unpack(self.packed):
            yield number, [_cell(each) for each in cells]


def read_workbook(content: bytes) -> Workbook:
    """Raises BadFile: damaged, hostile, costly, empty, several sheets of products; Busy, which may pass."""
    facts, packed = _run(content, 0)
    sheets = facts["sheets"]
    others = [number for number, sheet in enumerate(sheets) if _has_products(sheet["first"])]
    if any(_is_heading(cells) for _number, cells in _beginning(packed)):
        others.insert(0, 0)
    if len(others) > 1:
        names = ", ".join(f"“{_readable_name(sheets[number]['name'])}”" for number in others)
        raise BadFile(
            _("Several sheets of the file have products: %(names)s. Send each as a file of its own.")
            % {"names": names}
        )
    if others and others[0]:
        facts, packed = _run(content, others[0])
    hidden = [_readable_name(sheet["name"]) for sheet in facts["hidden"] if _has_products(sheet["first"])]
    merged = [(left, top, right, bottom) for left, top, right, bottom in facts["merged"]]
    return Workbook(merged, packed, hidden)


def _run(content: bytes, sheet: int) -> tuple[dict[str, Any], bytes]:
    options = {
        "sheet": sheet,
        "first": HEADING_WITHIN + 1,
        "most_rows": settings.IMPORT_MAX_ROWS + HEADING_WITHIN,
        "most_columns": MOST_COLUMNS + 1,  # one more, to see that there are more
    }
    try:
        result = run_limited(JOB, content, limits=LIMITS, lanes=[SHEETS], **options)
    except TooCostly as error:
        if str(error) == "time":  # by the clock, while its processor time was not used up
            raise Busy from error
        raise BadFile(_costly()) from error
    except JobFailed as error:
        raise BadFile(_damaged()) from error
    if problem := result.facts.get("problem"):
        raise BadFile(_told(problem))
    return result.facts, result.parts[0]


def _told(problem: str) -> str:
    if problem == "entities":
        return _("The file declares entities, which no sheet needs. Save it anew.")
    if problem == "costly":
        return _costly()
    if problem == "rows":
        return too_many_rows()
    if problem == "empty":
        return _("The sheet is empty. Download the template to see what it may hold.")
    return _damaged()


def too_many_rows() -> str:
    limit = f"{settings.IMPORT_MAX_ROWS:,}"
    return _("The sheet has more than %(limit)s rows. Split it into several.") % {"limit": limit}


def _costly() -> str:
    return _("Unpacked, the file is far too large. Copy the rows into a new sheet and send that.")


def _damaged() -> str:
    return _("The file is damaged. Save it again and send the new one.")


def _beginning(packed: bytes) -> list[Row]:
    found = []
    for row in unpack(packed):
        found.append(row)
        if len(found) == HEADING_WITHIN:
            break
    return found


def _is_heading(cells: Sequence[Any]) -> bool:
    return understand(map(_cell, cells)).has_key


def _has_products(first: Sequence[Sequence[Any]]) -> bool:
    """Whether a further sheet has rows below a heading of products; a page of notes names a column or two."""
    for place, (_number, cells) in enumerate(first):
        heading = understand(map(_cell, cells))
        if heading.has_key and len(heading.given) > 1:
            return place + 1 < len(first)
    return False


def _readable_name(name: str) -> str:
    """The name of a sheet as a person reads it, and as the database takes it."""
    return readable_search(name, longest=80)


def _cell(value: Any) -> Cell:
    if not isinstance(value, dict):
        return value
    if "date" in value:
        return DateCell(value["date"], value["serial"])
    return LostCell(value["lost"], value.get("text", "#VALUE!"))
