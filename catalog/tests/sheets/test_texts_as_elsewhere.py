"""A cell's text is cleaned or refused as the same text is by the API, in both kinds of file."""

import csv
import io
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

import pytest

from catalog.models import Product
from catalog.tests.conftest import MakeProduct
from catalog.tests.sheets import workbooks
from catalog.tests.sheets.conftest import KINDS, Send, contents, errors

pytestmark = pytest.mark.django_db

GOOD = {
    "sku": "S-1",
    "name": "Water",
    "price": "45.50",
    "quantity": "20",
    "category": "water",
    "brand": "pepsi",
}
KEPT = (
    *("sku", "name", "name_ar", "description", "description_ar", "pack_size", "barcode", "price"),
    *("min_order_quantity", "category__slug", "brand__slug", "stock__on_hand"),
)
REFUSED = ["\n", "\r", "\t", "\v", "\x01", "\x07", "\x1b", "\x7f", "\x85", "\u2028", "\ufffe", "\ufdd0"]
REFUSED_IN_PROSE = ["\x01", "\x07", "\x1b", "\x7f", "\ufffe", "\ufdd0"]
NAMES = [
    *("Pep\u202esi \u00a0330", "\u200fPepsi\u200e", "Pep\u00adsi", "Cafe\u0301", "Tea\u2003 \u3000Bags "),
    *(
        "\u2066Pepsi\u2069",
        "\ufeffPepsi",
        "Pepsi\ufe0f",
        "مي\u200cاه",
        "ل\u0640بن",
        "Ｐepsi",
        "Pep\U000e0041si",
    ),
    *("\u3164", "\u200b \u2800", "\u00ad", "\u202e\u202c"),
]
TEXTS = [
    "a\nb",
    "a\r\nb\u2066c",
    "می\u200cخواهم",
    "Cafe\u0301",
    "a\tb",
    "\u200b\u3164",
    " a \u00a0b\u2028c ",
    "👨\u200d👩",
]
AMOUNTS = [
    "\u200f٤٥٫٥٠",
    "٤٥٫٥٠\u00a0",
    "１２.５０",
    "١٬٢٠٠٫٥٠",
    "۱۲٫۵",
    "1\u200b2",
    "١٬٢٣",
    "٤٥٫٥٫٥",
    "\u0661e3",
]
COUNTS = ["۱۰", "١٬٢٠٠", "１２", "\u200e20\u200f", "١٫٥", "١٬٢", "-٥", "−5"]
BARCODES = [
    "٦٢٩١٠٠٣٠٠٠٠٠٣",
    "6291003000003\u200e",
    "\u202a۶۲۹۱۰۰۳۰۰۰۰۰۳",
    "629100\u200b3000003",
    "٦٢٩١٠٠٣٠٠٠٠٠٤",
]
CELLS = {
    "name": [*NAMES, *(f"a{char}b" for char in REFUSED)],
    "name_ar": [*NAMES, *(f"a{char}b" for char in REFUSED)],
    "description": [*TEXTS, *(f"a{char}b" for char in REFUSED_IN_PROSE)],
    "description_ar": [*TEXTS, *(f"a{char}b" for char in REFUSED_IN_PROSE)],
    "pack_size": ["24\u00a0×\u200b330", "\u3164", *(f"24{char}12" for char in REFUSED)],
    "sku": [
        "A\u200b-1",
        "\u202dB-1\u202c",
        "C\u2003-1",
        "E-1\u0301",
        "٥٥-١",
        *(f"S{char}1" for char in REFUSED),
    ],
    "category": ["wa\u200bter", "\u200fwater", "wa\nter", "wa\x07ter"],
    "brand": ["pep\u202esi", "pepsi\u00a0", "pep\tsi", "pep\x07si"],
    "price": [*AMOUNTS, *(f"4{char}5" for char in REFUSED)],
    "quantity": [*COUNTS, *(f"4{char}5" for char in REFUSED)],
    "min_order_quantity": [*COUNTS, *(f"4{char}5" for char in REFUSED)],
    "barcode": [*BARCODES, *(f"629100{char}3000003" for char in REFUSED)],
}


