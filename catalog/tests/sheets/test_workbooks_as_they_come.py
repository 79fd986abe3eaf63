"""Workbooks of many programs: what is there is read, what cannot be read is named and not taken for empty."""

from decimal import Decimal

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from catalog.models import Product
from catalog.tests.conftest import MakeProduct
from catalog.tests.sheets.conftest import Send, contents, errors, outcomes
from catalog.tests.sheets.workbooks import (
    STRICT,
    heading,
    number,
    product,
    row,
    shared,
    styles,
    text,
    workbook,
    worksheet,
)
from tests.goods import stock_of

pytestmark = pytest.mark.django_db


def told(made: object) -> str:
    """All that is said of the rows."""
    return " ".join(sentence for each in made.rows.order_by("number") for _name, sentence in each.errors)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "dimension", ["A1", "A1:B2", "A1:A1048576", "A1:XFD1048576", "C3:D9", "", "nonsense", None]
)
@pytest.mark.parametrize("placed", [True, False])
def test_what_a_sheet_says_of_its_size_counts_for_nothing(
    send: Send, dimension: str | None, placed: bool
) -> None:
    before = "" if dimension is None else f'<dimension ref="{dimension}"/>'
    rows = [heading("quantity"), *(product(f"S{n}", number(7)) for n in range(1, 5))]
    if placed:
        rows = [each.replace("<row>", f'<row r="{place}">') for place, each in enumerate(rows, start=1)]
    made = send(workbook(worksheet(*rows, before=before)), kind="xlsx")
    assert (made.status, made.total, outcomes(made)) == ("done", 4, (4, 0, 0, 0))
    assert {stock_of(each) for each in Product.objects.all()} == {(7, 0)}


def test_rows_and_cells_with_gaps_stand_where_they_say(send: Send) -> None:
    cells = [
        text("S1", "A9"),
        text("Water", "B9"),
        text("water", "D9"),
        text("pepsi", "E9"),
        '<c r="F9"><v>4.5</v></c>',
    ]
    titles = {"A4": "sku", "B4": "name", "D4": "category", "E4": "brand", "F4": "price"}
    first = row(*(text(title, place) for place, title in titles.items()), at=4)
    made = send(workbook(worksheet(first, row(*cells, at=9))), kind="xlsx")
    assert (made.status, outcomes(made), made.rows.get().number) == ("done", (1, 0, 0, 0), 9)


def test_texts_come_shared_inline_in_runs_and_without_their_readings(send: Send) -> None:
    beside = '<rPh sb="0" eb="1"><t>ignored</t></rPh>'
    runs = f'<c t="inlineStr"><is><r><t>Wa</t></r><r><t>ter</t></r>{beside}</is></c>'
    cells = row('<c t="s"><v>0</v></c>', runs, text("water"), '<c t="str"><v>pepsi</v></c>', number(4))
    parts = {"xl/sharedStrings.xml": shared("S_x0031_")}
    made = send(workbook(worksheet(heading(), cells), parts=parts), kind="xlsx")
    assert (made.status, outcomes(made)) == ("done", (1, 0, 0, 0))
    assert Product.objects.values_list("sku", "name").get() == ("S1", "Water")


def test_a_text_that_the_file_has_lost_is_named_and_clears_nothing(
    make_product: MakeProduct, send: Send
) -> None:
    make_product(sku="P-1", description="Cold.", barcode="6291003000003")
    before = contents()
    lost = '<c t="s"><v>7</v></c>'
    sheet = worksheet(row(text("sku"), text("description"), text("barcode")), row(text("P-1"), lost, lost))
    made = send(workbook(sheet), kind="xlsx", partial=True)
    assert (errors(made), contents()) == ({2: ["description", "barcode"]}, before)


