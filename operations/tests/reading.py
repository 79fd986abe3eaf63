"""What a report of the doctor says, as far as tests look."""

from collections.abc import Iterable

from operations.doctor.findings import Finding, Report


def found(report: Report, name: str) -> Finding:
    return next(finding for finding in report.findings if finding.name == name)


def cells(findings: Iterable[Finding]) -> str:
    """All cells of all tables, to look for something in."""
    tables = [table for finding in findings for table in finding.tables]
    return " ".join(str(cell) for table in tables for row in table.rows for cell in row)