def file_of(kind: str, rows: Sequence[dict[str, str]]) -> bytes:
    table = [rows[0].keys(), *(row.values() for row in rows)]
    if kind == "csv":
        lines = io.StringIO(newline="")
        csv.writer(lines, quoting=csv.QUOTE_ALL).writerows(table)
        return lines.getvalue().encode()
    cells = [[workbooks.text(_in_xml(text)) for text in texts] for texts in table]
    return workbooks.workbook(workbooks.worksheet(*(workbooks.row(*each) for each in cells)))


def _in_xml(text: str) -> str:
    """As Excel writes what XML has not, or would take for something else."""
    odd = {*range(0x20)} - {0x0A, 0x09} | {0x7F, 0xFFFE}
    return "".join(f"_x{ord(char):04X}_" if ord(char) in odd else escape(char) for char in text)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", CELLS)
def test_the_same_result_or_refusal(vendor_api: Any, send: Send, kind: str, name: str) -> None:
    rows = [{**GOOD, "sku": f"R-{number}", name: text} for number, text in enumerate(CELLS[name])]
    wanted: dict[int, Any] = {}
    for number, row in enumerate(rows, start=2):
        answer = vendor_api.post("/api/products", row)
        if answer.status_code == 201:
            wanted[number] = Product.objects.values(*KEPT).latest("pk")
        else:
            assert (answer.status_code, list(answer.json()["errors"])) == (400, [name]), ascii(row[name])
    assert 0 < len(wanted) < len(rows)
    by_api = set(Product.objects.values_list("pk", flat=True))
    Product.objects.update(status="archived", sku="")

    made = send(file_of(kind, rows), kind=kind, partial=True)

    told = {ascii(rows[number - 2][name]): names for number, names in errors(made).items()}
    refused = [row for number, row in enumerate(rows, start=2) if number not in wanted]
    assert told == {ascii(row[name]): [name] for row in refused}
    found = Product.objects.exclude(pk__in=by_api).order_by("pk").values(*KEPT)
    assert list(found) == list(wanted.values())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["name", "description", "sku", "barcode", "price"])
def test_a_nul_is_refused_everywhere(
    vendor_api: Any, send: Send, make_product: MakeProduct, kind: str, name: str
) -> None:
    make_product(sku="S-1")
    before, row = contents(), {**GOOD, name: f"{GOOD.get(name, 'x')[:1]}\0{GOOD.get(name, 'x')[1:]}"}
    assert vendor_api.post("/api/products", row).status_code == 400
    made = send(file_of(kind, [row]), kind=kind, partial=True)
    if kind == "csv":
        assert made.status == "refused"
        assert "Line 2 " in made.problem
    else:
        assert name in errors(made)[2]
    assert contents() == before


@pytest.mark.parametrize("kind", KINDS)
def test_what_only_looks_different_changes_nothing(send: Send, make_product: MakeProduct, kind: str) -> None:
    make_product(sku="S-1", name="Café", description="a\nb", pack_size="24 × 330")
    row = {
        "sku": "\u200eS\u200b-1", "name": "Cafe\u0301\u00a0", "description": "a\r\nb\u2066",
        "pack_size": "24\u00a0×\u200b 330",
    }  # fmt: skip
    before = contents()
    made = send(file_of(kind, [row]), kind=kind)
    assert (made.status, made.unchanged, contents()) == ("done", 1, before)


@pytest.mark.parametrize("kind", KINDS)
def test_an_sku_that_cannot_be_read_is_no_other_row_s(send: Send, kind: str) -> None:
    rows = [{**GOOD, "sku": sku} for sku in ("S\x071", "S1", "S\n2", "S2")]
    made = send(file_of(kind, rows), kind=kind, partial=True)
    assert (made.status, errors(made)) == ("done", {2: ["sku"], 4: ["sku"]})
    assert set(Product.objects.values_list("sku", flat=True)) == {"S1", "S2"}
