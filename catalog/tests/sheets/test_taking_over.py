"""A sheet lists what is new, changes what it says, and touches nothing else."""

from decimal import Decimal
from typing import Any

import pytest

from audit.models import Entry
from catalog.models import Product, ProductImport, StockMovement
from catalog.tests.conftest import MakeProduct
from catalog.tests.sheets.conftest import HEADING, KINDS, Send, contents, errors, exported, outcomes, rows_of
from notifications.models import OutboxEvent
from tests.factories import user_of
from tests.goods import place_order, stock_of
from vendors.models import Vendor

FULL = {
    "sku": "P-1",
    "name": "Pepsi 330 ml",
    "name_ar": "بيبسي",
    "description": "Cold.\nVery cold.",
    "description_ar": "بارد",
    "barcode": "6291003000003",
    "pack_size": "24 × 330 ml",
    "min_order_quantity": 4,
    "order_multiple": 2,
    "lead_time_days": 3,
    "vat_category": "Z",
    "unit_code": "XBX",
    "status": "draft",
    "price_tiers": [{"min_quantity": 10, "price": "40.00"}, {"min_quantity": 50, "price": "38.50"}],
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_exported_and_sent_back_changes_nothing(
    make_product: MakeProduct, vendor: Vendor, send: Send, kind: str
) -> None:
    make_product(**FULL)
    make_product(name="=cmd|' /C calc'!A0", sku="-1+1", description="'@quoted")
    make_product(name="Without a number")
    make_product(name="Archived").status = "archived"
    before = contents()
    made = send(exported(vendor, kind))
    assert (made.status, outcomes(made)) == ("done", (0, 0, 4, 0))
    assert contents() == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_full_row_becomes_a_product_as_the_form_would_make_it(
    make_product: MakeProduct, vendor: Vendor, rival_vendor: Vendor, send: Send, kind: str
) -> None:
    theirs = make_product(rival_vendor, **FULL)
    made = send(
        exported(rival_vendor, kind).replace(theirs.code.encode(), b"")
        if kind == "csv"
        else [["SKU", "name", "category", "brand", "price", "qty", "tier 1 from", "tier 1 price"],
              ["P-1", "Pepsi", "soft-drinks", "pepsi", 45.5, 500, 10, 40]],
        kind=kind,
    )  # fmt: skip
    assert (made.status, outcomes(made)) == ("done", (1, 0, 0, 0))
    ours = Product.objects.get(vendor=vendor)
    if kind == "csv":
        apart = {"id", "vendor_id", "created_at", "updated_at"}
        assert {
            k: v for k, v in Product.objects.filter(pk=ours.pk).values()[0].items() if k not in apart
        } == {k: v for k, v in Product.objects.filter(pk=theirs.pk).values()[0].items() if k not in apart}
    assert stock_of(ours) == (500, 0)
    assert StockMovement.objects.get(stock=ours.pk).kind == "opening"
    assert ours.price_tiers.first().price == Decimal("40.00")
    assert Entry.objects.filter(object_code=ours.code, verb="created").exists()


def test_a_price_list_changes_prices_and_nothing_else(make_product: MakeProduct, send: Send) -> None:
    product = make_product(**FULL)
    other = make_product(sku="P-2")
    made = send([["SKU", "Price"], ["P-1", "44.25"], ["P-2", "45.00"]])
    assert outcomes(made) == (0, 1, 1, 0)
    now = Product.objects.get(pk=product.pk)
    same = ("name", "name_ar", "description", "barcode", "status", "pack_size", "unit_code", "brand_id")
    assert [getattr(now, name) for name in same] == [getattr(product, name) for name in same]
    assert (now.price, Product.objects.get(pk=other.pk).price) == (Decimal("44.25"), Decimal("45.00"))
    (entry,) = Entry.objects.filter(verb="changed")
    assert (entry.object_code, entry.data) == (product.code, {"price": ["45.00", "44.25"]})


def test_the_same_sheet_again_changes_nothing(send: Send) -> None:
    assert outcomes(send(rows_of(3))) == (3, 0, 0, 0)
    before = contents()
    assert outcomes(send(rows_of(3))) == (0, 0, 3, 0)
    assert contents() == before


def test_nothing_is_written_while_one_row_is_bad_unless_that_is_wanted(send: Send) -> None:
    rows = [*rows_of(2), ["S3", "Bad", "water", "pepsi", "free"]]
    before = contents()
    made = send(rows)
    assert (made.status, outcomes(made), errors(made)) == ("refused", (2, 0, 0, 1), {4: ["price"]})
    assert contents() == before
    made = send(rows, partial=True)
    assert (made.status, outcomes(made)) == ("done", (2, 0, 0, 1))
    assert Product.objects.count() == 2


def test_a_dry_run_writes_nothing_until_it_is_confirmed(send: Send, vendor_user: Any) -> None:
    before = contents()
    made = send(rows_of(2), dry_run=True)
    assert (made.status, outcomes(made)) == ("checked", (2, 0, 0, 0))
    assert contents() == before


def test_an_empty_cell_takes_a_text_away_and_leaves_a_count(make_product: MakeProduct, send: Send) -> None:
    product = make_product(**FULL)
    made = send([["sku", "name_ar", "barcode", "moq", "vat", "status"], ["P-1", "", "", "", "", ""]])
    assert outcomes(made) == (0, 1, 0, 0)
    now = Product.objects.get(pk=product.pk)
    assert (now.name_ar, now.barcode) == ("", "")
    assert (now.min_order_quantity, now.vat_category, now.status) == (4, "Z", "draft")


def test_a_product_is_found_by_its_code_and_may_get_another_sku(
    make_product: MakeProduct, send: Send
) -> None:
    product, other = make_product(sku="OLD"), make_product(sku="TAKEN")
    send([["Product code", "SKU"], [product.code, "NEW"]])
    assert Product.objects.get(pk=product.pk).sku == "NEW"
    made = send([["Product code", "SKU"], [product.code, other.sku], ["P999999", "X"]])
    assert errors(made) == {2: ["sku"], 3: ["id"]}


def test_stock_is_corrected_only_where_that_is_ticked(make_product: MakeProduct, send: Send) -> None:
    product = make_product(sku="P-1", quantity=500)
    rows = [["sku", "quantity"], ["P-1", 480]]
    assert errors(send(rows)) == {2: ["quantity"]}
    assert stock_of(product) == (500, 0)
    made = send(rows, correct_stock=True)
    assert (outcomes(made), stock_of(product)) == ((0, 1, 0, 0), (480, 0))
    movement = StockMovement.objects.latest("pk")
    assert (movement.kind, movement.on_hand_change) == ("correction", -20)
    assert Entry.objects.filter(verb="adjusted stock of", object_code=product.code).count() == 1


def test_stock_never_goes_below_what_orders_hold(
    make_product: MakeProduct, retailer: Any, send: Send
) -> None:
    product = make_product(sku="P-1", quantity=500)
    place_order(retailer, (product, 30))
    made = send([["sku", "quantity"], ["P-1", 10]], correct_stock=True)
    assert (errors(made), stock_of(product)) == ({2: ["quantity"]}, (500, 30))


def test_tiers_are_replaced_as_a_whole_and_judged_as_everywhere(
    make_product: MakeProduct, send: Send
) -> None:
    product = make_product(**FULL)
    heading = ["sku", "tier_1_min", "tier_1_price", "tier_2_min", "tier_2_price"]
    assert errors(send([heading, ["P-1", 10, 44, 20, 45]])) == {2: ["tier_2_price"]}
    assert errors(send([heading, ["P-1", 10, "", 20, 30]])) == {2: ["tier_1_price"]}
    assert outcomes(send([heading, ["P-1", 5, 44, "", ""]])) == (0, 1, 0, 0)
    assert list(product.price_tiers.values_list("min_quantity", "price")) == [(5, Decimal("44.00"))]


def test_what_an_admin_has_hidden_stays_hidden(make_product: MakeProduct, send: Send, admin: Any) -> None:
    product = make_product(sku="P-1")
    Product.objects.filter(pk=product.pk).update(status="hidden")
    made = send([["sku", "status"], ["P-1", "active"]])
    assert (made.status, Product.objects.get(pk=product.pk).status) == ("refused", "hidden")


def test_a_status_moves_with_its_line_in_the_log(make_product: MakeProduct, send: Send) -> None:
    product = make_product(sku="P-1")
    send([["sku", "status"], ["P-1", "مسودة"]])
    assert Product.objects.get(pk=product.pk).status == "draft"
    assert Entry.objects.get(verb="withdrew").object_code == product.code


def test_a_product_stands_in_a_sheet_once(make_product: MakeProduct, send: Send) -> None:
    product = make_product(sku="P-1")
    made = send([["id", "sku", "price"], ["", "P-1", 40], [product.code, "", 41], ["", "P-1", 42]])
    assert list(errors(made)) == [3, 4]


def test_an_archived_products_sku_is_free_and_a_rivals_product_is_not_there(
    make_product: MakeProduct, rival_vendor: Vendor, send: Send
) -> None:
    theirs = make_product(rival_vendor, sku="S1")
    assert errors(send([["id", "price"], [theirs.code, 1]])) == {2: ["id"]}
    assert outcomes(send(rows_of(1))) == (1, 0, 0, 0)
    assert Product.objects.get(pk=theirs.pk).price == Decimal("45.00")


def test_new_products_need_what_the_sheet_does_not_have(send: Send) -> None:
    made = send([["sku", "price"], ["NEW", 10]])
    assert (made.status, errors(made)) == ("refused", {2: ["name", "category", "brand"]})


def test_who_sent_it_is_told_and_the_log_knows_the_counts(send: Send, vendor: Vendor) -> None:
    made = send(rows_of(2))
    event = OutboxEvent.objects.get(kind="import_done")
    assert (event.recipients, event.about) == ([user_of(vendor.code).pk], made.code)
    entry = Entry.objects.get(verb="imported products")
    assert (entry.object_code, entry.data["new"], entry.data["sheet"]) == (vendor.code, 2, made.code)
    moves = Entry.objects.filter(object_code=made.code).exclude(to_status="")
    assert list(moves.values_list("to_status", flat=True).order_by("pk")) == ["checking", "applying", "done"]


def test_headings_may_be_in_either_language_in_any_order(send: Send) -> None:
    made = send([
        ["السعر", "الفئة", "رمز الصنف", "الاسم", "العلامة التجارية", "الكمية", "Notes of mine"],
        ["٤٥٫٥٠", "Beverages / Water", "S1", "Water", "بيبسي", "١٬٠٠٠", "x"],
    ])  # fmt: skip
    assert (made.status, made.unknown) == ("done", ["Notes of mine"])
    product = Product.objects.get()
    assert (product.price, product.category.slug, product.brand.slug) == (Decimal("45.50"), "water", "pepsi")
    assert stock_of(product) == (1000, 0)


@pytest.mark.parametrize(
    ("heading", "word"),
    [
        (["name", "price"], "SKU"),
        (["sku", "SKU", "price"], "Two columns"),
        (["sku"], "nothing to take over"),
    ],
)
def test_a_heading_that_cannot_be_an_import_is_told(send: Send, heading: list[str], word: str) -> None:
    made = send([heading, ["1", "2", "3"][: len(heading)]])
    assert made.status == "refused"
    assert word in made.problem
    assert HEADING
    assert ProductImport.objects.get().checked == 0