@pytest.mark.parametrize(
    "cell",
    [
        "<c><f>B2*2</f></c>",
        "<c><f>B2*2</f><v></v></c>",
        "<c><f>B2*2</f><v/></c>",
        '<c t="str"><f>B2</f></c>',
        '<c><f t="shared" si="0"/></c>',
        '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
        '<c t="e"><v>#REF!</v></c>',
        '<c t="e"><v>#N/A</v></c>',
        '<c t="str"><v>#NAME?</v></c>',
    ],
)
def test_a_formula_without_its_result_is_refused_and_named(
    make_product: MakeProduct, send: Send, cell: str
) -> None:
    make_product(sku="P-1", description="Cold.", barcode="6291003000003", quantity=9)
    before = contents()
    titles = ("sku", "description", "barcode", "quantity", "price", "name_ar", "min_order_quantity", "status")
    sheet = worksheet(row(*map(text, titles)), row(text("P-1"), *[cell] * 7))
    made = send(workbook(sheet), kind="xlsx", partial=True, correct_stock=True)
    assert errors(made) == {2: list(titles[1:])}
    assert "formula" in told(made)
    assert contents() == before


def test_a_new_product_does_not_get_a_stock_of_nothing_from_a_formula(send: Send) -> None:
    made = send(
        workbook(worksheet(heading("quantity"), product("S1", "<c><f>A1</f></c>"))), kind="xlsx", partial=True
    )
    assert (errors(made), Product.objects.count()) == ({2: ["quantity"]}, 0)


def test_a_zero_that_stands_for_a_formula_still_to_be_worked_out_is_refused(send: Send) -> None:
    zero = "<c><f>SUM(A1:A2)</f><v>0</v></c>"
    sheet = worksheet(heading("quantity"), product("S1", zero))
    stale = '<calcPr calcId="124519" fullCalcOnLoad="1"/>'
    assert errors(send(workbook(sheet, settings=stale), kind="xlsx")) == {2: ["quantity"]}
    made = send(workbook(sheet), kind="xlsx")
    assert (made.status, stock_of(Product.objects.get())) == ("done", (0, 0))


def test_the_result_of_a_formula_is_read_an_empty_text_among_them(
    make_product: MakeProduct, send: Send
) -> None:
    found = make_product(sku="P-1", description="Cold.")
    sheet = worksheet(
        row(text("sku"), text("price"), text("description")),
        row(text("P-1"), "<c><f>40+4.5</f><v>44.5</v></c>", '<c t="str"><f>IF(1,"","x")</f><v></v></c>'),
    )
    assert outcomes(send(workbook(sheet), kind="xlsx")) == (0, 1, 0, 0)
    now = Product.objects.get(pk=found.pk)
    assert (now.price, now.description) == (Decimal("44.50"), "")


def test_hidden_rows_and_columns_are_read_and_hidden_sheets_are_not(send: Send) -> None:
    shown = worksheet(
        heading(),
        product("S1"),
        product("S2").replace("<row>", '<row hidden="1">'),
        before='<cols><col min="5" max="5" hidden="1"/></cols>',
    )
    other = worksheet(heading(), product("S3"))
    made = send(workbook(other, shown, states={1: "hidden"}), kind="xlsx")
    assert (made.status, outcomes(made)) == ("done", (2, 0, 0, 0))
    assert set(Product.objects.values_list("sku", flat=True)) == {"S1", "S2"}


def test_the_sheet_with_the_products_is_found_behind_a_cover(send: Send) -> None:
    cover = worksheet(row(text("Price list")), row(text("Valid from January")))
    made = send(workbook(cover, worksheet(heading(), product("S1"))), kind="xlsx")
    assert (made.status, outcomes(made)) == ("done", (1, 0, 0, 0))


@pytest.mark.parametrize("options", [{}, {"partial": True}, {"dry_run": True}])
def test_several_sheets_of_products_are_refused_by_their_names(send: Send, options: dict[str, bool]) -> None:
    one, two = worksheet(heading(), product("S1")), worksheet(heading(), product("S2"))
    made = send(workbook(one, two, names=["Drinks", "Snacks"]), kind="xlsx", **options)
    assert (made.status, made.checked, Product.objects.count()) == ("refused", 0, 0)
    assert "Drinks" in made.problem and "Snacks" in made.problem  # noqa: PT018


