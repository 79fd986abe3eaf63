"""Numbers as they are typed, with what the rest of the file shows."""

from decimal import Decimal

import pytest

from catalog.sheets.cells import BadCell, read_money, read_whole
from catalog.sheets.figures import Marks


def marks(*texts: str) -> Marks:
    made = Marks()
    for text in texts:
        made.note(text)
    return made


@pytest.mark.parametrize(
    ("text", "proofs", "amount"),
    [
        ("1 234,50", (), "1234.50"),
        ("1\u00a0234.50", (), "1234.50"),
        ("1\u202f234,5", (), "1234.50"),
        ("1'234.50", (), "1234.50"),
        ("1’234’567.00", (), "1234567.00"),
        ("12,34,567.50", (), "1234567.50"),
        ("1.234.567", (), "1234567.00"),
        ("١٬٢٣٤٫٥٠", (), "1234.50"),
        ("١.٢٣٤٫٥٠", (), "1234.50"),
        ("٤٥٫٥", (), "45.50"),
        ("۴۵٫۵", (), "45.50"),
        ("٤٥،٥٠", (), "45.50"),
        ("１，２３４．５０", (), "1234.50"),
        ("0,500", (), "0.50"),
        ("1234.500", (), "1234.50"),
        (".50", (), "0.50"),
        ("Dhs. 45.50", (), "45.50"),
        ("٤٥٫٥٠ درهم", (), "45.50"),
        ("1.500", ("1.234,50",), "1500.00"),
        ("1,500", ("1,234.50",), "1500.00"),
        ("1,500", ("45.50",), "1500.00"),
        ("1.500", ("1.234.567",), "1500.00"),
        ("1.500", ("12,5",), "1500.00"),
        ("1.500", ("0.750",), "1.50"),
        ("1,500", ("1 234,500",), "1.50"),
        ("1,234", (), "1234.00"),
    ],
)  # fmt: skip
def test_amounts_are_understood(text: str, proofs: tuple[str, ...], amount: str) -> None:
    assert str(read_money(text, marks=marks(*proofs, text))) == amount


@pytest.mark.parametrize(
    ("text", "proofs"),
    [
        ("1.500", ()),
        ("1,500", ()),
        ("1.500", ("45.50",)),
        ("1,500", ("45,50",)),
        ("1.500", ("45.50", "45,50")),
        ("1.234", ()),
        ("1.500", ("free", "12-05-2026")),
    ],
)
def test_both_readings_are_told(text: str, proofs: tuple[str, ...]) -> None:
    with pytest.raises(BadCell, match="can be read as"):
        read_money(text, marks=marks(*proofs, text))


@pytest.mark.parametrize(
    "text",
    ["12 5", "1,2345", "1,23,45", "1.2.3", "1,234.5,6", "1.234,567.8", "12,34.567", "1''234", "5%",
     "=45.5", "45.", "1/2", "½", "4 5 6", "٤٥٫٥٫٥", "--5", "1e3", "∞", "", "AED",
     "12:30", "2026-05-12", "(5)", "1,234 567"],
)  # fmt: skip
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadCell):
        read_money(text)


def test_counts_go_by_the_marks_of_prices() -> None:
    shown = marks("1.234,50", "1.000")
    assert read_whole("1.000", least=0, most=10_000, marks=shown) == 1000
    assert read_whole("12,0", least=0, most=10_000, marks=shown) == 12
    with pytest.raises(BadCell):
        read_whole("12,5", least=0, most=10_000, marks=shown)


def test_numbers_of_a_workbook_need_no_marks() -> None:
    assert read_money(1.5) == Decimal("1.50")
    assert read_money(1500) == Decimal("1500.00")
