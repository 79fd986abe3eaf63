"""A report as plain text, for a terminal."""

from collections.abc import Iterator, Sequence
from typing import Any

from operations.doctor.findings import Finding, Report, Table

WIDEST = 60  # characters of a cell


def lines(report: Report) -> Iterator[str]:
    """The verdict first, then what else is wrong, then the evidence."""
    yield report.verdict
    if report.next_step:
        yield f"  → {report.next_step}"
    for finding in report.wrong[1:]:
        yield finding.sentence
        yield f"  → {finding.next_step}"
    for finding in report.findings:
        yield ""
        yield from _finding(finding)


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{'✗' if finding.wrong else '✓'} {finding.name}: {finding.sentence}"
    for table in finding.tables:
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    if table.title:
        yield f"    {table.title}"
    cells = [[_cell(cell) for cell in row] for row in (table.columns, *table.rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for row in cells:
        yield "    " + _row(row, widths)
    if not table.rows:
        yield "    –"


def _row(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _cell(cell: Any) -> str:
    text = " ".join(str(cell).split())
    return text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
