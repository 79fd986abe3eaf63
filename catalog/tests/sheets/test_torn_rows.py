"""CSV rows that a line break has torn in two: no half of a text takes the place of a whole one."""

import pytest

from catalog.models import Product
from catalog.tests.conftest import MakeProduct
from catalog.tests.sheets.conftest import Send, contents, errors, outcomes

pytestmark = pytest.mark.django_db

HEADING = "sku,name,category,brand,price,pack_size,description"
WHOLE = "S1,Mineral water,water,pepsi,45.50,24 x 330,Cold and fresh"


def csv(*rows: str, heading: str = HEADING) -> bytes:
    return "\r\n".join([heading, *rows, ""]).encode()


def other(sku: str) -> str:
    return f"{sku},Tea,water,pepsi,5.00,12,Hot"


def torn(text: str, *, between: str = "\r\n") -> str:
    assert text in WHOLE
    return WHOLE.replace(text, text.replace(" ", between), 1)


@pytest.mark.parametrize("text", ["Mineral water", "24 x 330", "Cold and", "Cold and fresh"])
@pytest.mark.parametrize(
    ("place", "end"),
    [
        *((place, "\r\n") for place in ("first", "middle", "last", "alone")),
        ("middle", "\n"),
        ("first", "\r\n\r\n"),
    ],
)
def test_both_parts_of_a_torn_row_are_refused(
    make_product: MakeProduct, send: Send, text: str, end: str, place: str
) -> None:
    make_product(sku="S1", name="Sparkling water", description="Old", pack_size="6")
    before = Product.objects.filter(sku="S1").values().get()
    row, more = torn(text, between=end), [other(f"T{n}") for n in range(4)]
    rows = {
        "first": [row, *more],
        "middle": [*more[:2], row, *more[2:]],
        "last": [*more, row],
        "alone": [row],
    }
    made = send(csv(*rows[place]), partial=True)
    assert Product.objects.filter(sku="S1").values().get() == before
    assert set(Product.objects.values_list("sku", flat=True)) <= {"S1", "T0", "T1", "T2", "T3"}
    first = {"first": 2, "middle": 4, "last": 6, "alone": 2}[place]
    assert "" in errors(made)[first]
    assert made.refused >= 2
    if place == "middle" and text == "Mineral water" and end != "\r\n\r\n":
        assert (set(errors(made)), outcomes(made)) == ({4, 5}, (4, 0, 0, 2))


@pytest.mark.parametrize("options", [{}, {"dry_run": True}])
def test_nothing_is_taken_over_and_both_rows_are_named(
    make_product: MakeProduct, send: Send, options: dict[str, bool]
) -> None:
    make_product(sku="S1")
    before = contents()
    made = send(csv(other("T0"), torn("Mineral water"), other("T1")), **options)
    assert contents() == before
    assert set(errors(made)) == {3, 4}
    said = [text for row in made.rows.exclude(errors=[]) for name, text in row.errors if not name]
    assert len(said) == 2
    assert all("quotes" in text for text in said)


@pytest.mark.parametrize(
    "row",
    [
        "S1,Mineral water,water,pepsi,45.50,24 x 330,Cold\r\nand fresh, very fresh",
        "S1,Mineral\r\nwater, sparkling,water,pepsi,45.50,24 x 330,Cold",
        "S1\r\n-A,Mineral water,water,pepsi,45.50,24 x 330,Cold",
        "S1,Mineral\r\nwater\r\nsparkling,water,pepsi,45.50,24\r\nx 330,Cold",
    ],
)
def test_commas_and_further_breaks_do_not_hide_the_parts(
    make_product: MakeProduct, send: Send, row: str
) -> None:
    make_product(sku="S1", description="Old")
    make_product(sku="-A", description="Old")
    before = list(Product.objects.filter(sku__in=["S1", "-A"]).order_by("pk").values())
    send(csv(other("T0"), row, other("T1"), other("T2")), partial=True)
    assert list(Product.objects.filter(sku__in=["S1", "-A"]).order_by("pk").values()) == before
    assert not Product.objects.exclude(sku__in=["S1", "-A", "T0", "T1", "T2"]).exists()


def test_a_short_row_among_whole_ones_is_refused_and_named(make_product: MakeProduct, send: Send) -> None:
    make_product(sku="S1", name="Sparkling water")
    made = send(csv(other("T0"), other("T1"), "S1,Mineral", other("T2"), other("T3")), partial=True)
    assert Product.objects.get(sku="S1").name == "Sparkling water"
    assert "" in errors(made)[4]
    assert set(errors(made)) == {3, 4, 5}  # its other part may be in either
    assert set(Product.objects.values_list("sku", flat=True)) == {"S1", "T0", "T3"}


@pytest.mark.parametrize("dropped", [1, 2])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_empty_cells_may_be_left_out_at_the_end_of_every_row(send: Send, dropped: int, count: int) -> None:
    rows = [other(f"S{n}").rsplit(",", dropped)[0] for n in range(count)]
    made = send(csv(*rows))
    assert (made.status, outcomes(made)) == ("done", (count, 0, 0, 0))


def test_each_row_may_end_where_its_last_text_does(make_product: MakeProduct, send: Send) -> None:
    make_product(sku="S1", description="Old", pack_size="6")
    heading = f"{HEADING},barcode"
    rows = ["S1,Tea,water,pepsi,5.00", "S2,Tea,water,pepsi,5.00,12,Hot", "S3,Tea,water,pepsi,5.00,12"]
    made = send(csv(*rows, heading=heading))
    assert (made.status, outcomes(made)) == ("done", (2, 1, 0, 0))
    assert Product.objects.values_list("description", "pack_size").get(sku="S1") == ("Old", "6")


def test_a_row_torn_in_a_file_that_leaves_out_empty_cells_is_refused(
    make_product: MakeProduct, send: Send
) -> None:
    make_product(sku="S1", name="Sparkling water")
    heading = f"{HEADING},barcode"
    rows = [other("T0"), torn("Mineral water"), other("T1")]
    made = send(csv(*rows, heading=heading), partial=True)
    assert (set(errors(made)), outcomes(made)) == ({2, 3, 4}, (1, 0, 0, 3))  # 2 and 3 may be one as well
    assert Product.objects.get(sku="S1").name == "Sparkling water"


def test_a_heading_with_empty_columns_behind_is_as_wide_as_its_last_title(send: Send) -> None:
    made = send(csv(other("S1"), f"{other('S2')},,", other("S3"), heading=f"{HEADING},,"))
    assert (made.status, outcomes(made)) == ("done", (3, 0, 0, 0))


def test_columns_of_an_update_alone_may_end_early(make_product: MakeProduct, send: Send) -> None:
    for n in range(3):
        make_product(sku=f"S{n}")
    made = send(csv(*(f"S{n},44.00,7.00" for n in range(3)), heading="sku,price,tier_1_price,name,barcode"))
    assert "" not in {name for names in errors(made).values() for name in names}