def test_merged_cells_count_for_a_group_and_are_refused_where_they_could_mean_its_sum(
    make_product: MakeProduct, send: Send
) -> None:
    make_product(sku="S3", description="Cold.")
    before = contents()
    empty = row(text("S2"), text("Water"), "<c/>", text("pepsi"), number(4))
    good = worksheet(
        heading(), product("S1"), empty, after='<mergeCells><mergeCell ref="C2:C3"/></mergeCells>'
    )
    assert outcomes(send(workbook(good), kind="xlsx", dry_run=True)) == (2, 0, 0, 0)
    sheet = worksheet(
        row(text("sku"), text("description"), text("moq")),
        row(text("S9"), text("All of them"), number(5)),
        row(text("S3"), "<c/>", "<c/>"),
        after='<mergeCells><mergeCell ref="B2:B3"/><mergeCell ref="C2:C3"/></mergeCells>',
    )
    made = send(workbook(sheet), kind="xlsx", partial=True)
    assert errors(made)[3] == ["description", "min_order_quantity"]
    assert "merged" in told(made)
    assert contents() == before


def test_strict_workbooks_are_read(send: Send) -> None:
    sheet = worksheet(heading(), product("S1"), main=STRICT)
    made = send(workbook(sheet, main=STRICT), kind="xlsx")
    assert (made.status, outcomes(made)) == ("done", (1, 0, 0, 0))


def test_names_with_a_prefix_are_read(send: Send) -> None:
    sheet = (
        worksheet(heading(), product("S1"))
        .replace("</", "</x:")
        .replace("<", "<x:")
        .replace("<x:/x:", "</x:")
    )
    made = send(workbook(sheet.replace("xmlns=", "xmlns:x=")), kind="xlsx")
    assert (made.status, outcomes(made)) == ("done", (1, 0, 0, 0))


def test_dates_are_no_numbers_and_no_texts(make_product: MakeProduct, send: Send) -> None:
    make_product(sku="P-1")
    before = contents()
    look = {
        "xl/styles.xml": styles(
            14, "dd/mm/yyyy", "[h]:mm", "&quot;AED&quot; #,##0.00", "AED 0.00", "mmm-yy;@"
        )
    }
    sheet = worksheet(
        row(text("sku"), text("price"), text("quantity"), text("pack_size")),
        row(text("P-1"), number(45, 1), number(45000.5, 2), number(45, 6)),
        row(number(45, 1), number(45.5, 4), number(0.5, 3), text("x")),
        row(text("P-2"), number(45.5, 4), number(0, 5), '<c t="d"><v>2026-05-12</v></c>'),
    )
    made = send(workbook(sheet, parts=look), kind="xlsx", partial=True)
    assert errors(made) == {2: ["price", "quantity", "pack_size"], 3: ["sku", "quantity"], 4: ["pack_size"]}
    assert "date" in told(made)
    assert contents() == before


def test_digits_that_a_number_cannot_keep_are_refused_and_shown_zeros_kept(send: Send) -> None:
    look = {"xl/styles.xml": styles("00000000")}
    bad = ["1234567890123456", "1.2345678901234568E+17", "12345678901234567890", "0.1234567890123456"]
    rows = [product("x").replace(text("x"), number(each)) for each in bad]
    good = [
        product("x").replace(text("x"), each) for each in (number(1234, 1), number("1.23E+5"), number(77))
    ]
    made = send(workbook(worksheet(heading(), *rows, *good), parts=look), kind="xlsx", partial=True)
    assert errors(made) == {n: ["sku"] for n in range(2, 6)}
    assert set(Product.objects.values_list("sku", flat=True)) == {"00001234", "123000", "77"}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_zeros_are_given_back_to_a_barcode_in_both_kinds_of_file(send: Send, kind: str) -> None:
    titles = [*("sku", "name", "category", "brand", "price"), "barcode"]
    if kind == "xlsx":
        sheet = workbook(worksheet(heading("barcode"), product("S1", number(12345678905))))
        made = send(sheet, kind="xlsx")
    else:
        made = send([titles, ["S1", "Water", "water", "pepsi", "4", "12345678905"]])
    assert (made.status, Product.objects.get().barcode) == ("done", "012345678905")


