"""CSV files of many programs: nothing vanishes in a cell, letters and marks are judged by the whole file."""

from decimal import Decimal

import pytest

from catalog.models import Product
from catalog.tests.conftest import MakeProduct
from catalog.tests.sheets.conftest import Send, contents, errors, outcomes
from tests.goods import stock_of

pytestmark = pytest.mark.django_db

HEADING = "sku,name,category,brand,price,quantity,description"


def csv(*rows: str, heading: str = HEADING, end: str = "\r\n") -> bytes:
    return end.join([heading, *rows, ""]).encode()


def good(sku: str, price: str = "45.50", quantity: str = "7", description: str = "Cold") -> str:
    return f"{sku},Water,water,pepsi,{price},{quantity},{description}"


def told(made: object) -> str:
    """All that is said of the rows."""
    return " ".join(sentence for each in made.rows.order_by("number") for _name, sentence in each.errors)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "rows",
    [
        [good("S1"), good("S2", description='"Cold'), good("S3"), good("S4")],
        [good("S1"), good("S2", description='"Cold" and fresh'), good("S3")],
        [good("S1"), good("S2", description='"5" pipe'), good("S3", description='"x"')],
        [good("S1"), good("S2", description='"Cold'), good("S3", description='Fresh"'), good("S4")],
        [good("S1"), good("S2", description='"' + "Cold " * 40_000), good("S3")],
        [good("S1"), 'S2,"Water,water,pepsi,4,1,x', 'S3,Tea",water,pepsi,5,1,y'],
    ],
)
@pytest.mark.parametrize("options", [{}, {"partial": True}, {"dry_run": True}])
def test_a_quote_that_swallows_rows_is_refused_by_the_row_where_it_opened(
    send: Send, rows: list[str], options: dict[str, bool]
) -> None:
    made = send(csv(*rows), **options)
    assert (made.status, made.checked, made.failures, Product.objects.count()) == ("refused", 0, 1, 0)
    assert "Row 3 " in made.problem or "row 3 " in made.problem
    assert "quote" in made.problem


def test_quotes_as_they_should_be_are_read(send: Send) -> None:
    rows = [
        good("S1", description='"Cold.\nVery cold, fresh and ""sparkling"""'),
        good("S2", description='5" pipe'),
        good("S3", description=' "Cold, fresh"'),
    ]
    assert outcomes(send(csv(*rows))) == (3, 0, 0, 0)
    said = dict(Product.objects.values_list("sku", "description"))
    assert said == {"S1": 'Cold.\nVery cold, fresh and "sparkling"', "S2": '5" pipe', "S3": "Cold, fresh"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_lines_may_end_and_cells_may_part_as_they_like(send: Send, end: str, delimiter: str) -> None:
    text = csv(good("S1"), "", good("S2"), end=end).replace(b",", delimiter.encode())
    assert outcomes(send(text)) == (2, 0, 0, 0)


def test_mixed_line_ends_and_empty_lines_keep_the_numbers_of_rows(send: Send) -> None:
    text = f"{HEADING}\r\n{good('S1')}\n\r{good('S2')}\r\n,,,,,,\n{good('S3', price='free')}".encode()
    made = send(text, partial=True)
    assert outcomes(made) == (2, 0, 0, 1)
    assert errors(made) == {6: ["price"]}


def test_a_row_with_more_cells_than_the_heading_is_refused(make_product: MakeProduct, send: Send) -> None:
    make_product(sku="S1")
    before = Product.objects.get(sku="S1").name
    made = send(csv("S1,Water, still,water,pepsi,45.50,7,Cold", good("S2") + ",,"), partial=True)
    assert (set(errors(made)), outcomes(made)) == ({2}, (1, 0, 0, 1))
    assert "8 cells" in told(made)
    assert Product.objects.get(sku="S1").name == before


def test_a_row_that_ends_early_leaves_what_it_does_not_reach(make_product: MakeProduct, send: Send) -> None:
    make_product(sku="S1", description="Cold.", barcode="6291003000003")
    made = send(b"sku,price,description,barcode\nS1,44.00\nS1\n")
    assert errors(made) == {2: [""], 3: ["price", "", "sku"]}
    made = send(b"sku,price,description,barcode\nS1,44.00\n")
    assert outcomes(made) == (0, 1, 0, 0)
    now = Product.objects.get()
    assert (now.description, now.barcode) == ("Cold.", "6291003000003")


def test_a_heading_may_come_again_and_another_heading_may_not(send: Send) -> None:
    assert outcomes(send(csv(good("S1"), HEADING, good("S2")))) == (2, 0, 0, 0)
    before = contents()
    made = send(csv(good("S3"), "sku,price,name", "S4,1.00,Tea"), partial=True)
    assert (made.status, made.checked, contents()) == ("refused", 0, before)
    assert "Row 3" in made.problem


def test_a_nul_is_refused_by_its_line(send: Send) -> None:
    made = send(csv(good("S1"), good("S2", description="Co\0ld"), good("S3")), partial=True)
    assert (made.status, made.checked, Product.objects.count()) == ("refused", 0, 0)
    assert "Line 3 " in made.problem


@pytest.mark.parametrize("wrong", [b"\xff", b"\xd9", b"\xc3", b"\xe2\x80", b"\xed\xa0\x80"])
@pytest.mark.parametrize("marked", [True, False])
def test_a_wrong_byte_in_utf8_is_refused_by_its_line(
    make_product: MakeProduct, send: Send, wrong: bytes, marked: bool
) -> None:
    make_product(sku="S1", name_ar="لبن")
    before = contents()
    rows = [f"S{n},لبن رائب,4" for n in range(1, 40)]
    text = "\n".join(["sku,name_ar,price", *rows]).encode().replace(b"S17,", b"S17" + wrong + b",")
    made = send((b"\xef\xbb\xbf" if marked else b"") + text, partial=True)
    assert (made.status, made.checked, contents()) == ("refused", 0, before)
    assert "Line 18 " in made.problem


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256"]
)
def test_letters_come_through_in_every_encoding(make_product: MakeProduct, send: Send, encoding: str) -> None:
    make_product(sku="S1", name_ar="ماء")
    text = "sku,name_ar,description_ar\r\nS1,لبن رائب «المراعي»,كامل الدسم\r\n"
    assert outcomes(send(text.encode(encoding))) == (0, 1, 0, 0)
    assert Product.objects.get().name_ar == "لبن رائب «المراعي»"


