"""The sheet given back: the rows that were not taken over, each with what is wrong in front."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import translation

from aqad.lib.files.storage import read_private
from aqad.lib.spreadsheet_formulas import unshield_formula
from catalog.models import ImportRow, ProductImport
from catalog.sheets.cells import LostCell
from catalog.sheets.columns import error_heading, heading_of, is_error_heading
from catalog.sheets.reading import Sheet
from catalog.sheets.writing import stream

Told = list[list[str]]


def errors_file(made: ProductImport) -> Iterator[bytes]:
    """In the format it came in: refused rows alone after an import, all rows where nothing was written.

    What is sent again changes nothing a second time, so the mended sheet can simply be sent.
    """
    sheet = Sheet(read_private(made.file), made.kind)
    with translation.override(made.language):
        title = error_heading()
    sheet.survey  # noqa: B018 - read before the answer has begun
    return stream(made.kind, [(title, _rows(made, sheet, title))], language=made.language)


def sentences(errors: Told) -> list[str]:
    """Each with the column it is about."""
    return [f"{heading_of(name)}: {text}" if name else text for name, text in errors]


def _kept(cell: Any) -> Any:
    """As it came; an apostrophe that shields it is put on anew when it is written.

    What could not be read stays so (#VALUE!): were it left empty, the sheet sent again would clear a text.
    """
    if isinstance(cell, LostCell):
        return cell.text
    return unshield_formula(cell) if isinstance(cell, str) else cell


def _rows(made: ProductImport, sheet: Sheet, title: str) -> Iterator[Sequence[Any]]:
    refused = ImportRow.objects.filter(sheet=made, outcome=ImportRow.Outcome.REFUSED)
    told: dict[int, Told] = dict(refused.values_list("number", "errors"))
    known = [position for position, text in enumerate(sheet.titles) if not is_error_heading(text)]
    yield [title, *(sheet.titles[position] for position in known)]
    for number, cells in sheet.rows():
        if number in told or made.status != ProductImport.Status.DONE:
            kept = [_kept(cells[position]) for position in known if position < len(cells)]
            more = map(_kept, cells[len(sheet.titles) :])  # without a heading, which is what is wrong
            yield [" · ".join(sentences(told.get(number, []))), *kept, *more]