@pytest.mark.parametrize(
    "rows",
    [
        [row(text("S1"), at=5), row(text("S2"), at=4)],
        [row(text("S1", "A2"), text("S2", "A2"))],
        [row(text("S1", "?2"))],
        [row('<c t="s"><v>x</v></c>')],
    ],
)
def test_a_sheet_against_all_order_is_refused_whole(send: Send, rows: list[str]) -> None:
    made = send(workbook(worksheet(heading(), *rows)), kind="xlsx", partial=True)
    assert (made.status, made.checked, made.failures) == ("refused", 0, 1)  # one try
    assert "damaged" in made.problem


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/_rels/workbook.xml.rels"])
def test_a_missing_part_is_told_so(send: Send, part: str) -> None:
    made = send(workbook(worksheet(heading(), product("S1")), without=[part]), kind="xlsx")
    assert (made.status, made.failures) == ("refused", 1)
    assert "damaged" in made.problem


def test_the_mended_sheet_does_not_turn_what_was_lost_into_nothing(
    make_product: MakeProduct, send: Send
) -> None:
    from catalog.sheets.mending import errors_file  # noqa: PLC0415

    make_product(sku="P-1", description="Cold.")
    before = contents()
    look = {"xl/styles.xml": styles(14)}
    sheet = worksheet(
        row(text("sku"), text("description"), text("pack_size"), text("name_ar")),
        row(text("P-1"), "<c><f>X1</f></c>", number(45000, 1), '<c t="b"><v>1</v></c>'),
    )
    made = send(workbook(sheet, parts=look), kind="xlsx")
    again = send(b"".join(errors_file(made)), kind="xlsx", partial=True)
    assert errors(made) == errors(again) == {2: ["description", "pack_size", "name_ar"]}
    assert contents() == before


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_with_products_are_told_of(vendor_user: User, send: Send, state: str) -> None:
    notes = worksheet(row(text("Only for us")), row(text("S9")))
    hidden, shown = worksheet(heading(), product("S3")), worksheet(heading(), product("S1"))
    file = workbook(
        hidden,
        shown,
        notes,
        hidden,
        names=["Old\u202e &lt;b&gt;", "Now", "Notes", "Winter"],
        states={1: state, 3: state, 4: state},
    )
    made = send(file, kind="xlsx", dry_run=True)
    assert (made.status, outcomes(made), made.hidden_sheets) == (
        "checked",
        (1, 0, 0, 0),
        ["Old <b>", "Winter"],
    )
    client = Client()
    client.force_login(vendor_user)
    page = client.get(f"/sell/products/import/{made.code}").content.decode()
    assert "Old &lt;b&gt;" in page
    assert "Winter" in page
    assert "Notes" not in page
    api = APIClient()
    api.force_authenticate(vendor_user)
    assert api.get(f"/api/imports/{made.code}").json()["hidden_sheets"] == ["Old <b>", "Winter"]


def test_products_in_hidden_sheets_alone_are_told_of_with_the_refusal(send: Send) -> None:
    cover = worksheet(row(text("Price list")), row(text("Valid from January")))
    made = send(
        workbook(cover, worksheet(heading(), product("S1")), states={2: "hidden"}, names=["Cover", "Goods"]),
        kind="xlsx",
        partial=True,
    )
    assert (made.status, made.hidden_sheets, Product.objects.count()) == ("refused", ["Goods"], 0)


def test_a_hidden_sheet_that_is_damaged_or_empty_stands_in_nobody_s_way(send: Send) -> None:
    broken = worksheet(row(text("S1"), at=5), row(text("S2"), at=4))
    shown = worksheet(heading(), product("S1"))
    made = send(workbook(shown, broken, worksheet(heading()), states={2: "hidden", 3: "hidden"}), kind="xlsx")
    assert (made.status, outcomes(made), made.hidden_sheets) == ("done", (1, 0, 0, 0), [])