def test_utf16_that_was_cut_off_is_refused(send: Send) -> None:
    made = send(csv(good("S1")).decode().encode("utf-16")[:-1])
    assert (made.status, Product.objects.count()) == ("refused", 0)


@pytest.mark.parametrize(
    "lost", ["???? ????", "????? 330", "لبن\ufffdرائب", "#REF!", "#N/A", "#NAME?", "#####"]
)
def test_a_cell_whose_content_was_lost_before_is_refused(
    make_product: MakeProduct, send: Send, lost: str
) -> None:
    make_product(sku="S1", name_ar="لبن", barcode="6291003000003")
    before = contents()
    made = send(f"sku,name_ar,barcode\nS1,{lost},{lost}\n".encode(), partial=True)
    assert (errors(made), contents()) == ({2: ["name_ar", "barcode"]}, before)


def test_the_marks_of_a_file_are_judged_together(send: Send) -> None:
    rows = ["S1;Water;water;pepsi;1.234,50;1.000;x", "S2;Tea;water;pepsi;45,5;12;x"]
    made = send("\n".join([HEADING.replace(",", ";"), *rows]).encode())
    assert (made.status, outcomes(made)) == ("done", (2, 0, 0, 0))
    found = Product.objects.get(sku="S1")
    assert (found.price, stock_of(found)) == (Decimal("1234.50"), (1000, 0))


def test_a_proof_in_the_last_row_counts_for_the_first(send: Send) -> None:
    rows = [good("S1", price='"1,500"', quantity='"2,000"'), *(good(f"T{n}", price="4") for n in range(600))]
    assert outcomes(send(csv(*rows, good("S2", price="45.50")), dry_run=True)) == (602, 0, 0, 0)


@pytest.mark.parametrize(
    ("price", "quantity", "at_fault"),
    [
        ("1.500", "4", ["price"]),
        ('"1,500"', "4", ["price"]),
        ("4", "1.000", ["quantity"]),
        ("4", '"1,000"', ["quantity"]),
        ("45.50", "1.000", ["quantity"]),
        ('"45,50"', '"1,000"', ["quantity"]),
    ],
)
def test_what_stays_ambiguous_is_refused_with_both_readings(
    send: Send, price: str, quantity: str, at_fault: list[str]
) -> None:
    made = send(csv(good("S1", price=price, quantity=quantity)), partial=True)
    assert (errors(made), Product.objects.count()) == ({2: at_fault}, 0)
    whole = "1,500" if at_fault == ["price"] else "1,000"
    part = "1.5 " if at_fault == ["price"] else "as 1 "
    assert whole in told(made)
    assert part in told(made)


def test_a_file_that_shows_both_marks_proves_neither(send: Send) -> None:
    rows = [good("S1", '"1,234.50"'), good("S2", '"45,50"'), good("S3", quantity="1.000"), good("S4", "4")]
    made = send(csv(*rows), partial=True)
    assert errors(made) == {4: ["quantity"]}
    assert dict(Product.objects.values_list("sku", "price")) == {
        "S1": Decimal("1234.50"),
        "S2": Decimal("45.50"),
        "S4": Decimal(4),
    }


@pytest.mark.parametrize("sku", ["1.23E+11", "1,23E+11", "6.291E12", "1E+15", "1.23e-05", "١٫٢٣E+١١"])
@pytest.mark.parametrize("options", [{}, {"partial": True}])
def test_a_sku_that_a_spreadsheet_has_rounded_is_refused(
    send: Send, sku: str, options: dict[str, bool]
) -> None:
    made = send(csv(good(f'"{sku}"')), **options)
    assert (errors(made), Product.objects.count()) == ({2: ["sku"]}, 0)


def test_codes_that_only_look_so_are_taken(send: Send) -> None:
    skus = ["1E5", "2E10", "E+11", "00123", '"=""00456"""', "123456789012345678"]
    assert outcomes(send(csv(*map(good, skus)))) == (6, 0, 0, 0)
    assert set(Product.objects.values_list("sku", flat=True)) == {
        "1E5", "2E10", "E+11", "00123", "00456", "123456789012345678",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("12345678905", "012345678905"),
        ("6291003000003", "6291003000003"),
        ("6291003000003.0", "6291003000003"),
        ('"=""012345678905"""', "012345678905"),
        ("٦٢٩١٠٠٣٠٠٠٠٠٣", "6291003000003"),
        ("\u200e6291003000003\u200f", "6291003000003"),
    ],
)
def test_a_barcode_gets_its_zeros_back(send: Send, given: str, kept: str) -> None:
    made = send(csv(f"{good('S1')},{given}", heading=f"{HEADING},barcode"))
    assert (made.status, Product.objects.get().barcode) == ("done", kept)


@pytest.mark.parametrize("barcode", ["6.291E+12", "6,291E+12", "17", "6291003000004", "12-May"])
def test_a_barcode_that_is_none_is_refused(make_product: MakeProduct, send: Send, barcode: str) -> None:
    make_product(sku="S1", barcode="6291003000003")
    before = contents()
    made = send(f'sku,barcode\nS1,"{barcode}"\n'.encode(), partial=True)
    assert (errors(made), contents()) == ({2: ["barcode"]}, before)


def test_what_nobody_sees_is_taken_out_and_controls_are_refused(
    make_product: MakeProduct, send: Send
) -> None:
    make_product(sku="S1")
    made = send("sku,name,price\n\u200fS1\u200b,Wa\u00adter\u202e,\u200e44.00\u00a0\n".encode())
    assert outcomes(made) == (0, 1, 0, 0)
    assert Product.objects.values_list("sku", "name", "price").get() == ("S1", "Water", Decimal("44.00"))
    before = contents()
    made = send(b"sku,name\nS1,Wa\x07ter\n", partial=True)
    assert (errors(made), contents()) == ({2: ["name"]}, before)


def test_skus_that_differ_by_case_blanks_or_unseen_marks_are_warned_of(
    make_product: MakeProduct, send: Send
) -> None:
    make_product(sku="ABC-1")
    made = send(
        csv(good("abc-1"), good("P 1"), good("p1"), good("S5"), good("12-May"), good("17.0")), dry_run=True
    )
    warned = {each.number: each.warnings for each in made.rows.exclude(warnings=[])}
    assert (made.warned, set(warned), outcomes(made)) == (5, {2, 3, 4, 6, 7}, (6, 0, 0, 0))
    assert "ABC-1" in warned[2][0]
    assert "Row 4" in warned[3][0]
    assert "Row 3" in warned[4][0]
    made = send(csv(good("Z\u200b1"), good("Z1")), partial=True)
    assert errors(made) == {3: ["sku"]}  # one and the same
